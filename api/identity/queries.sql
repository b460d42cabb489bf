-- Staff, sessions and the counting of attempts.

-- name: add
insert into staff (username, display_name, role, password_hash, everywhere)
values ($1, $2, $3, $4, $5)
on conflict (username) do nothing
returning id

-- name: join
insert into staff_organisation (staff, organisation) select $1, unnest($2::bigint[])

-- name: member
select id, username, name, role, organisations, version from member where id = $1

-- name: by_username
select id, username, name, role, organisations, version, password_hash
from member where username = $1 and disabled_at is null

-- name: set_password
-- The same password, hashed anew.
update staff set password_hash = $2 where id = $1 and version = $3

-- name: arrive
-- Goes on only if they are still as they were shown in; who lets them go waits, or is waited for.
update staff set last_here_at = $3 where id = $1 and version = $2 and disabled_at is null
returning id

-- name: open_session
insert into session (token_hash, staff, created_at, expires_at, signed_in_by, strong)
values ($1, $2, $3, $4, $5, $6)
returning id

-- name: session
select s.id, s.username, s.name, s.role, s.organisations, s.version, e.id as session, e.expires_at,
    s.role = any ($3::text[]) and not e.strong and not exists (
        select from second_factor f where f.staff = s.id and f.confirmed_at is not null
    ) and not exists (select from passkey p where p.staff = s.id) as must_enrol
from session e
join member s on s.id = e.staff
where e.token_hash = $1 and e.expires_at > $2 and s.disabled_at is null

-- name: end_session
delete from session where token_hash = $1 returning id, staff, signed_in_by

-- name: forget_sessions
delete from session where expires_at <= $1

-- name: attempt
insert into throttle as t (key, attempts, ends_at) values ($1, 1, $3)
on conflict (key) do update
    set attempts = case when t.ends_at <= $2 then 1 else t.attempts + 1 end,
        ends_at = case when t.ends_at <= $2 then excluded.ends_at else t.ends_at end
returning attempts, ends_at

-- name: give_back
update throttle set attempts = attempts - 1 where key = $1 and attempts > 0

-- name: attempted
select exists (select from throttle where key = $1 and ends_at > $2)

-- name: forgive
delete from throttle where key = $1

-- name: forget
delete from throttle where ends_at <= $1

-- Written once a minute at most, so that a busy session costs no write for each request.
-- name: use_session
update session set last_used_at = $2::timestamptz
where token_hash = $1 and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute')

-- name: sessions
select e.id, m.id as staff, m.username, e.created_at, e.expires_at, e.last_used_at, e.signed_in_by
from session e
join member m on m.id = e.staff
where e.expires_at > $1 and (m.id = $2 or $3::bigint[] @> m.organisations)
order by e.id desc
limit $4

-- name: revoke_session
delete from session e using member m
where e.id = $1 and m.id = e.staff and (m.id = $2 or $3::bigint[] @> m.organisations)
returning e.id

-- name: add_token
insert into api_token (staff, name, token_hash, scopes, created_at, expires_at, by_provider)
values ($1, $2, $3, $4, $5, $6, exists (
    select from session e where e.id = $7 and e.strong and e.signed_in_by = 'oidc'))
returning id

-- name: count_tokens
select count(*) from api_token where staff = $1 and revoked_at is null and expires_at > $2

-- name: token
-- As for a session, but that a passkey which was used once does not count for as long as a token is good.
select m.id, m.username, m.name, m.role, m.organisations, t.id as token, t.scopes, t.expires_at,
    m.role = any ($3::text[]) and not t.by_provider and not exists (
        select from second_factor f where f.staff = m.id and f.confirmed_at is not null
    ) and not exists (select from passkey p where p.staff = m.id) as must_enrol
from api_token t
join member m on m.id = t.staff
where t.token_hash = $1 and t.revoked_at is null and t.expires_at > $2 and m.disabled_at is null

-- name: use_token
update api_token set last_used_at = $2::timestamptz
where id = $1 and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute')

-- name: tokens
select t.id, m.id as staff, m.username, t.name, t.scopes, t.created_at, t.expires_at, t.revoked_at,
    t.last_used_at
from api_token t
join member m on m.id = t.staff
where m.id = $1 or $2::bigint[] @> m.organisations
order by t.id desc
limit $3

-- name: revoke_token
update api_token t set revoked_at = $4 from member m
where t.id = $1 and m.id = t.staff and (m.id = $2 or $3::bigint[] @> m.organisations)
    and t.revoked_at is null
returning t.id

-- name: factor
select secret, confirmed_at, last_step from second_factor where staff = $1

-- name: lock_factor
select secret, confirmed_at, last_step from second_factor where staff = $1 for update

-- name: begin_factor
insert into second_factor as f (staff, secret, begun_at) values ($1, $2, $3)
on conflict (staff) do update set secret = excluded.secret, begun_at = excluded.begun_at, last_step = 0
    where f.confirmed_at is null
returning staff

-- name: spend_step
update second_factor set last_step = $2 where staff = $1

-- name: confirm_factor
update second_factor set confirmed_at = $2 where staff = $1

-- name: drop_factor
delete from second_factor where staff = $1

-- name: has_second_factor
select exists (select from second_factor where staff = $1) or exists (select from passkey where staff = $1)

-- name: number
select id from staff where username = $1

-- name: add_recovery
insert into recovery_code (staff, code_hash) select $1, unnest($2::bytea[])

-- name: use_recovery
update recovery_code set used_at = $3 where staff = $1 and code_hash = $2 and used_at is null
returning staff

