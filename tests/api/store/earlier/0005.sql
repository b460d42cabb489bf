-- Every named query of the version whose newest migration was 0005; see test_upgrade.py.

-- Alerts: what is shown, and the steps of their life. Every step is made on a locked row.

-- name: alerts_queue
select shown.*
from (values (1), (2), (3)) as lanes (lane)
cross join lateral (
    select * from alert_shown v
    where v.lane = lanes.lane and v.state <> 'resolved'
    order by v.raised_at, v.id
    limit $1
) as shown
order by shown.lane, shown.raised_at, shown.id

-- name: alerts_totals
select lane, count(*) as n from alert where state <> 'resolved' group by lane

-- name: alerts_one
select * from alert_shown where id = $1

-- name: alerts_body
select body from alert where id = $1

-- name: alerts_of_home
-- Also those about many homes of which this is one.
select * from alert_shown
where id in (
    select id from alert where home = $1
    union all
    select s.outage from silence s join hub b on b.hub = s.hub where b.home = $1
) and id <> $2
order by raised_at desc, id desc limit $3

-- name: alerts_silent
select s.hub, h.home, h.label, h.time_zone, s.heard_at, s.over_at as back_at
from silence s
join hub b on b.hub = s.hub
join home h on h.home = b.home
where s.outage = $1
order by s.over_at is not null, h.label, h.home, s.hub limit $2

-- name: alerts_history
select
    e.at, e.action, e.before, e.after, e.outcome, e.note,
    s.id as staff, s.username, s.display_name, s.role
from alert_history e
left join staff s on s.id = e.staff
where e.alert = $1
order by e.id

-- name: alerts_lock
select id, report_version, state, holder, lease_until
from alert where id = $1 for update

-- name: alerts_lapsed
select id, report_version, state, holder, lease_until
from alert where state = 'claimed' and lease_until <= $1
order by id for update skip locked limit 500

-- name: alerts_claim
update alert
set state = 'claimed', holder = $2, claimed_at = $3, lease_until = $4,
    lapsed_holder = null, lapsed_at = null, version = version + 1
where id = $1 returning version

-- name: alerts_renew
update alert set lease_until = $2, version = version + 1 where id = $1 returning version

-- name: alerts_release
update alert
set state = 'raised', holder = null, claimed_at = null, lease_until = null, version = version + 1
where id = $1 returning version

-- name: alerts_lapse
update alert
set state = 'raised', lapsed_holder = holder, lapsed_at = lease_until,
    holder = null, lease_until = null, version = version + 1
where id = $1 returning version

-- name: alerts_touch
update alert set version = version + 1 where id = $1 returning version

-- name: alerts_resolve
update alert
set state = 'resolved', resolved_by = $2, resolved_at = $3, outcome = $4,
    holder = null, lease_until = null, version = version + 1
where id = $1 returning version

-- name: alerts_remember
insert into alert_history (alert, version, at, staff, action, before, after, outcome, note)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- Configurations and commands. Versions and numbers are given out under a lock on the home or hub.

-- name: downlink_lock_home
select home, time_zone from home where home = $1 for no key update

-- name: downlink_home
select home, time_zone from home where home = $1

-- name: downlink_put_settings
insert into home_settings as s (home, settings, put_at, put_by)
values ($1, $2::text::json, $3, $4)
on conflict (home) do update
    set settings = excluded.settings, put_at = excluded.put_at, put_by = excluded.put_by,
        edition = s.edition + 1

-- name: downlink_settings
select settings::text as settings, edition, put_at from home_settings where home = $1

-- name: downlink_set_time_zone
update home set time_zone = $2 where home = $1 and time_zone <> $2

-- name: downlink_outcomes
select condition, outcome, resolved_at
from alert
where home = $1 and state = 'resolved' and resolved_at >= $2
    and outcome = any($3::text[]) and condition = any($4::text[])
order by resolved_at desc, id desc
limit $5

-- name: downlink_newest
select version, digest, content::text as content, made_at
from configuration where home = $1
order by version desc limit 1

