-- Silent hubs. Everything here is done by whoever holds the lock on `watch`.

-- name: turn
select since, beat_at from watch for update skip locked

-- name: beat
update watch set since = $1, beat_at = $2

-- name: heard_by_now
update hub set last_seen_at = $1 where last_seen_at > $1

-- name: silent_by_now
update silence set heard_at = $1 where over_at is null and heard_at > $1

-- name: end
update silence s
set over_at = b.last_seen_at
from hub b
where b.hub = s.hub and s.over_at is null and b.last_seen_at > s.heard_at
returning s.hub, s.heard_at, s.over_at, s.alert, s.outage

-- name: quiet
select b.hub, h.organisation, coalesce(b.last_seen_at, b.claimed_at) as at,
    (b.health->>'every_s')::float8 as every_s
from hub b
join home h on h.home = b.home
where b.public_key is not null and b.revoked_at is null and coalesce(b.last_seen_at, b.claimed_at) <= $1
    -- `not in` is hashed whatever the statistics say: they are old when an outage begins.
    and b.hub not in (select hub from silence where over_at is null)
order by h.organisation

-- name: hubs
select count(*) from hub b join home h on h.home = b.home
where b.public_key is not null and b.revoked_at is null and h.organisation = $1

-- name: estate
-- Hubs that were heard until just now: those that have long been silent say nothing of an outage.
select count(*) from hub b join home h on h.home = b.home
where b.public_key is not null and b.revoked_at is null and h.organisation = $2
    and b.hub not in (select hub from silence where over_at is null and found_at < $1)

-- name: found_lately
select s.heard_at
from silence s
join hub b on b.hub = s.hub
join home h on h.home = b.home
where s.over_at is null and s.outage is null and s.found_at >= $1 and h.organisation = $2

-- name: add
insert into silence (hub, heard_at, found_at, outage)
select hub, heard_at, $1, $2 from unnest($3::text[], $4::timestamptz[]) as q (hub, heard_at)
on conflict do nothing

-- name: trace
select b.home, h.time_zone as zone, b.claimed_at <> $2 as ever,
    coalesce((b.health->'machine'->>'under_voltage')::boolean, false) as weak,
    l.place, l.kind, l.last_at as seen_at
from hub b
join home h on h.home = b.home
left join lateral (
    select place, kind, last_at from sensor s
    where s.home = b.home and s.kind in ('motion', 'opening', 'appliance', 'flush', 'presence', 'button')
    order by last_at desc limit 1
) l on true
where b.hub = $1

-- name: waiting_alert
-- The hub's earlier alert, while nobody has said what it was: a bad line is one matter.
select a.id from silence s join alert a on a.id = s.alert
where s.hub = $1 and a.state <> 'resolved' and a.state <> 'withdrawn'
order by a.id desc limit 1

-- name: own
update silence set alert = $3 where hub = $1 and heard_at = $2

-- name: outages
-- Those that go on, with how far they have come.
select a.id, a.organisation, a.state, a.text, min(s.heard_at) as first, max(s.heard_at) as last,
    count(*) as total, count(s.over_at) as back
from alert a join silence s on s.outage = a.id
where a.home is null and a.cleared_at is null
group by a.id
order by a.id

-- name: left_over
-- Hubs that an outage left behind.
select s.hub, s.heard_at
from silence s join alert a on a.id = s.outage
where a.cleared_at is not null and s.over_at is null and s.alert is null
order by s.hub limit $1

-- name: restarting
-- Hubs that start over and over, and of which that is not told, or no longer.
select b.hub, b.home, h.time_zone as zone, b.start_heard_at as last, (
    select max(a.id) from alert a
    where a.home = b.home and a.condition = 'hub_restarts' and a.subject = b.hub
        and a.state <> 'resolved' and a.state <> 'withdrawn'
) as alert
from hub b
join home h on h.home = b.home
where b.public_key is not null and b.revoked_at is null and b.start_heard_at > $1
    and cardinality(b.starts) >= $2
    and (select max(at) - min(at) <= $3 from unnest(b.starts) as s (at))
    and not exists (
        select from alert a
        where a.condition = 'hub_restarts' and a.subject = b.hub and a.cleared_at is null
    )
order by b.start_heard_at, b.hub limit $4

-- name: settled
select a.id as alert, b.hub, b.home, h.time_zone as zone, b.start_heard_at as last
from alert a
join hub b on b.hub = a.subject
join home h on h.home = b.home
where a.condition = 'hub_restarts' and a.cleared_at is null
    and (b.start_heard_at <= $1 or b.revoked_at is not null)
order by a.id

-- name: forgotten
select b.hub, b.home, h.time_zone as zone, b.forgot_since as since
from hub b
join home h on h.home = b.home
where b.forgot_at is not null and b.revoked_at is null
order by b.forgot_at, b.hub limit $1

-- name: told_forgotten
update hub set forgot_at = null where hub = $1