-- name: recovery_left
select count(*) from recovery_code where staff = $1 and used_at is null

-- name: by_identity
select staff from staff_identity where issuer = $1 and subject = $2

-- name: add_identity
insert into staff_identity (issuer, subject, staff, added_at) values ($1, $2, $3, $4)

-- name: as_provider_says
update staff set display_name = $2, role = $3, everywhere = $4
where id = $1 and disabled_at is null
returning id

-- name: leave_all
delete from staff_organisation where staff = $1

-- name: passkeys
select id, name, synced, added_at, last_used_at from passkey where staff = $1 order by id desc

-- name: credentials
select credential from passkey where staff = $1

-- name: has_passkey
select exists (select from passkey where staff = $1)

-- name: add_challenge
insert into passkey_challenge (challenge, staff, expires_at) values ($1, $2, $3)

-- name: spend_challenge
delete from passkey_challenge
where challenge = $1 and staff is not distinct from $2::bigint and expires_at > $3
returning challenge

-- name: forget_challenges
delete from passkey_challenge where expires_at <= $1

-- name: add_passkey
insert into passkey (staff, credential, public_key, sign_count, name, synced, added_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (credential) do nothing
returning id, name, synced, added_at, last_used_at

-- name: rename_passkey
update passkey set name = $3 where id = $1 and staff = $2 returning id

-- name: remove_passkey
delete from passkey where id = $1 and staff = $2 returning id

-- name: drop_passkeys
delete from passkey where staff = $1

-- name: lock_passkey
-- Not of whom the provider answers for: who left it would come in by that for ever.
select p.id, p.staff, p.public_key, p.sign_count
from passkey p join staff s on s.id = p.staff
where p.credential = $1 and s.disabled_at is null
    and not exists (select from staff_identity i where i.staff = s.id)
for update of p

-- name: use_passkey
update passkey set sign_count = $2, last_used_at = $3 where id = $1

-- name: session_opened
select created_at from session where id = $1

-- name: end_sessions
delete from session where staff = $1

-- name: revoke_tokens
update api_token set revoked_at = $2 where staff = $1 and revoked_at is null

-- name: end_sessions_by
delete from session where staff = $1 and signed_in_by = $2

-- name: end_other_sessions
delete from session where staff = $1 and id <> $2

-- name: renew_session
update session set token_hash = $2 where id = $1 returning id

-- name: own
select s.password_hash, s.version, exists (select from staff_identity i where i.staff = s.id) as by_provider
from staff s where s.id = $1 and s.disabled_at is null

-- name: change_password
update staff set password_hash = $2, version = version + 1
where id = $1 and version = $3 and disabled_at is null
returning id

-- name: invited
select s.id from invitation i join staff s on s.id = i.staff
where i.token_hash = $1 and i.expires_at > $2 and s.disabled_at is null

-- name: choose_password
-- The row of staff is locked first, as everywhere; whether the link was good, its own row decides.
update staff set password_hash = $2, version = version + 1 where id = $1 and disabled_at is null
returning username

-- name: spend_invitation
delete from invitation where staff = $1 and token_hash = $2 and expires_at > $3 returning staff

-- name: drop_invitation
delete from invitation where staff = $1

-- name: invite
insert into invitation (staff, token_hash, expires_at) values ($1, $2, $3)
on conflict (staff) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at

-- name: shown
-- Those within reach, or the one of that number: who looks after everything is shown to their like alone.
select m.id, m.username, m.name, m.role, m.organisations, m.everywhere, m.version, m.disabled_at,
    exists (select from staff_identity i where i.staff = m.id) as by_provider,
    exists (select from second_factor f where f.staff = m.id and f.confirmed_at is not null)
        or exists (select from passkey p where p.staff = m.id) as second_factor,
    (select i.expires_at from invitation i where i.staff = m.id) as invited_until,
    greatest(m.last_here_at, (select max(e.last_used_at) from session e where e.staff = m.id)) as last_here_at
from member m
where ($1::bigint is null or m.id = $1)
    and ($2 or not m.everywhere and m.organisations <> '{}' and $3::bigint[] @> m.organisations)
order by m.disabled_at is not null, lower(m.name), m.username
limit $4

-- name: lock_staff
-- Whoever acts, whom it is about, and all who look after everything, so that of two administrators who
-- let each other go one is late. Always in this order.
select id from staff
where id = any ($1::bigint[]) or (role = 'administrator' and everywhere and disabled_at is null)
order by id for no key update

-- name: lock_one
-- Also against whoever makes them the holder of something.
select id from staff where id = $1 for update

-- name: chiefs
-- Administrators of the whole centre who can come in: whoever was invited has not come yet.
select count(*) from staff s
where s.role = 'administrator' and s.everywhere and s.disabled_at is null
    and not exists (select from invitation i where i.staff = s.id)

-- name: everywhere
select everywhere from staff where id = $1 and disabled_at is null

-- name: alter
update staff set display_name = $2, role = $3, everywhere = $4, version = version + 1 where id = $1

-- name: disable
update staff set disabled_at = $2, version = version + 1 where id = $1

-- name: enable
update staff set disabled_at = null, version = version + 1 where id = $1

-- name: show_anew
-- Whoever was shown in a moment ago is not let in any more.
update staff set version = version + 1 where id = $1

-- name: set_unknown_password
update staff set password_hash = $2, version = version + 1 where id = $1

-- name: drop_challenges
delete from passkey_challenge where staff = $1
