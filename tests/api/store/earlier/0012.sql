-- Every named query of the version whose newest migration was 0012; see test_upgrade.py.

-- Alerts: what is shown, and the steps of their life. Every step is made on a locked row.

-- name: alerts_queue
select shown.*
from (values (1), (2), (3)) as lanes (lane)
cross join lateral (
    select * from alert_shown v
    where v.lane = lanes.lane and v.state <> 'resolved' and v.state <> 'withdrawn'
        and v.state <> 'shelved'
    order by v.raised_at, v.id
    limit $1
) as shown
order by shown.lane, shown.raised_at, shown.id

-- name: alerts_shelf
select * from alert_shown v
where v.returns_at is not null and v.state = 'shelved'
order by v.returns_at, v.id
limit $1

-- name: alerts_totals
select lane, count(*) as n
from alert
where state <> 'resolved' and state <> 'withdrawn' and state <> 'shelved'
group by lane

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

-- name: alerts_since
-- What others did to an alert after a version of it.
select
    e.at, e.action, e.before, e.after, e.outcome, e.note,
    s.id as staff, s.username, s.display_name, s.role
from alert_history e
left join staff s on s.id = e.staff
where e.alert = $1 and e.version > $2 and e.staff is distinct from $3
order by e.id desc
limit 1

-- name: alerts_lock
-- An alert and what else is open in its home, always in the order in which ingest takes them.
select * from alert
where id = $1 or (
    home = (select home from alert where id = $1) and state <> 'resolved' and state <> 'withdrawn'
)
order by raised_at, ref
for update

-- name: alerts_colleague
select id from member where username = $1 and disabled_at is null and $2 = any (organisations)

-- name: alerts_colleagues
select id, username, name, role from member
where disabled_at is null and $1 = any (organisations) and id <> $2
order by name, username limit 500

-- name: alerts_organisation
select organisation from alert where id = $1

-- name: alerts_whole
-- Whether no replica runs any more that would not know the newer states.
select exists (select from migration where name = '0101_alert_states.post.sql')

-- name: alerts_put
update alert
set state = $2, holder = $3, claimed_at = $4, lease_until = $5, lapsed_holder = $6,
    lapsed_at = $7, offered_to = $8, unseen_since = $9, waiting_since = $10, returns_at = $11,
    reason = $12, shelved_by = $13, seen_version = $14, level = $15, escalated_at = $16,
    resolved_by = $17, resolved_at = $18, outcome = $19, version = version + 1
where id = $1 returning version

-- name: alerts_keep
-- Who works on one alert of a home keeps the others as long; that alone is no news of them.
update alert set lease_until = $4
where home = $1 and holder = $2 and id <> $3 and state = 'claimed' and lease_until < $4

-- name: alerts_remember
insert into alert_history (alert, version, at, staff, action, before, after, outcome, note)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: alerts_lapsed
select * from alert
where state = 'claimed' and lease_until <= $1
order by id limit 500
for update skip locked

-- name: alerts_returning
select * from alert
where returns_at is not null and (
    returns_at <= $1
    or (state = 'suspended' and report_version > seen_version)
    or (state = 'shelved' and lane = 1)
)
order by returns_at, id limit 500
for update skip locked

-- name: alerts_unanswered
-- What nobody looked at within its duty, at the next level that would be called.
select a.*, d.within_s
from alert a
join duty d on d.level = a.level + 1 and d.escalates
    and d.priority = case a.lane when 2 then 'advisory' when 3 then 'technical' else 'urgent' end
    and coalesce(d.organisation, 0) = coalesce(
        (select o.organisation from duty o where o.organisation = a.organisation limit 1), 0
    )
where a.state <> 'resolved' and (
    (
        a.state in ('raised', 'escalated')
        and coalesce(a.waiting_since, a.received_at) <= $1::timestamptz - make_interval(secs => d.within_s)
    ) or (
        a.state = 'claimed' and a.unseen_since <= $1::timestamptz - make_interval(secs => d.within_s)
    )
)
order by a.id limit 500
for update of a skip locked

-- name: alerts_joining
-- What was raised in a home whose alerts somebody has.
select a.*, h.holder as to_holder, h.lease_until as to_until
from alert a
cross join lateral (
    select o.holder, o.lease_until from alert o
    where o.home = a.home and o.id <> a.id and o.state = 'claimed' and o.lease_until > $1
    order by o.lease_until desc limit 1
) h
where a.state = 'raised' and a.state <> 'resolved' and ($2::text is null or a.home = $2)
order by a.raised_at, a.ref limit 500
for update of a skip locked

