-- Alerts: what is shown, and the steps of their life. Every step is made on a locked row.

-- name: queue
select shown.*
from (values (1), (2), (3)) as lanes (lane)
cross join lateral (
    select * from alert_shown v
    where v.lane = lanes.lane and v.state <> 'resolved' and v.state <> 'withdrawn'
        and v.state <> 'shelved'
    order by least(v.raised_at, v.received_at), v.raised_at, v.id
    limit $1
) as shown
order by shown.lane, least(shown.raised_at, shown.received_at), shown.raised_at, shown.id

-- name: shelf
select * from alert_shown v
where v.returns_at is not null and v.state = 'shelved'
order by v.returns_at, v.id
limit $1

-- name: totals
select lane, count(*) as n
from alert
where state <> 'resolved' and state <> 'withdrawn' and state <> 'shelved'
group by lane

-- name: one
select * from alert_shown where id = $1

-- name: body
select body from alert where id = $1

-- name: of_home
-- Also those about many homes of which this is one.
select * from alert_shown
where id in (
    select id from alert where home = $1
    union all
    select s.outage from silence s join hub b on b.hub = s.hub where b.home = $1
) and id <> $2
order by raised_at desc, id desc limit $3

-- name: silent
select s.hub, h.home, h.label, h.time_zone, s.heard_at, s.over_at as back_at
from silence s
join hub b on b.hub = s.hub
join home h on h.home = b.home
where s.outage = $1
order by s.over_at is not null, h.label, h.home, s.hub limit $2

-- name: history
select
    e.alert, e.version, e.at, e.action, e.before, e.after, e.outcome, e.note, e.words,
    s.id as staff, s.username, s.display_name, s.role
from alert_history e
left join staff s on s.id = e.staff
where e.alert = $1
order by e.id

-- name: deeds
select distinct action from alert_history where staff = $1

-- name: since
-- What others did to an alert after a version of it.
select
    e.alert, e.version, e.at, e.action, e.before, e.after, e.outcome, e.note, e.words,
    s.id as staff, s.username, s.display_name, s.role
from alert_history e
left join staff s on s.id = e.staff
where e.alert = $1 and e.version > $2 and e.staff is distinct from $3
order by e.id desc
limit 1

-- name: lock
-- An alert and what else is open in its home, always in the order in which ingest takes them.
select * from alert
where id = $1 or (
    home = (select home from alert where id = $1) and state <> 'resolved' and state <> 'withdrawn'
)
order by raised_at, ref
for update

-- name: colleague
select id from member
where username = $1 and disabled_at is null and $2 = any (organisations) and role = any ($3::text[])

-- name: colleagues
select id, username, name, role from member
where disabled_at is null and $1 = any (organisations) and id <> $2 and role = any ($3::text[])
order by name, username limit 500

-- name: organisation
select organisation from alert where id = $1

-- name: whole
-- Whether no replica runs any more that would not know the newer states.
select exists (select from migration where name = '0101_alert_states.post.sql')

-- name: put
update alert
set state = $2, holder = $3, claimed_at = $4, lease_until = $5, lapsed_holder = $6,
    lapsed_at = $7, offered_to = $8, unseen_since = $9, waiting_since = $10, returns_at = $11,
    reason = '', words = $12, shelved_by = $13, seen_version = $14, level = $15, escalated_at = $16,
    resolved_by = $17, resolved_at = $18, outcome = $19, version = version + 1
where id = $1 returning version

-- name: keep
-- Who works on one alert of a home keeps the others as long; that alone is no news of them.
update alert set lease_until = $4
where home = $1 and holder = $2 and id <> $3 and state = 'claimed' and lease_until < $4

-- name: remember
insert into alert_history (alert, version, at, staff, action, before, after, outcome, words)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: lapsed
select * from alert
where state = 'claimed' and lease_until <= $1
order by id limit 500
for update skip locked

-- name: returning
select * from alert
where returns_at is not null and (
    returns_at <= $1
    or (state = 'suspended' and report_version > seen_version)
    or (state = 'shelved' and lane = 1)
)
order by returns_at, id limit 500
for update skip locked

-- name: said_more
-- What is resolved and urgent, of which its hub has said more since: what was known, and what came.
select a.*, r.body as known, array(
    select s.body::text from alert_report s where s.alert = a.id and s.version > a.seen_version
    order by s.version
) as said
from alert a
left join lateral (
    select s.body from alert_report s where s.alert = a.id and s.version <= a.seen_version
    order by s.version desc limit 1
) r on true
where a.home = $1 and a.state = 'resolved' and a.lane = 1 and a.report_version > a.seen_version
order by a.raised_at, a.ref
for update of a

-- name: nothing_new
-- It is over, as staff had said: no word of it is looked at twice.
update alert set seen_version = report_version where id = $1 and cleared_at is not null

-- name: again
update alert set again_at = reported_at where id = $1

