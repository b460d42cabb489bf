-- Bulk exports: who asked, what was made, until when.

-- name: ask
insert into export_job (organisations, staff, types, since, identified, request, asked_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
returning job

-- name: running
select count(*) from export_job where staff = $1 and expires_at > $2

-- name: mine
select state, types, identified, request, asked_at
from export_job where job = $1::text::uuid and staff = $2 and expires_at > $3

-- name: cancel
delete from export_job where job = $1::text::uuid and staff = $2 returning job

-- name: parts
select type, sum(resources)::integer as resources from export_part
where job = $1::text::uuid group by type order by type

-- name: part
select body from export_part where job = $1::text::uuid and type = $2 and number = $3

-- name: take
update export_job set lease_until = $2
where job = (
    select job from export_job
    where state = 'waiting' and (lease_until is null or lease_until <= $1) and expires_at > $1
    order by asked_at limit 1
    for update skip locked
)
returning job, organisations, types, since, identified, asked_at

-- name: clear
delete from export_part where job = $1

-- name: add
insert into export_part (job, type, number, resources, body) values ($1, $2, $3, $4, $5)

-- name: renew
update export_job set lease_until = $2 where job = $1

-- name: finish
update export_job set state = $2, made_at = $3, lease_until = null where job = $1

-- name: forget
delete from export_job where expires_at <= $1