-- name: alerts_nuisances
-- What was raised in a home where its like is shelved.
select a.*, s.returns_at as to_until, s.shelved_by as to_by, s.reason as to_reason
from alert a
cross join lateral (
    select o.returns_at, o.shelved_by, o.reason from alert o
    where o.home = a.home and o.condition = a.condition and o.id <> a.id
        and o.state = 'shelved' and o.state <> 'resolved' and o.returns_at > $1
    order by o.returns_at desc limit 1
) s
where a.state = 'raised' and a.state <> 'resolved' and a.lane <> 1
    and ($2::text is null or a.home = $2)
order by a.raised_at, a.ref limit 500
for update of a skip locked

-- name: alerts_open_of_home
select id from alert
where home = $1 and state <> 'resolved' and state <> 'withdrawn'
order by raised_at, ref

-- name: alerts_duties
select organisation, priority, level, kind, within_s, share, escalates
from duty
where coalesce(organisation, 0) = coalesce(
    (select o.organisation from duty o where o.organisation = $1 limit 1), 0
)
order by array_position(array['urgent', 'advisory', 'technical'], priority), level

-- name: alerts_within_reach
select exists (select from organisation where organisation = $1)

-- name: alerts_drop_duties
delete from duty where organisation = $1

-- name: alerts_add_duty
insert into duty (organisation, priority, level, kind, within_s, share, escalates)
values ($1, $2, $3, $4, $5, $6, $7)

-- The audit log. Entries are made by a function of the database alone; nothing changes them.

-- name: audit_note
select audit_note($1, $2, $3, $4, $5, $6)

-- name: audit_chains
select chain from audit_chain union select distinct chain from audit order by 1

-- One statement sees one moment: the head of the chain as it was when these entries were read.
-- name: audit_entries
select h.entries as head_entries, h.hash as head_hash, a.*
from (select $1::bigint as chain) w
left join audit_chain h on h.chain = w.chain
left join lateral (
    select * from audit a where a.chain = w.chain and a.number > $2 order by a.number limit $3
) a on true
order by a.number

-- name: audit_newest
select number, at, actor, session, correlation, action, kind, subject, detail
from audit where chain = $1 and number < $2 order by number desc limit $3

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

-- name: downlink_not_over
select id, hub, number, kind, body::text as body, issued_at, expires_at, sent_at, told_at, state,
    said, alert, answered_at
from command where hub = $1 and state in ('waiting', 'under_way')
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
select pg_notify('telecare', json_build_object('hub', b.hub, 'organisation', h.organisation)::text)
from hub b join home h on h.home = b.home
where b.hub = $1

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

-- name: homes_london_days
-- The same where the local days are the ones that are rolled up.
select
    width_bucket(day, $2::timestamptz[]) as day,
    place,
    kind,
    (case when kind in ('opening', 'presence', 'button', 'link') then sum(total) else sum(n) end)::bigint as count,
    sum(total)::double precision as total
from daily_counts
where home = $1 and day >= ($2::timestamptz[])[1] and day < $3
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
insert into home (home, label, time_zone, organisation) values ($1, $2, $3, $4)
on conflict (home) do update
    set label = case when excluded.label = '' then home.label else excluded.label end
    where home.organisation = excluded.organisation
returning home

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
insert into staff (username, display_name, role, password_hash, everywhere)
values ($1, $2, $3, $4, $5)
on conflict (username) do nothing
returning id

-- name: identity_join
insert into staff_organisation (staff, organisation) select $1, unnest($2::bigint[])

-- name: identity_member
select id, username, name, role, organisations from member where id = $1

-- name: identity_by_username
select id, username, name, role, organisations, password_hash
from member where username = $1 and disabled_at is null

-- name: identity_set_password
update staff set password_hash = $2 where id = $1

-- name: identity_open_session
insert into session (token_hash, staff, created_at, expires_at) values ($1, $2, $3, $4)
returning id

-- name: identity_session
select s.id, s.username, s.name, s.role, s.organisations, e.id as session, e.expires_at,
    s.role = any ($3::text[]) and not exists (
        select from second_factor f where f.staff = s.id and f.confirmed_at is not null
    ) as must_enrol
from session e
join member s on s.id = e.staff
where e.token_hash = $1 and e.expires_at > $2 and s.disabled_at is null

-- name: identity_end_session
delete from session where token_hash = $1 returning id, staff

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

-- Written once a minute at most, so that a busy session costs no write for each request.
-- name: identity_use_session
update session set last_used_at = $2::timestamptz
where token_hash = $1 and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute')

