-- Alerts: what is shown, and the steps of their life. Every step is made on a locked row.

-- name: queue
select shown.*
from (values (1), (2), (3)) as lanes (lane)
cross join lateral (
    select * from alert_shown v
    where v.lane = lanes.lane and v.state <> 'resolved'
    order by v.raised_at, v.id
    limit $1
) as shown
order by shown.lane, shown.raised_at, shown.id

-- name: totals
select lane, count(*) as n from alert where state <> 'resolved' group by lane

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
    e.at, e.action, e.before, e.after, e.outcome, e.note,
    s.id as staff, s.username, s.display_name, s.role
from alert_history e
left join staff s on s.id = e.staff
where e.alert = $1
order by e.id

-- name: lock
select id, report_version, state, holder, lease_until
from alert where id = $1 for update

-- Organisation by organisation, for that is how the audit log is locked.
-- name: lapsed
select id, report_version, state, holder, lease_until
from alert where state = 'claimed' and lease_until <= $1
order by organisation, id for update skip locked limit 500

-- name: claim
update alert
set state = 'claimed', holder = $2, claimed_at = $3, lease_until = $4,
    lapsed_holder = null, lapsed_at = null, version = version + 1
where id = $1 returning version

-- name: renew
update alert set lease_until = $2, version = version + 1 where id = $1 returning version

-- name: release
update alert
set state = 'raised', holder = null, claimed_at = null, lease_until = null, version = version + 1
where id = $1 returning version

-- name: lapse
update alert
set state = 'raised', lapsed_holder = holder, lapsed_at = lease_until,
    holder = null, lease_until = null, version = version + 1
where id = $1 returning version

-- name: touch
update alert set version = version + 1 where id = $1 returning version

-- name: resolve
update alert
set state = 'resolved', resolved_by = $2, resolved_at = $3, outcome = $4,
    holder = null, lease_until = null, version = version + 1
where id = $1 returning version

-- name: remember
insert into alert_history (alert, version, at, staff, action, before, after, outcome, note)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
