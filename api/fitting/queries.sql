-- How far the fitting of a home has come. What other rooms know is asked of their tables, not kept twice.

-- name: home
select label, time_zone from home where home = $1

-- name: hubs
select hub, claimed_at, claim_expires_at as code_expires_at, last_seen_at, health::text as health
from hub where home = $1 and revoked_at is null
order by hub

-- name: heard
select sensor, array_agg(kind) as kinds, max(last_at) as last_at,
    (array_agg(battery order by last_at desc) filter (where battery is not null))[1] as battery
from sensor where home = $1
group by sensor

-- name: signed
select f.fitting, f.signed_at, coalesce(s.display_name, '') as by,
    coalesce(json_array_length(f.found -> 'open'), 0) as open
from fitting f left join staff s on s.id = f.signed_by
where f.hub = $1
order by f.fitting desc limit $2

-- name: certificate
-- By its number, or the newest of the home.
select f.fitting, f.home, h.time_zone, f.hub, f.signed_at, coalesce(s.display_name, '') as by, f.why,
    f.found::text as found
from fitting f join home h on h.home = f.home left join staff s on s.id = f.signed_by
where f.home = $1 and ($2::bigint is null or f.fitting = $2)
order by f.fitting desc limit 1

-- name: known
select fitting from fitting where home = $1 and key = $2

-- name: sign
insert into fitting (home, hub, key, signed_at, signed_by, why, found)
values ($1, $2, $3, $4, $5, $6, $7::text::json)
on conflict (home, key) do nothing
returning fitting

-- name: asked
select id, hub, number, kind, body::text as body, issued_at, expires_at, sent_at, told_at, state,
    said, alert, answered_at
from command
where hub = $1 and kind = $2 and issued_at >= $3
order by number desc limit $4

-- name: steps
select sensor, kind, count(*) as times, max(at) as last_at
from walk_step where hub = $1 and command = any($2::text[])
group by sensor, kind

-- name: arrived
-- Test alerts alone: who fits hubs learns of no other.
select ref, received_at from alert
where home = $1 and ref = any($2::text[]) and condition = 'test_alert'

-- name: calls
select c.called_at, coalesce(s.display_name, '') as by, c.answered
from fitting_call c left join staff s on s.id = c.called_by
where c.home = $1 and c.called_at >= $2
order by c.call desc limit 1

-- name: add_call
insert into fitting_call (home, key, called_at, called_by, answered) values ($1, $2, $3, $4, $5)
on conflict (home, key) do nothing
returning call
