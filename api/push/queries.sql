-- Browsers that are nudged. Each belongs to the member of staff who signed in there last.

-- name: key
select sealed from push_key

-- name: add_key
insert into push_key (sealed) values ($1) on conflict do nothing

-- name: count
select count(*) from push_subscription where staff = $1 and endpoint <> $2

-- name: subscribe
insert into push_subscription (staff, endpoint, name, service, sealed, added_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (endpoint) do update
    set staff = excluded.staff, name = excluded.name, sealed = excluded.sealed,
        added_at = excluded.added_at, expires_at = excluded.expires_at,
        failing_since = null, failing_why = null
returning subscription

-- name: subscriptions
select subscription as id, encode(endpoint, 'hex') as address, name, service, added_at, expires_at,
    heard_at, failing_since, coalesce(failing_why, '') as failing_why
from push_subscription where staff = $1 order by subscription desc

-- name: unsubscribe
delete from push_subscription where subscription = $1 and staff = $2 returning subscription

-- name: forget
delete from push_subscription where expires_at <= $1

-- name: outlet
-- By which of the destinations of these organisations a browser of their staff is nudged.
select destination from destination
where channel = 'webpush' and enabled and organisation = any ($1::bigint[])
order by destination limit 1

-- name: try_out
-- As any nudge: by the same outbox, worker and settings. One of a browser at a time.
insert into outbox (organisation, destination, subject, action, version, body, subscription, until)
select d.organisation, d.destination, 'push/' || $1::bigint, $3, (extract(epoch from $4::timestamptz) * 1000)::bigint,
    json_build_object('v', 1, 'action', $3::text, 'at', $4::timestamptz), $1, $4::timestamptz + interval '5 minutes'
from destination d
where d.destination = $2
    and not exists (select from outbox w where w.subscription = $1 and w.action = $3 and w.state = 'waiting')
on conflict do nothing

-- name: owned
select subscription from push_subscription where subscription = $1 and staff = $2
