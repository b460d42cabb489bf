-- Configurations and commands. Versions and numbers are given out under a lock on the home or hub.

-- name: lock_home
select home, time_zone from home where home = $1 for no key update

-- name: home
select home, time_zone from home where home = $1

-- name: put_settings
insert into home_settings as s (home, settings, put_at, put_by)
values ($1, $2::text::json, $3, $4)
on conflict (home) do update
    set settings = excluded.settings, put_at = excluded.put_at, put_by = excluded.put_by,
        edition = s.edition + 1

-- name: settings
select settings::text as settings, edition, put_at from home_settings where home = $1

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

-- name: next_version
-- Above what any of the home's hubs knows: a centre restored from a backup is behind them.
select greatest(
    (select max(version) from configuration where home = $1),
    (select max(known_configuration) from hub where home = $1),
    0
) + 1

-- name: unwanted
-- Whether a hub of the home could not run with the newest version.
select exists (
    select from configuration_report r join hub b on b.hub = r.hub
    where b.home = $1 and r.state in ('refused', 'reverted')
        and r.version = (select max(version) from configuration where home = $1)
)

-- name: add_version
insert into configuration (home, version, digest, content, made_at, made_by)
values ($1, $2, $3, $4::text::json, $5, $6)

-- name: tell_home
select pg_notify('telecare', json_build_object('downlink', hub)::text) from hub where home = $1

-- name: tell_hub
select pg_notify('telecare', json_build_object('downlink', $1::text)::text)

-- name: standing
select b.hub, b.ahead_at, b.ahead, r.version, r.state, r.reason, r.ignored, r.reported_at
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

-- name: budgets
-- What staff put of an organisation's homes, a page of them.
select h.home, h.label, s.settings::json -> 'budget' as budget,
    coalesce((select max(c.version) from configuration c where c.home = h.home), 0) as version
from home h left join home_settings s on s.home = h.home
where h.organisation = $1 and h.home > $2
order by h.home limit $3

-- name: lock_budgets
-- Two who choose for all at once choose one after the other.
select pg_advisory_xact_lock(2118970415, $1)

-- name: budget_of_all
select budget::text as budget from organisation_budget where organisation = $1

-- name: put_budget_of_all
insert into organisation_budget (organisation, budget, put_at, put_by) values ($1, $2::text::json, $3, $4)
on conflict (organisation) do update
    set budget = excluded.budget, put_at = excluded.put_at, put_by = excluded.put_by

-- name: standings
select b.home, b.hub, r.version as told, r.state, a.version as applied
from hub b
left join lateral (
    select version, state from configuration_report c where c.hub = b.hub order by c.version desc limit 1
) r on true
left join lateral (
    select max(version) as version from configuration_report c where c.hub = b.hub and c.state = 'applied'
) a on true
where b.home = any ($1::text[]) and b.public_key is not null and b.revoked_at is null
order by b.home, b.hub

-- name: lock_hub
select hub from hub where hub = $1 and public_key is not null and revoked_at is null
for no key update

-- name: command
select id, hub, number, kind, body::text as body, issued_at, expires_at, sent_at, told_at, state,
    said, alert, answered_at
from command where id = $1

-- name: next_number
select greatest(
    (select max(number) from command where hub = $1),
    (select known_commands from hub where hub = $1),
    0
) + 1

-- name: add_command
insert into command (id, hub, number, kind, body, issued_at, issued_by, expires_at)
values ($1, $2, $3, $4, $5::text::json, $6, $7, $8)
on conflict (id) do nothing
returning number

-- name: commands
select id, hub, number, kind, body::text as body, issued_at, expires_at, sent_at, told_at, state,
    said, alert, answered_at
from command where hub = $1
order by number desc limit $2

-- name: not_over
select id, hub, number, kind, body::text as body, issued_at, expires_at, sent_at, told_at, state,
    said, alert, answered_at
from command where hub = $1 and state in ('waiting', 'under_way')
order by number desc limit $2

