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
        added_at = excluded.added_at, expires_at = excluded.expires_at
returning subscription

-- name: subscriptions
select subscription as id, name, service, added_at, expires_at
from push_subscription where staff = $1 order by subscription desc

-- name: unsubscribe
delete from push_subscription where subscription = $1 and staff = $2 returning subscription

-- name: forget
delete from push_subscription where expires_at <= $1