-- name: unanswered
-- What nobody looked at within its duty, with the next level that is called: by the organisation's own
-- duties, or everybody's where none of its own escalates what has this priority.
select a.*, d.within_s, d.level as to_level
from alert a
cross join lateral (
    select case a.lane when 2 then 'advisory' when 3 then 'technical' else 'urgent' end as priority
) p
cross join lateral (
    select e.level, e.within_s from duty e
    where e.escalates and e.priority = p.priority and e.level > a.level
        and coalesce(e.organisation, 0) = coalesce((
            select o.organisation from duty o
            where o.organisation = a.organisation and o.priority = p.priority and o.escalates limit 1
        ), 0)
    order by e.level limit 1
) d
where a.state <> 'resolved' and (
    (
        a.state in ('raised', 'escalated')
        and coalesce(a.waiting_since, a.received_at) <= $1::timestamptz - make_interval(secs => d.within_s)
    ) or (
        a.state = 'claimed' and a.unseen_since <= $1::timestamptz - make_interval(secs => d.within_s)
    )
)
order by a.id limit 500
for update of a skip locked

-- name: joining
-- What was raised in a home whose alerts somebody has.
select a.*, h.holder as to_holder, h.lease_until as to_until
from alert a
cross join lateral (
    select o.holder, o.lease_until from alert o
    where o.home = a.home and o.id <> a.id and o.state = 'claimed' and o.lease_until > $1
    order by o.lease_until desc limit 1
) h
where a.state = 'raised' and a.state <> 'resolved' and ($2::text is null or a.home = $2)
order by a.raised_at, a.ref limit 500
for update of a skip locked

-- name: nuisances
-- What was raised in a home where its like is shelved.
select a.*, s.id as to_like, s.returns_at as to_until, s.shelved_by as to_by, s.reason as to_reason,
    s.words as to_words
from alert a
cross join lateral (
    select o.id, o.returns_at, o.shelved_by, o.reason, o.words from alert o
    where o.home = a.home and o.condition = a.condition and o.id <> a.id
        and o.state = 'shelved' and o.state <> 'resolved' and o.returns_at > $1
    order by o.returns_at desc limit 1
) s
where a.state = 'raised' and a.state <> 'resolved' and a.lane <> 1
    and ($2::text is null or a.home = $2)
order by a.raised_at, a.ref limit 500
for update of a skip locked

-- name: left_behind
-- What is open of a home in which no hub is at work any more, but for what somebody has to look at.
select * from alert a
where a.home = $1 and a.state <> 'resolved' and a.state <> 'withdrawn' and a.lane <> 1
    and not exists (
        select from hub b where b.home = a.home and b.public_key is not null and b.revoked_at is null
    )
order by a.raised_at, a.ref
for update of a

-- name: orphaned
-- What is not over of what hubs that were let go told of equipment, and the centre of these hubs.
select a.id, a.body, h.time_zone, b.revoked_at, b.revoked_why
from hub b
join home h on h.home = b.home
cross join lateral (
    select o.id from journal j join alert o on o.report_journal = j.journal
    where j.hub = b.hub and o.cleared_at is null and o.lane = 3
    union
    select s.alert from silence s where s.hub = b.hub and s.alert is not null
) told
join alert a on a.id = told.id and a.cleared_at is null
where b.revoked_at is not null
order by a.raised_at, a.ref limit 500
for update of a skip locked

-- name: duties
select organisation, priority, level, kind, within_s, share, escalates
from duty
where coalesce(organisation, 0) = coalesce(
    (select o.organisation from duty o where o.organisation = $1 limit 1), 0
)
order by array_position(array['urgent', 'advisory', 'technical'], priority), level

-- name: within_reach
select exists (select from organisation where organisation = $1)

-- name: lock_organisation
-- Whoever sets something of an organisation as a whole comes after who is at it.
select pg_advisory_xact_lock(hashtextextended('duties', $1))

-- name: drop_duties
delete from duty where organisation = $1

-- name: keep_past
insert into duty_past (organisation, until, duties) values ($1, $2, $3::text::json)
on conflict do nothing

-- name: past_duties
select until, duties from duty_past where organisation = $1 and until > $2 order by until

-- name: add_duty
insert into duty (organisation, priority, level, kind, within_s, share, escalates)
values ($1, $2, $3, $4, $5, $6, $7)

-- name: raise_own
-- What the centre raises itself, about a home or, without one, an organisation.
insert into alert as a (
    home, received_at, ref, condition, subject, severity, score, text, prompt,
    raised_at, reported_at, report_version, body, organisation
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $2, $2, 1, $10::text::json, $11)
on conflict (home, ref) do update
    set text = excluded.text, prompt = excluded.prompt, body = excluded.body
returning id

-- name: told_own
select ref, raised_at, report_version from alert where id = $1 for update

-- name: report_own
update alert
set text = $2, prompt = $3, body = $4::text::json, reported_at = $5, cleared_at = $6,
    report_version = report_version + 1, version = version + 1
where id = $1

-- name: held_beyond
-- What somebody holds or was offered outside of these organisations, in the order in which ingest locks.
select * from alert
where (holder = $1 or offered_to = $1) and state <> 'resolved' and state <> 'withdrawn'
    and organisation <> all ($2::bigint[])
order by raised_at, ref
for update

-- name: tasks_held
select from follow_up where assignee = $1 and ended_at is null order by follow_up for update

-- name: tasks_beyond
update follow_up f set assignee = null, version = f.version + 1
from home h
where f.assignee = $1 and f.ended_at is null and h.home = f.home and h.organisation <> all ($2::bigint[])