-- name: downlink_next_version
-- Above what any of the home's hubs knows: a centre restored from a backup is behind them.
select greatest(
    (select max(version) from configuration where home = $1),
    (select max(known_configuration) from hub where home = $1),
    0
) + 1

-- name: downlink_unwanted
-- Whether a hub of the home could not run with the newest version.
select exists (
    select from configuration_report r join hub b on b.hub = r.hub
    where b.home = $1 and r.state in ('refused', 'reverted')
        and r.version = (select max(version) from configuration where home = $1)
)

-- name: downlink_add_version
insert into configuration (home, version, digest, content, made_at, made_by)
values ($1, $2, $3, $4::text::json, $5, $6)

-- name: downlink_tell_home
select pg_notify('telecare', json_build_object('downlink', hub)::text) from hub where home = $1

-- name: downlink_tell_hub
select pg_notify('telecare', json_build_object('downlink', $1::text)::text)

-- name: downlink_standing
select b.hub, b.ahead_at, b.ahead, r.version, r.state, r.reason, r.ignored, r.reported_at
from hub b
left join lateral (
    select * from configuration_report c where c.hub = b.hub order by c.version desc limit 1
) r on true
where b.home = $1 and b.public_key is not null
order by b.hub

-- name: downlink_applied
select hub, max(version) as version
from configuration_report
where state = 'applied' and hub = any($1::text[])
group by hub

-- name: downlink_lock_hub
select hub from hub where hub = $1 and public_key is not null for no key update

-- name: downlink_command
select id, hub, number, kind, body::text as body, issued_at, expires_at, sent_at, told_at, state,
    said, alert, answered_at
from command where id = $1

-- name: downlink_next_number
select greatest(
    (select max(number) from command where hub = $1),
    (select known_commands from hub where hub = $1),
    0
) + 1

-- name: downlink_add_command
insert into command (id, hub, number, kind, body, issued_at, issued_by, expires_at)
values ($1, $2, $3, $4, $5::text::json, $6, $7, $8)
on conflict (id) do nothing
returning number

-- name: downlink_commands
select id, hub, number, kind, body::text as body, issued_at, expires_at, sent_at, told_at, state,
    said, alert, answered_at
from command where hub = $1
order by number desc limit $2

-- name: downlink_known
select
    b.known_configuration, b.known_commands, b.ahead_at,
    exists (
        select from command
        where hub = $1 and state = 'waiting' and sent_at is null and number <= $3 and expires_at > $4
    ) as passed_over,
    coalesce((select max(number) from command where hub = $1), 0) as given_commands,
    coalesce((select max(version) from configuration where home = $2), 0) as given_configuration
from hub b where b.hub = $1

-- name: downlink_settle
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

-- name: downlink_know
update hub
set known_configuration = greatest(known_configuration, $2),
    known_commands = greatest(known_commands, $3)
where hub = $1

-- name: downlink_renumber
-- A hub that was ahead would pass these over. The hub's row is locked.
with over as (
    select id, row_number() over (order by number) as n from command
    where hub = $1 and state = 'waiting' and sent_at is null and number <= $2 and expires_at > $3
)
update command c
set number = greatest((select max(number) from command where hub = $1), $2) + over.n
from over where c.id = over.id

-- name: downlink_note_ahead
update hub set ahead_at = $2, ahead = $3 where hub = $1

-- name: downlink_open_commands
-- What is under way may go on until its own end, on a new card too.
select id, number, kind, body::text as body, issued_at,
    case state
        when 'under_way' then greatest(expires_at, (body->>'until')::timestamptz)
        else expires_at
    end as expires_at
from command
where hub = $1 and number > $2 and (state = 'under_way' or state = 'waiting' and expires_at > $3)
order by number limit $4

-- name: downlink_sent
update command set sent_at = $2 where id = any($1::text[]) and sent_at is null

-- name: downlink_steps
select at, sensor, kind, place, value from walk_step
where command = $1 and hub = $2
order by seq limit $3