-- name: identity_sessions
select e.id, m.id as staff, m.username, e.created_at, e.expires_at, e.last_used_at
from session e
join member m on m.id = e.staff
where e.expires_at > $1 and (m.id = $2 or $3::bigint[] @> m.organisations)
order by e.id desc
limit $4

-- name: identity_revoke_session
delete from session e using member m
where e.id = $1 and m.id = e.staff and (m.id = $2 or $3::bigint[] @> m.organisations)
returning e.id

-- name: identity_add_token
insert into api_token (staff, name, token_hash, scopes, created_at, expires_at)
values ($1, $2, $3, $4, $5, $6)
returning id

-- name: identity_count_tokens
select count(*) from api_token where staff = $1 and revoked_at is null and expires_at > $2

-- name: identity_token
select m.id, m.username, m.name, m.role, m.organisations, t.id as token, t.scopes, t.expires_at
from api_token t
join member m on m.id = t.staff
where t.token_hash = $1 and t.revoked_at is null and t.expires_at > $2 and m.disabled_at is null

-- name: identity_use_token
update api_token set last_used_at = $2::timestamptz
where id = $1 and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute')

-- name: identity_tokens
select t.id, m.id as staff, m.username, t.name, t.scopes, t.created_at, t.expires_at, t.revoked_at,
    t.last_used_at
from api_token t
join member m on m.id = t.staff
where m.id = $1 or $2::bigint[] @> m.organisations
order by t.id desc
limit $3

-- name: identity_revoke_token
update api_token t set revoked_at = $4 from member m
where t.id = $1 and m.id = t.staff and (m.id = $2 or $3::bigint[] @> m.organisations)
    and t.revoked_at is null
returning t.id

-- name: identity_factor
select secret, confirmed_at, last_step from second_factor where staff = $1

-- name: identity_lock_factor
select secret, confirmed_at, last_step from second_factor where staff = $1 for update

-- name: identity_begin_factor
insert into second_factor as f (staff, secret, begun_at) values ($1, $2, $3)
on conflict (staff) do update set secret = excluded.secret, begun_at = excluded.begun_at, last_step = 0
    where f.confirmed_at is null
returning staff

-- name: identity_spend_step
update second_factor set last_step = $2 where staff = $1

-- name: identity_confirm_factor
update second_factor set confirmed_at = $2 where staff = $1

-- name: identity_drop_factor
delete from second_factor where staff = $1

-- name: identity_reset_factor
delete from second_factor where staff = (select id from staff where username = $1) returning staff

-- name: identity_add_recovery
insert into recovery_code (staff, code_hash) select $1, unnest($2::bytea[])

-- name: identity_use_recovery
update recovery_code set used_at = $3 where staff = $1 and code_hash = $2 and used_at is null
returning staff

-- name: identity_recovery_left
select count(*) from recovery_code where staff = $1 and used_at is null

-- Organisations by number and name.

-- name: organisations_add
insert into organisation (name) values ($1) on conflict (name) do nothing returning organisation, name

-- name: organisations_all
select organisation, name from organisation order by name

-- The outbox. Whoever holds a message's lease, and nobody else, delivers it.

-- name: outbox_beat
-- One heartbeat at a time: of a destination that is away none pile up.
with due as (
    update destination set beat_at = $1::timestamptz
    where enabled and heartbeat_s is not null
        and (beat_at is null or beat_at <= $1::timestamptz - make_interval(secs => heartbeat_s))
    returning destination, organisation
)
insert into outbox (organisation, destination, subject, action, version, body)
select d.organisation, d.destination, 'heartbeat', 'heartbeat', (extract(epoch from $1::timestamptz) * 1000)::bigint,
    json_build_object('v', 1, 'action', 'heartbeat', 'at', $1::timestamptz, 'organisation', o.name)
from due d join organisation o using (organisation)
where not exists (
    select from outbox b
    where b.destination = d.destination and b.subject = 'heartbeat' and b.state = 'waiting')
on conflict do nothing

