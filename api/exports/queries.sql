-- Rows for others, in the order of a key from which the next page goes on. What is within reach, the
-- transaction says. $1 is a home or null; $2 and $3 the time that is asked for, $4 and $5 the time of
-- the last change, each from, inclusive, and until, exclusive, or null; $6 the homes that may be shared, or
-- null; $7 how many at most.

-- name: homes
select h.home, h.pseudonym::text as pseudonym, h.label, h.time_zone, h.organisation, h.added_at as updated_at
from home h
where ($1::text is null or h.home = $1) and ($6::text[] is null or h.home = any ($6))
    and ($2::timestamptz is null or h.added_at >= $2) and ($3::timestamptz is null or h.added_at < $3)
    and ($4::timestamptz is null or h.added_at >= $4) and ($5::timestamptz is null or h.added_at < $5)
    and h.home > $8
order by h.home
limit $7

-- name: devices
select d.*, h.pseudonym::text as pseudonym
from (
    select b.home, 'hub' as what, b.hub as name, '' as kind, '' as place, null::float8 as battery,
        coalesce(b.last_seen_at, b.claimed_at) as updated_at
    from hub b where b.claimed_at is not null
    union all
    select s.home, 'sensor', s.sensor, string_agg(s.kind, ' ' order by s.kind), min(s.place), min(s.battery),
        max(s.last_at)
    from sensor s group by s.home, s.sensor
) d
join home h on h.home = d.home
where ($1::text is null or d.home = $1) and ($6::text[] is null or d.home = any ($6))
    and ($2::timestamptz is null or d.updated_at >= $2) and ($3::timestamptz is null or d.updated_at < $3)
    and ($4::timestamptz is null or d.updated_at >= $4) and ($5::timestamptz is null or d.updated_at < $5)
    and (d.home, d.what, d.name) > ($8, $9, $10)
order by d.home, d.what, d.name
limit $7

-- name: counts
-- Whole days of London, each changed last when it was over. Home by home, for the planner may not look
-- into what row-level security hides: joined otherwise, it reads all counts of all homes for each page.
select h.home, h.pseudonym::text as pseudonym, c.day, c.place, c.kind,
    (case when c.kind in ('opening', 'presence', 'button', 'link') then c.total else c.n end)::bigint as count,
    c.n, c.total, c.updated_at
from home h
cross join lateral (
    select d.day, d.place, d.kind, d.n, d.total, o.updated_at
    from daily_counts d
    cross join lateral (
        select (d.day at time zone 'Europe/London' + interval '1 day') at time zone 'Europe/London' as updated_at
    ) o
    where d.home = h.home
        and ($2::timestamptz is null or d.day >= $2) and ($3::timestamptz is null or d.day < $3)
        and ($4::timestamptz is null or o.updated_at >= $4) and ($5::timestamptz is null or o.updated_at < $5)
        and d.kind <> 'link'
        and (h.home > $8 or (d.day, d.place, d.kind) > ($9::timestamptz, $10, $11))
    order by d.day, d.place, d.kind
    limit $7
) c
where h.home >= $8 and ($1::text is null or h.home = $1) and ($6::text[] is null or h.home = any ($6))
order by h.home, c.day, c.place, c.kind
limit $7

-- name: alerts
select * from (
    select a.id, a.home, h.pseudonym::text as pseudonym, a.organisation, a.condition, a.subject, a.severity, a.lane,
        a.score, a.text, a.prompt, a.raised_at, a.received_at, a.cleared_at, a.state, a.holder, a.resolved_at,
        a.outcome, a.body,
        greatest(a.received_at, a.reported_at, a.cleared_at, (
            select max(e.at) from alert_history e where e.alert = a.id
        )) as updated_at,
        (
            select min(e.at) from alert_history e
            where e.alert = a.id and e.staff is not null and e.action in ('claim', 'accept', 'takeover')
        ) as looked_at
    from alert a
    left join home h on h.home = a.home
    where ($1::text is null or a.home = $1)
        and ($6::text[] is null or a.home is null or a.home = any ($6))
        and ($2::timestamptz is null or a.raised_at >= $2) and ($3::timestamptz is null or a.raised_at < $3)
        and a.id > $8
) a
where ($4::timestamptz is null or a.updated_at >= $4) and ($5::timestamptz is null or a.updated_at < $5)
order by a.id
limit $7

-- name: events
-- Of one home; an event has no other time of change than its own.
select e.home, h.pseudonym::text as pseudonym, e.at, e.sensor, e.kind, e.place, e.value, e.quality,
    e.journal, e.seq, e.at as updated_at
from event e
join home h on h.home = e.home
where e.home = $1 and ($6::text[] is null or e.home = any ($6))
    and e.at >= greatest($2::timestamptz, $4::timestamptz, $8::timestamptz)
    and e.at < least($3::timestamptz, $5::timestamptz, 'infinity')
    and (e.at, e.journal, e.seq) > ($8::timestamptz, $9::bigint, $10::bigint)
order by e.at, e.journal, e.seq
limit $7

-- name: audit
-- What is about no home, or about one that was erased, is of no patient.
select a.chain, a.number, a.at, a.at as updated_at, a.actor, a.action, h.home, h.pseudonym::text as pseudonym
from audit a
left join hub b on a.kind = 'hub' and b.hub = a.subject
left join alert t on t.id = case when a.kind = 'alert' then a.subject::bigint end
left join home h on h.home = case a.kind when 'home' then a.subject when 'hub' then b.home when 'alert' then t.home end
where ($1::text is null or h.home = $1)
    and ($6::text[] is null or h.home is null or h.home = any ($6))
    and ($2::timestamptz is null or a.at >= $2) and ($3::timestamptz is null or a.at < $3)
    and ($4::timestamptz is null or a.at >= $4) and ($5::timestamptz is null or a.at < $5)
    and (a.chain, a.number) > ($8::bigint, $9::bigint)
order by a.chain, a.number
limit $7

-- name: home_of
select home from home where pseudonym = $1::uuid

-- name: name
select name from organisation where organisation = $1
