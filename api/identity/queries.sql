-- Staff, sessions and the counting of attempts.

-- name: add
insert into staff (username, display_name, role, password_hash, everywhere)
values ($1, $2, $3, $4, $5)
on conflict (username) do nothing
returning id

-- name: join
insert into staff_organisation (staff, organisation) select $1, unnest($2::bigint[])

-- name: member
select id, username, name, role, organisations from member where id = $1

-- name: by_username
select id, username, name, role, organisations, password_hash
from member where username = $1 and disabled_at is null

-- name: set_password
update staff set password_hash = $2 where id = $1

-- name: open_session
insert into session (token_hash, staff, created_at, expires_at) values ($1, $2, $3, $4)
returning id

-- name: session
select s.id, s.username, s.name, s.role, s.organisations, e.id as session, e.expires_at
from session e
join member s on s.id = e.staff
where e.token_hash = $1 and e.expires_at > $2 and s.disabled_at is null

-- name: end_session
delete from session where token_hash = $1 returning id, staff

-- name: forget_sessions
delete from session where expires_at <= $1

-- name: attempt
insert into throttle as t (key, attempts, ends_at) values ($1, 1, $3)
on conflict (key) do update
    set attempts = case when t.ends_at <= $2 then 1 else t.attempts + 1 end,
        ends_at = case when t.ends_at <= $2 then excluded.ends_at else t.ends_at end
returning attempts, ends_at

-- name: forgive
delete from throttle where key = $1

-- name: forget
delete from throttle where ends_at <= $1
