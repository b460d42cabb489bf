-- Staff, sessions and the counting of attempts.

-- name: add
insert into staff (username, display_name, role, password_hash) values ($1, $2, $3, $4)
on conflict (username) do nothing
returning id, username, display_name as name, role

-- name: by_username
select id, username, display_name as name, role, password_hash
from staff where username = $1 and disabled_at is null

-- name: set_password
update staff set password_hash = $2 where id = $1

-- name: open_session
insert into session (token_hash, staff, created_at, expires_at) values ($1, $2, $3, $4)

-- name: session
select s.id, s.username, s.display_name as name, s.role, e.expires_at
from session e
join staff s on s.id = e.staff
where e.token_hash = $1 and e.expires_at > $2 and s.disabled_at is null

-- name: end_session
delete from session where token_hash = $1

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