-- name: outbox_claim
-- Of each subject only the first that waits, and of each destination a few at a time. A lease that ran
-- out is that of a worker that died.
with free as (
    select d.destination, $3::integer - (
        select count(*) from outbox b
        where b.destination = d.destination and b.state = 'waiting' and b.lease_until > $1
    ) as places
    from destination d where d.enabled
), found as (
    select m.id
    from free f
    cross join lateral (
        select w.id from outbox w
        where w.destination = f.destination and w.state = 'waiting'
            and (w.due_at is null or w.due_at <= $1)
            and (w.lease_until is null or w.lease_until <= $5) and w.id <> all ($6::bigint[])
            and not exists (
                select from outbox e
                where e.destination = w.destination and e.subject = w.subject
                    and e.id < w.id and e.state = 'waiting')
        order by w.id
        limit greatest(f.places, 0)
    ) as m
    limit $4
), held as (
    select o.id from outbox o
    where o.id in (select id from found) and o.state = 'waiting'
        and (o.lease_until is null or o.lease_until <= $5)
    for update skip locked
)
update outbox o
set lease = gen_random_uuid(), lease_until = $2, tries = o.tries + 1, first_at = coalesce(o.first_at, $1)
from held, destination d
where o.id = held.id and d.destination = o.destination
returning o.id, o.key::text, o.lease, o.tries, o.first_at, o.body, o.destination,
    d.organisation, d.name, d.channel, d.settings, d.secrets

-- name: outbox_sent
with done as (
    update outbox set state = 'sent', ended_at = $3, lease = null, lease_until = null, reason = null
    where id = $1 and lease = $2 returning destination
)
update destination d set delivered = delivered + 1 from done where d.destination = done.destination
returning 1

-- name: outbox_later
with done as (
    update outbox set due_at = $3, reason = $4, lease = null, lease_until = null
    where id = $1 and lease = $2 returning destination
)
update destination d set retried = retried + 1 from done where d.destination = done.destination
returning 1

-- name: outbox_dead
with done as (
    update outbox set state = 'dead', ended_at = $3, reason = $4, lease = null, lease_until = null
    where id = $1 and lease = $2 returning destination
)
update destination d set gave_up = gave_up + 1 from done where d.destination = done.destination
returning 1

-- name: outbox_forget
delete from outbox where (state = 'sent' and ended_at < $1) or (state = 'dead' and ended_at < $2)

-- name: outbox_add
insert into destination
    (organisation, name, channel, lanes, conditions, actions, heartbeat_s, settings, secrets)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (organisation, name) do update
    set channel = excluded.channel, lanes = excluded.lanes, conditions = excluded.conditions,
        actions = excluded.actions, heartbeat_s = excluded.heartbeat_s,
        settings = excluded.settings, secrets = excluded.secrets, enabled = true
returning destination

-- name: outbox_enable
update destination set enabled = $3 where organisation = $1 and name = $2 returning destination

-- name: outbox_destinations
select
    d.destination, d.organisation, d.name, d.channel, d.lanes, d.conditions, d.actions, d.heartbeat_s,
    d.enabled, d.delivered, d.retried, d.gave_up,
    (select count(*) from outbox o where o.destination = d.destination and o.state = 'waiting') as waiting,
    (select min(o.written_at) from outbox o
        where o.destination = d.destination and o.state = 'waiting') as waiting_since,
    (select count(*) from outbox o where o.destination = d.destination and o.state = 'dead') as dead
from destination d
order by d.organisation, d.name

-- name: outbox_dead_letters
select
    o.id, d.name as destination, o.subject, o.action, o.home, o.written_at, o.tries, o.ended_at, o.reason
from outbox o join destination d on d.destination = o.destination
where o.state = 'dead' and o.id < $2
order by o.id desc limit $1

-- name: outbox_again
update outbox
set state = 'waiting', tries = 0, first_at = null, due_at = null, ended_at = null
where id = $1 and state = 'dead' returning id

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
select b.hub, h.organisation, coalesce(b.last_seen_at, b.claimed_at) as at,
    (b.health->>'every_s')::float8 as every_s
from hub b
join home h on h.home = b.home
where b.public_key is not null and coalesce(b.last_seen_at, b.claimed_at) <= $1
    -- `not in` is hashed whatever the statistics say: they are old when an outage begins.
    and b.hub not in (select hub from silence where over_at is null)
order by h.organisation

-- name: silence_hubs
select count(*) from hub b join home h on h.home = b.home
where b.public_key is not null and h.organisation = $1

-- name: silence_estate
-- Hubs that were heard until just now: those that have long been silent say nothing of an outage.
select count(*) from hub b join home h on h.home = b.home
where b.public_key is not null and h.organisation = $2
    and b.hub not in (select hub from silence where over_at is null and found_at < $1)

-- name: silence_found_lately
select s.heard_at
from silence s
join hub b on b.hub = s.hub
join home h on h.home = b.home
where s.over_at is null and s.outage is null and s.found_at >= $1 and h.organisation = $2

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
    raised_at, reported_at, report_version, body, organisation
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $2, $2, 1, $10::text::json, $11)
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
select a.id, a.organisation, a.state, a.text, min(s.heard_at) as first, max(s.heard_at) as last,
    count(*) as total, count(s.over_at) as back
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