-- name: downlink_add_reports
insert into configuration_report as c
    (hub, version, digest, state, reason, ignored, reported_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (hub, version) do update
    set digest = excluded.digest, state = excluded.state, reason = excluded.reason,
        ignored = excluded.ignored, reported_at = excluded.reported_at

-- name: downlink_answer
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
    told_at = coalesce(told_at, $7)
where id = $1 and hub = $2 and (state in ('waiting', 'under_way') or answered_at is null)

-- name: downlink_add_steps
insert into walk_step (hub, journal, seq, command, at, sensor, kind, place, value)
select $1, $2, s.*
from unnest(
    $3::bigint[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::float8[]
) as s (seq, command, at, sensor, kind, place, value)

-- name: downlink_tell_staff
select pg_notify('telecare', json_build_object('hub', $1::text)::text)

-- Homes, their hubs, their sensors and their days.

-- name: homes_all
select h.home, h.label, h.time_zone,
    (select count(*) from alert a where a.home = h.home and a.state <> 'resolved') as waiting,
    (select max(b.last_seen_at) from hub b where b.home = h.home) as last_seen_at
from home h
where h.home > $1
order by h.home
limit $2

-- name: homes_one
select home, label, time_zone from home where home = $1

-- name: homes_relabel
update home set label = $2 where home = $1 returning home

-- name: homes_hubs
select b.hub, b.claimed_at is not null as claimed, b.last_seen_at, b.health_at, b.health,
    -- what lies between 1 and the highest number seen, less what was received
    coalesce((
        select sum(upper(gap) - lower(gap))
        from journal j,
            unnest(int8multirange(int8range(1, upper(j.received))) - j.received) as gap
        where j.hub = b.hub and not isempty(j.received)
    ), 0)::bigint as missing
from hub b
where b.home = $1
order by b.hub

-- name: homes_sensors
select sensor, kind, place, last_at, battery from sensor where home = $1 order by place, sensor, kind

-- name: homes_days
-- $2 are the midnights that the local days begin with, and the one that ends the last.
select
    width_bucket(hour, $2::timestamptz[]) as day,
    place,
    kind,
    -- of a thing with two states, only the ones count: opened, entered, pressed
    (case when kind in ('opening', 'presence', 'button', 'link') then sum(total) else sum(n) end)::bigint as count,
    sum(total)::double precision as total
from hourly_counts
where home = $1 and hour >= ($2::timestamptz[])[1] and hour < $3
group by 1, 2, 3
order by 1, 2, 3

-- name: homes_activity
select date_bin('15 minutes', at, 'epoch') as at, place, count(*) as n
from event
where home = $1 and at >= $2
    and quality <> 'replayed'
    and (kind in ('motion', 'appliance', 'flush') or (kind in ('opening', 'presence', 'button') and value > 0))
group by 1, 2
order by 1, 2

-- Hubs: joining, and their journals.

-- name: hubs_add_home
insert into home (home, label, time_zone) values ($1, $2, $3)
on conflict (home) do update
    set label = case when excluded.label = '' then home.label else excluded.label end

-- name: hubs_add_hub
insert into hub (hub, home, claim_hash, claim_expires_at) values ($1, $2, $3, $4)

-- name: hubs_lock_claim
select hub, home, public_key, claim_expires_at from hub where claim_hash = $1 for update

-- name: hubs_claim
update hub set public_key = $2, claimed_at = $3 where hub = $1

-- name: hubs_hub
select home, public_key from hub where hub = $1 and public_key is not null

-- name: hubs_seen
update hub set last_seen_at = $2 where hub = $1

-- name: hubs_open_journal
insert into journal (hub, epoch) values ($1, $2) on conflict do nothing

-- name: hubs_lock_journal
select journal, received from journal where hub = $1 and epoch = $2 for update

-- name: hubs_receive
update journal set received = $2::int8multirange where journal = $1

-- name: hubs_add_events
with new as (
    select * from unnest(
        $3::bigint[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::float8[],
        $9::float8[], $10::text[], $11::text[]
    ) as e (seq, at, sensor, kind, place, value, battery, quality, body)
),
stored as (
    insert into event (home, at, sensor, kind, place, value, quality, journal, seq, body)
    select $1, at, sensor, kind, place, value, quality, $2, seq, body::json from new
)
insert into sensor as s (home, sensor, kind, place, last_at, battery)
select $1, sensor, kind, (array_agg(place order by at desc))[1], max(at),
    (array_agg(battery order by at desc) filter (where battery is not null))[1]
from new
where quality <> 'replayed'
group by sensor, kind
order by sensor, kind
on conflict (home, sensor, kind) do update
    set place = case when excluded.last_at >= s.last_at then excluded.place else s.place end,
        battery = case
            when excluded.last_at >= s.last_at then coalesce(excluded.battery, s.battery)
            else coalesce(s.battery, excluded.battery)
        end,
        last_at = greatest(s.last_at, excluded.last_at)

-- name: hubs_add_assessments
insert into assessment (home, at, condition, subject, state, score, journal, seq, body)
select $1, at, condition, subject, state, score, $2, seq, body::json
from unnest(
    $3::bigint[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::float8[], $9::text[]
) as a (seq, at, condition, subject, state, score, body)

-- name: hubs_add_health
insert into health (hub, at, journal, seq, body)
select $1, at, $2, seq, body::json
from unnest($3::bigint[], $4::timestamptz[], $5::text[]) as h (seq, at, body)

-- name: hubs_newest_health
update hub set health = $3::text::json, health_at = $2
where hub = $1 and (health_at is null or health_at < $2)

-- name: hubs_add_others
insert into other_record (journal, received_at, seq, kind, body)
select $1, $2, seq, kind, body::json
from unnest($3::bigint[], $4::text[], $5::text[]) as o (seq, kind, body)

-- name: hubs_add_refused
insert into refused_record (journal, received_at, seq, kind, reason, body)
select $1, $2, seq, kind, reason, body
from unnest($3::bigint[], $4::text[], $5::text[], $6::bytea[]) as r (seq, kind, reason, body)

-- name: hubs_upsert_alerts
insert into alert as a (
    home, received_at, ref, condition, subject, severity, score, text, prompt,
    raised_at, reported_at, cleared_at, report_version, body
)
select $1, $2, ref, condition, subject, severity, score, text, prompt,
    raised_at, reported_at, cleared_at, report_version, body::json
from unnest(
    $3::text[], $4::text[], $5::text[], $6::text[], $7::float8[], $8::text[], $9::text[],
    $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::integer[], $14::text[]
) as n (
    ref, condition, subject, severity, score, text, prompt,
    raised_at, reported_at, cleared_at, report_version, body
)
order by raised_at, ref
on conflict (home, ref) do update
    set condition = excluded.condition, subject = excluded.subject, severity = excluded.severity,
        score = excluded.score, text = excluded.text, prompt = excluded.prompt,
        raised_at = excluded.raised_at, reported_at = excluded.reported_at,
        cleared_at = excluded.cleared_at, report_version = excluded.report_version,
        body = excluded.body, version = a.version + 1
    where a.report_version < excluded.report_version

-- name: hubs_add_reports
insert into alert_report (alert, version, reported_at, journal, seq, body)
select a.id, n.version, n.reported_at, $2, n.seq, n.body::json
from unnest($3::bigint[], $4::text[], $5::integer[], $6::timestamptz[], $7::text[])
    as n (seq, ref, version, reported_at, body)
join alert a on a.home = $1 and a.ref = n.ref

-- Staff, sessions and the counting of attempts.

-- name: identity_add
insert into staff (username, display_name, role, password_hash) values ($1, $2, $3, $4)
on conflict (username) do nothing
returning id, username, display_name as name, role

-- name: identity_by_username
select id, username, display_name as name, role, password_hash
from staff where username = $1 and disabled_at is null

-- name: identity_set_password
update staff set password_hash = $2 where id = $1

-- name: identity_open_session
insert into session (token_hash, staff, created_at, expires_at) values ($1, $2, $3, $4)

-- name: identity_session
select s.id, s.username, s.display_name as name, s.role, e.expires_at
from session e
join staff s on s.id = e.staff
where e.token_hash = $1 and e.expires_at > $2 and s.disabled_at is null

-- name: identity_end_session
delete from session where token_hash = $1

-- name: identity_forget_sessions
delete from session where expires_at <= $1

-- name: identity_attempt
insert into throttle as t (key, attempts, ends_at) values ($1, 1, $3)
on conflict (key) do update
    set attempts = case when t.ends_at <= $2 then 1 else t.attempts + 1 end,
        ends_at = case when t.ends_at <= $2 then excluded.ends_at else t.ends_at end
returning attempts, ends_at

-- name: identity_forgive
delete from throttle where key = $1

-- name: identity_forget
delete from throttle where ends_at <= $1

-- Silent hubs. Everything here is done by whoever holds the lock on `watch`.

-- name: silence_turn
select since, beat_at from watch for update skip locked

-- name: silence_beat
update watch set since = $1, beat_at = $2

-- name: silence_end
update silence s
set over_at = b.last_seen_at
from hub b
where b.hub = s.hub and s.over_at is null and b.last_seen_at > s.heard_at
returning s.hub, s.heard_at, s.over_at, s.alert, s.outage

-- name: silence_quiet
select b.hub, coalesce(b.last_seen_at, b.claimed_at) as at, (b.health->>'every_s')::float8 as every_s
from hub b
where b.public_key is not null and coalesce(b.last_seen_at, b.claimed_at) <= $1
    and not exists (select from silence s where s.hub = b.hub and s.over_at is null)

-- name: silence_hubs
select count(*) from hub where public_key is not null

-- name: silence_estate
-- Hubs that were heard until just now: those that have long been silent say nothing of an outage.
select count(*) from hub b
where b.public_key is not null and not exists (
    select from silence s where s.hub = b.hub and s.over_at is null and s.found_at < $1
)

-- name: silence_found_lately
select heard_at from silence where over_at is null and outage is null and found_at >= $1

-- name: silence_add
insert into silence (hub, heard_at, found_at, outage)
select hub, heard_at, $1, $2 from unnest($3::text[], $4::timestamptz[]) as q (hub, heard_at)
on conflict do nothing

-- name: silence_trace
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

-- name: silence_waiting_alert
-- The hub's earlier alert, while nobody has said what it was: a bad line is one matter.
select a.id from silence s join alert a on a.id = s.alert
where s.hub = $1 and a.state <> 'resolved'
order by a.id desc limit 1

-- name: silence_open_alert
insert into alert as a (
    home, received_at, ref, condition, subject, severity, score, text, prompt,
    raised_at, reported_at, report_version, body
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $2, $2, 1, $10::text::json)
on conflict (home, ref) do update
    set text = excluded.text, prompt = excluded.prompt, body = excluded.body
returning id

-- name: silence_told
select ref, raised_at, report_version from alert where id = $1 for update

-- name: silence_report
update alert
set text = $2, prompt = $3, body = $4::text::json, reported_at = $5, cleared_at = $6,
    report_version = report_version + 1, version = version + 1
where id = $1

-- name: silence_own
update silence set alert = $3 where hub = $1 and heard_at = $2

-- name: silence_outages
-- Those that go on, with how far they have come.
select a.id, a.state, a.text, min(s.heard_at) as first, max(s.heard_at) as last,
    count(*) as total, count(s.over_at) as back,
    (select count(*) from hub where public_key is not null) as hubs
from alert a join silence s on s.outage = a.id
where a.home is null and a.cleared_at is null
group by a.id
order by a.id

-- name: silence_left_over
-- Hubs that an outage left behind.
select s.hub, s.heard_at
from silence s join alert a on a.id = s.outage
where a.cleared_at is not null and s.over_at is null and s.alert is null
order by s.hub limit $1
