-- Configurations and commands. Versions and numbers are given out under a lock on the home or hub.

-- name: lock_home
select home, time_zone from home where home = $1 for no key update

-- name: home
select home, time_zone from home where home = $1

-- name: put_settings
insert into home_settings (home, settings, put_at, put_by) values ($1, $2::text::json, $3, $4)
on conflict (home) do update
    set settings = excluded.settings, put_at = excluded.put_at, put_by = excluded.put_by

-- name: settings
select settings::text from home_settings where home = $1

-- name: set_time_zone
update home set time_zone = $2 where home = $1 and time_zone <> $2

-- name: outcomes
select condition, outcome, resolved_at
from alert
where home = $1 and state = 'resolved' and resolved_at >= $2
    and outcome = any($3::text[]) and condition = any($4::text[])
order by resolved_at desc, id desc
limit $5

-- name: newest
select version, digest, content::text as content, made_at
from configuration where home = $1
order by version desc limit 1

-- name: add_version
insert into configuration (home, version, digest, content, made_at, made_by)
values ($1, $2, $3, $4::text::json, $5, $6)

-- name: tell_home
select pg_notify('telecare', json_build_object('downlink', hub)::text) from hub where home = $1

-- name: tell_hub
select pg_notify('telecare', json_build_object('downlink', $1::text)::text)

-- name: standing
select b.hub, r.version, r.state, r.reason, r.ignored, r.reported_at
from hub b
left join lateral (
    select * from configuration_report c where c.hub = b.hub order by c.version desc limit 1
) r on true
where b.home = $1 and b.public_key is not null
order by b.hub

-- name: applied
select hub, max(version) as version
from configuration_report
where state = 'applied' and hub = any($1::text[])
group by hub

-- name: lock_hub
select hub from hub where hub = $1 and public_key is not null for no key update

-- name: command
select id, hub, number, kind, body::text as body, issued_at, expires_at, told_at, state, said,
    alert, answered_at
from command where id = $1

-- name: next_number
select coalesce(max(number), 0) + 1 from command where hub = $1

-- name: add_command
insert into command (id, hub, number, kind, body, issued_at, issued_by, expires_at)
values ($1, $2, $3, $4, $5::text::json, $6, $7, $8)

-- name: commands
select id, hub, number, kind, body::text as body, issued_at, expires_at, told_at, state, said,
    alert, answered_at
from command where hub = $1
order by number desc limit $2

-- name: open_commands
select id, number, kind, body::text as body, issued_at, expires_at
from command
where hub = $1 and number > $2 and (state = 'under_way' or state = 'waiting' and expires_at > $3)
order by number limit $4

-- name: told
update command set told_at = $2 where id = any($1::text[]) and told_at is null

-- name: steps
select at, sensor, kind, place, value from walk_step
where command = $1 and hub = $2
order by seq limit $3

-- name: add_reports
insert into configuration_report as c
    (hub, version, digest, state, reason, ignored, reported_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (hub, version) do update
    set digest = excluded.digest, state = excluded.state, reason = excluded.reason,
        ignored = excluded.ignored, reported_at = excluded.reported_at

-- name: answer
update command
set state = $3, said = $4, alert = case when $5 = '' then alert else $5 end, answered_at = $6
where id = $1 and hub = $2 and state in ('waiting', 'under_way')

-- name: add_steps
insert into walk_step (hub, journal, seq, command, at, sensor, kind, place, value)
select $1, $2, s.*
from unnest(
    $3::bigint[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::float8[]
) as s (seq, command, at, sensor, kind, place, value)

-- name: tell_staff
select pg_notify('telecare', json_build_object('hub', $1::text)::text)
