-- The floor as it is now. Whose rows these are, the reach of the transaction says.

-- name: organisations
select organisation from organisation order by organisation

-- name: duties
select organisation, priority, level, kind, within_s, share, escalates from duty order by id

-- name: open
-- What is not at its end, with since when it waits where nobody has it.
select a.organisation, a.lane, a.state, coalesce(h.time_zone, 'UTC') as time_zone,
    coalesce(a.waiting_since, a.received_at) as since
from alert a
left join home h on h.home = a.home
where a.state not in ('resolved', 'withdrawn')

-- name: hubs
-- Those that homes have now. Silent is whom the watch found so.
select
    count(*) filter (where s.hub is null and b.last_seen_at is not null) as heard,
    count(*) filter (where s.hub is not null) as silent,
    count(*) filter (where s.hub is null and b.last_seen_at is null) as unheard
from hub b
left join silence s on s.hub = b.hub and s.over_at is null
where b.public_key is not null and b.revoked_at is null

-- name: unwatched
-- Homes with a pause or an absence that has begun and is not known to be over.
select count(distinct home) from spell where begun_at is not null and ended_at is null

-- name: tasks
-- By the local day of each home.
select
    count(*) filter (where f.due_on < ($1::timestamptz at time zone h.time_zone)::date) as overdue,
    count(*) filter (where f.due_on = ($1::timestamptz at time zone h.time_zone)::date) as due
from follow_up f
join home h on h.home = f.home
where f.ended_at is null

-- name: hands
-- Who did something since $1, or has something now.
with did as (
    select e.staff, count(*) as steps,
        count(*) filter (where e.action in ('claim', 'accept', 'takeover') and e.before <> e.after) as taken,
        count(*) filter (where e.action = 'resolve') as resolved, max(e.at) as last_at
    from alert_history e
    join alert a on a.id = e.alert
    where e.staff is not null and e.at >= $1
    group by e.staff
),
has as (
    select a.holder as staff, count(*) filter (where a.state = 'claimed') as holding,
        count(*) filter (where a.state = 'suspended') as waiting
    from alert a
    where a.holder is not null and a.state in ('claimed', 'suspended')
    group by a.holder
)
select s.id as staff, s.display_name as name, s.role,
    coalesce(has.holding, 0) as holding, coalesce(has.waiting, 0) as waiting,
    coalesce(did.taken, 0) as taken, coalesce(did.resolved, 0) as resolved,
    coalesce(did.steps, 0) as steps, did.last_at
from did full join has using (staff)
join staff s on s.id = staff
order by s.display_name, s.id

-- name: ended
-- What staff ended since $1, the newest first.
select a.id, coalesce(a.home, '') as home, coalesce(a.label, '') as label,
    coalesce(a.time_zone, 'UTC') as time_zone, a.condition, a.outcome,
    a.resolved_at as at, a.display_name as name
from alert_shown a
where a.state = 'resolved' and a.resolved_at >= $1 and a.condition <> 'test_alert'
order by a.resolved_at desc, a.id desc limit 500

-- name: absent
-- Homes that their hubs were told not to watch, those that come back first on top.
select s.home, h.label, h.time_zone, s.kind, s.until
from spell s join home h on h.home = s.home
where s.begun_at is not null and s.ended_at is null
order by s.until, s.spell limit 500
