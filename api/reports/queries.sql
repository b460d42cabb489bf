-- Reports. $1 is the organisation; $2 and $3 the instants that a period begins and ends with.

-- name: name
select name from organisation where organisation = $1

-- name: alerts
-- Who looks claims it; what came with another alert of the home is looked at when its holder does. An
-- alert that was raised anew after it was resolved counts each time, with what each time came of it.
-- Further is what its hub said of it again while it was open, but for that it is over.
with times as (
    select a.id, a.received_at as since from alert a
    where a.organisation = $1 and a.received_at >= $2 and a.received_at < $3
    union all
    select e.alert, e.at from alert_history e join alert a on a.id = e.alert
    where a.organisation = $1 and e.at >= $2 and e.at < $3 and e.before = 'resolved' and e.after = 'raised'
),
raised as (
    select t.id, t.since, coalesce((
        select min(e.at) from alert_history e
        where e.alert = t.id and e.before = 'resolved' and e.after = 'raised' and e.at > t.since
    ), 'infinity') as until
    from times t
)
select a.home, coalesce(h.time_zone, 'UTC') as time_zone, a.lane, a.condition, c.state, c.outcome,
    r.since as received_at,
    (
        select min(e.at) from alert_history e
        where e.alert = a.id and e.staff is not null and e.action in ('claim', 'accept', 'takeover')
            and e.at >= r.since and e.at < r.until
    ) as looked_at,
    (
        select min(e.at) from alert_history e
        where e.alert = a.id and e.staff is null and e.action in ('withdraw', 'shelve')
            and e.at >= r.since and e.at < r.until
    ) as aside_at,
    (
        select count(*) from alert_report s
        where s.alert = a.id and s.version > (select min(f.version) from alert_report f where f.alert = a.id)
            and s.body ->> 'phase' is distinct from 'cleared'
            and (s.reported_at > r.since or r.since = a.received_at)
            and s.reported_at < coalesce((
                select max(e.at) from alert_history e
                where e.alert = a.id and e.action = 'resolve' and e.at >= r.since and e.at < r.until
            ), r.until)
    ) as further
from raised r
join alert a on a.id = r.id
left join home h on h.home = a.home
cross join lateral (
    select 'resolved' as state, (
        select e.outcome from alert_history e
        where e.alert = a.id and e.action = 'resolve' and e.at >= r.since and e.at < r.until
        order by e.id desc limit 1
    ) as outcome
    where r.until < 'infinity'
    union all
    select a.state, a.outcome where r.until = 'infinity'
) c
where a.condition <> 'test_alert' and c.outcome is distinct from 'test'

-- name: steps
-- $4 is the time zone by whose clock hours are told.
select extract(hour from e.at at time zone $4)::integer as hour, s.role, e.staff,
    count(*) as steps, count(*) filter (where e.action = 'resolve') as resolved
from alert_history e
join alert a on a.id = e.alert
join staff s on s.id = e.staff
where a.organisation = $1 and e.at >= $2 and e.at < $3
group by 1, 2, 3

-- name: calls
select c.outcome, count(*) as calls, count(distinct c.home) as homes
from cohort_contact c join home h on h.home = c.home
where h.organisation = $1 and c.at >= $2 and c.at < $3
group by c.outcome
order by c.outcome

-- name: homes
select home from home where organisation = $1

-- name: watched
-- Of each home: seconds since its first hub was claimed and until its last one was let go, those of them in which one was not known to
-- be silent, and for the figures of hubs the same summed over its hubs. Of a person those in which they were not on record as away or
-- paused either: of homes $4, from $5 to $6 each.
with away as (
    select g.home, range_agg(tstzrange(g.begins, g.ends)) as spans
    from unnest($4::text[], $5::timestamptz[], $6::timestamptz[]) g (home, begins, ends)
    group by g.home
),
placed as (
    select b.hub, b.home, tstzrange(greatest(b.claimed_at, $2), least($3, b.revoked_at)) as during
    from hub b join home h on h.home = b.home
    where h.organisation = $1 and b.claimed_at < $3 and coalesce(b.revoked_at, 'infinity') > $2
        and b.claimed_at < coalesce(b.revoked_at, 'infinity')
),
heard as (
    select p.hub, p.home, p.during, tstzmultirange(p.during) - coalesce((
        select range_agg(tstzrange(s.heard_at, s.over_at)) from silence s
        where s.hub = p.hub and s.heard_at < coalesce(s.over_at, 'infinity')
    ), '{}') as spans,
    (select count(*) from silence s where s.hub = p.hub and s.heard_at >= $2 and s.heard_at < $3) as silences
    from placed p
)
select h.home, count(*) as hubs, sum(silences)::bigint as silences,
    sum(extract(epoch from upper(during) - lower(during)))::float8 as hub_s,
    sum((select coalesce(sum(extract(epoch from upper(r) - lower(r))), 0) from unnest(spans) r))::float8 as hub_heard_s,
    extract(epoch from upper(range_merge(range_agg(during))) - lower(range_merge(range_agg(during))))::float8
        as placed_s,
    (select coalesce(sum(extract(epoch from upper(r) - lower(r))), 0) from unnest(range_agg(h.spans)) r)::float8
        as watched_s,
    (
        select coalesce(sum(extract(epoch from upper(r) - lower(r))), 0)
        from unnest(range_agg(h.spans) - coalesce((select a.spans from away a where a.home = h.home), '{}')) r
    )::float8 as person_s
from heard h
group by h.home
order by h.home

-- name: sensors
-- Of each home: its sensors, and seconds within the home's time in which one was told to be silent.
with placed as (
    select b.home, tstzrange(
        greatest(min(b.claimed_at), $2), least($3, max(coalesce(b.revoked_at, 'infinity')))
    ) as during
    from hub b join home h on h.home = b.home
    where h.organisation = $1 and b.claimed_at < $3 and coalesce(b.revoked_at, 'infinity') > $2
        and b.claimed_at < coalesce(b.revoked_at, 'infinity')
    group by b.home
)
select p.home, (select count(distinct s.sensor) from sensor s where s.home = p.home) as sensors,
    coalesce((
        select sum(extract(epoch from upper(r) - lower(r)))
        from (
            select range_agg(tstzrange(a.raised_at, a.cleared_at)) * tstzmultirange(p.during) as spans
            from alert a
            where a.home = p.home and a.condition = 'sensor_silent' and a.raised_at < $3
                and a.raised_at < coalesce(a.cleared_at, 'infinity')
                and a.subject in (select s.sensor from sensor s where s.home = p.home)
            group by a.subject
        ) one, unnest(one.spans) r
    ), 0)::float8 as silent_s
from placed p
order by p.home