-- name: known
select
    b.known_configuration, b.known_commands, b.ahead_at,
    exists (
        select from command
        where hub = $1 and state = 'waiting' and sent_at is null and number <= $3 and expires_at > $4
    ) as passed_over,
    coalesce((select max(number) from command where hub = $1), 0) as given_commands,
    coalesce((select max(version) from configuration where home = $2), 0) as given_configuration
from hub b where b.hub = $1

-- name: settle
-- What it has, by its own word; and what it has not, and will not be told any more. A hub that has
-- lost its memory has not what it once had.
update command
set told_at = case when number <= $2 then $3::timestamptz end,
    state = case when number > $2 and expires_at <= $3 then 'expired' else state end
where hub = $1 and state = 'waiting' and (
    number <= $2 and told_at is null and sent_at is not null
    or number > $2 and (told_at is not null or expires_at <= $3)
)
returning number

-- name: know
update hub
set known_configuration = greatest(known_configuration, $2),
    known_commands = greatest(known_commands, $3)
where hub = $1

-- name: renumber
-- A hub that was ahead would pass these over. The hub's row is locked.
with over as (
    select id, row_number() over (order by number) as n from command
    where hub = $1 and state = 'waiting' and sent_at is null and number <= $2 and expires_at > $3
)
update command c
set number = greatest((select max(number) from command where hub = $1), $2) + over.n
from over where c.id = over.id

-- name: note_ahead
update hub set ahead_at = $2, ahead = $3 where hub = $1

-- name: open_commands
-- What is under way may go on until its own end, on a new card too.
select id, number, kind, body::text as body, issued_at,
    case state
        when 'under_way' then greatest(expires_at, (body->>'until')::timestamptz)
        else expires_at
    end as expires_at
from command
where hub = $1 and number > $2 and (state = 'under_way' or state = 'waiting' and expires_at > $3)
order by number limit $4

-- name: sent
update command set sent_at = $2 where id = any($1::text[]) and sent_at is null

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
-- The hub's word counts above what the centre concluded from its silence. One that was under way is
-- not as if it had never begun.
update command
set state = case
        when state <> 'under_way' or $3 <> 'expired' then $3
        when (body->>'until')::timestamptz <= $7 then 'done'
        else 'cut_short'
    end,
    said = case
        when state <> 'under_way' or $3 <> 'expired' or (body->>'until')::timestamptz <= $7 then $4
        else $8 || $4
    end,
    alert = case when $5 = '' then alert else $5 end,
    answered_at = $6,
    told_at = coalesce(told_at, $7),
    answer = coalesce($9::text::json, answer)
where id = $1 and hub = $2 and (state in ('waiting', 'under_way') or answered_at is null)

-- name: asked
select kind, body::text as body, issued_at from command where id = $1 and hub = $2

-- name: dry_runs
-- The newest of each hub of a home.
select distinct on (c.hub) c.id, c.hub, c.number, c.kind, c.body::text as body, c.issued_at, c.expires_at,
    c.sent_at, c.told_at, c.state, c.said, c.alert, c.answered_at, c.answer::text as answer, b.last_seen_at
from command c join hub b on b.hub = c.hub
where b.home = $1 and c.kind = 'dry_run' and b.revoked_at is null
    -- What a hub refuses because it is at the one before, says nothing of that one's answer.
    and not (c.state = 'refused' and exists (
        select from command e
        where e.hub = c.hub and e.kind = 'dry_run' and e.number < c.number
            and e.expires_at > c.issued_at and coalesce(e.answered_at >= c.issued_at, true)))
order by c.hub, c.number desc

-- name: add_steps
insert into walk_step (hub, journal, seq, command, at, sensor, kind, place, value)
select $1, $2, s.*
from unnest(
    $3::bigint[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::float8[]
) as s (seq, command, at, sensor, kind, place, value)

-- name: tell_staff
select pg_notify('telecare', json_build_object('hub', b.hub, 'organisation', h.organisation)::text)
from hub b join home h on h.home = b.home
where b.hub = $1
