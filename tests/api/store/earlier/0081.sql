-- Every named query of the version whose newest migration was 0081; see test_upgrade.py.

-- Alerts: what is shown, and the steps of their life. Every step is made on a locked row.

-- name: alerts_queue
select shown.*
from (values (1), (2), (3)) as lanes (lane)
cross join lateral (
    select * from alert_shown v
    where v.lane = lanes.lane and v.state <> 'resolved' and v.state <> 'withdrawn'
        and v.state <> 'shelved'
    order by least(v.raised_at, v.received_at), v.raised_at, v.id
    limit $1
) as shown
order by shown.lane, least(shown.raised_at, shown.received_at), shown.raised_at, shown.id

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
    e.alert, e.version, e.at, e.action, e.before, e.after, e.outcome, e.note, e.words,
    s.id as staff, s.username, s.display_name, s.role
from alert_history e
left join staff s on s.id = e.staff
where e.alert = $1
order by e.id

-- name: alerts_since
-- What others did to an alert after a version of it.
select
    e.alert, e.version, e.at, e.action, e.before, e.after, e.outcome, e.note, e.words,
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
select id from member
where username = $1 and disabled_at is null and $2 = any (organisations) and role = any ($3::text[])

-- name: alerts_colleagues
select id, username, name, role from member
where disabled_at is null and $1 = any (organisations) and id <> $2 and role = any ($3::text[])
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
    reason = '', words = $12, shelved_by = $13, seen_version = $14, level = $15, escalated_at = $16,
    resolved_by = $17, resolved_at = $18, outcome = $19, version = version + 1
where id = $1 returning version

-- name: alerts_keep
-- Who works on one alert of a home keeps the others as long; that alone is no news of them.
update alert set lease_until = $4
where home = $1 and holder = $2 and id <> $3 and state = 'claimed' and lease_until < $4

-- name: alerts_remember
insert into alert_history (alert, version, at, staff, action, before, after, outcome, words)
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

-- name: alerts_said_more
-- What is resolved and urgent, of which its hub has said more since: what was known, and what came.
select a.*, r.body as known, array(
    select s.body::text from alert_report s where s.alert = a.id and s.version > a.seen_version
    order by s.version
) as said
from alert a
left join lateral (
    select s.body from alert_report s where s.alert = a.id and s.version <= a.seen_version
    order by s.version desc limit 1
) r on true
where a.home = $1 and a.state = 'resolved' and a.lane = 1 and a.report_version > a.seen_version
order by a.raised_at, a.ref
for update of a

-- name: alerts_nothing_new
-- It is over, as staff had said: no word of it is looked at twice.
update alert set seen_version = report_version where id = $1 and cleared_at is not null

-- name: alerts_again
update alert set again_at = reported_at where id = $1

-- name: alerts_unanswered
-- What nobody looked at within its duty, with the next level that is called: by the organisation's own
-- duties, or everybody's where none of its own escalates what has this priority.
select a.*, d.within_s, d.level as to_level
from alert a
cross join lateral (
    select case a.lane when 2 then 'advisory' when 3 then 'technical' else 'urgent' end as priority
) p
cross join lateral (
    select e.level, e.within_s from duty e
    where e.escalates and e.priority = p.priority and e.level > a.level
        and coalesce(e.organisation, 0) = coalesce((
            select o.organisation from duty o
            where o.organisation = a.organisation and o.priority = p.priority and o.escalates limit 1
        ), 0)
    order by e.level limit 1
) d
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
select a.*, s.id as to_like, s.returns_at as to_until, s.shelved_by as to_by, s.reason as to_reason,
    s.words as to_words
from alert a
cross join lateral (
    select o.id, o.returns_at, o.shelved_by, o.reason, o.words from alert o
    where o.home = a.home and o.condition = a.condition and o.id <> a.id
        and o.state = 'shelved' and o.state <> 'resolved' and o.returns_at > $1
    order by o.returns_at desc limit 1
) s
where a.state = 'raised' and a.state <> 'resolved' and a.lane <> 1
    and ($2::text is null or a.home = $2)
order by a.raised_at, a.ref limit 500
for update of a skip locked

-- name: alerts_left_behind
-- What is open of a home in which no hub is at work any more, but for what somebody has to look at.
select * from alert a
where a.home = $1 and a.state <> 'resolved' and a.state <> 'withdrawn' and a.lane <> 1
    and not exists (
        select from hub b where b.home = a.home and b.public_key is not null and b.revoked_at is null
    )
order by a.raised_at, a.ref
for update of a

-- name: alerts_orphaned
-- What is not over of what hubs that were let go told of equipment, and the centre of these hubs.
select a.id, a.body, h.time_zone, b.revoked_at, b.revoked_why
from hub b
join home h on h.home = b.home
cross join lateral (
    select o.id from journal j join alert o on o.report_journal = j.journal
    where j.hub = b.hub and o.cleared_at is null and o.lane = 3
    union
    select s.alert from silence s where s.hub = b.hub and s.alert is not null
) told
join alert a on a.id = told.id and a.cleared_at is null
where b.revoked_at is not null
order by a.raised_at, a.ref limit 500
for update of a skip locked

-- name: alerts_duties
select organisation, priority, level, kind, within_s, share, escalates
from duty
where coalesce(organisation, 0) = coalesce(
    (select o.organisation from duty o where o.organisation = $1 limit 1), 0
)
order by array_position(array['urgent', 'advisory', 'technical'], priority), level

-- name: alerts_within_reach
select exists (select from organisation where organisation = $1)

-- name: alerts_lock_organisation
-- Whoever sets something of an organisation as a whole comes after who is at it.
select pg_advisory_xact_lock(hashtextextended('duties', $1))

-- name: alerts_drop_duties
delete from duty where organisation = $1

-- name: alerts_add_duty
insert into duty (organisation, priority, level, kind, within_s, share, escalates)
values ($1, $2, $3, $4, $5, $6, $7)

-- name: alerts_raise_own
-- What the centre raises itself, about a home or, without one, an organisation.
insert into alert as a (
    home, received_at, ref, condition, subject, severity, score, text, prompt,
    raised_at, reported_at, report_version, body, organisation
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $2, $2, 1, $10::text::json, $11)
on conflict (home, ref) do update
    set text = excluded.text, prompt = excluded.prompt, body = excluded.body
returning id

-- name: alerts_told_own
select ref, raised_at, report_version from alert where id = $1 for update

-- name: alerts_report_own
update alert
set text = $2, prompt = $3, body = $4::text::json, reported_at = $5, cleared_at = $6,
    report_version = report_version + 1, version = version + 1
where id = $1

-- name: alerts_held_beyond
-- What somebody holds or was offered outside of these organisations, in the order in which ingest locks.
select * from alert
where (holder = $1 or offered_to = $1) and state <> 'resolved' and organisation <> all ($2::bigint[])
order by raised_at, ref
for update

-- name: alerts_tasks_held
select from follow_up where assignee = $1 and ended_at is null order by follow_up for update

-- name: alerts_tasks_beyond
update follow_up f set assignee = null, version = f.version + 1
from home h
where f.assignee = $1 and f.ended_at is null and h.home = f.home and h.organisation <> all ($2::bigint[])

-- The audit log. Entries are made by a function of the database alone; nothing changes them.

-- name: audit_note
select audit_note($1, $2, $3, $4, $5, $6)

-- name: audit_chains
select chain from audit_chain union select distinct chain from audit order by 1

-- One statement sees one moment: the head of the chain as it was when these entries were read.

-- name: audit_entries
select h.entries as head_entries, h.hash as head_hash, h.begins as start_entries, h.anchor as start_hash, a.*
from (select $1::bigint as chain) w
left join audit_chain h on h.chain = w.chain
left join lateral (
    select * from audit a where a.chain = w.chain and a.number > $2 order by a.number limit $3
) a on true
order by a.number

-- name: audit_newest
-- $4 to $7 narrow it: a home (with its alerts and hubs), a member of staff (with their tokens), from
-- and to before a moment; each null for all.
select a.number, a.at, a.actor, a.session, a.correlation, a.action, a.kind, a.subject, a.detail,
    coalesce(s.username, '') as username
from audit a
left join staff s on s.id = substring(a.actor from 'staff:([0-9]{1,18})$')::bigint
where a.chain = $1 and a.number < $2
    and ($4::text is null
        or (a.kind = 'home' and a.subject = $4)
        or (a.kind = 'hub' and a.subject in (select hub from hub where home = $4))
        or (a.kind = 'alert' and a.subject in (select id::text from alert where home = $4)))
    and ($5::text is null or s.username = $5)
    and ($6::timestamptz is null or a.at >= $6)
    and ($7::timestamptz is null or a.at < $7)
order by a.number desc limit $3

-- Cohorts: saved filters, what is known of an organisation's homes, who was called.

-- name: cohorts_all
select cohort, organisation, name, criteria, quiet_days from cohort order by organisation, cohort

-- name: cohorts_one
select cohort, organisation, name, criteria, quiet_days from cohort where cohort = $1

-- name: cohorts_add
insert into cohort (organisation, name, criteria, quiet_days, added_by)
values ($1, $2, $3::text::json, $4, $5)
on conflict do nothing
returning cohort

-- name: cohorts_remove
delete from cohort where cohort = $1 returning cohort

-- name: cohorts_homes
select home, label, time_zone from home where organisation = $1 order by label, home

-- name: cohorts_temperatures
select c.home, sum(c.total) / sum(c.n) as celsius
from daily_counts c join home h on h.home = c.home
where h.organisation = $1 and c.kind = 'temperature' and c.day >= $2 and c.day < $3
    and c.place not in ('fridge', 'freezer', 'outside', 'outdoors', 'garden', 'hot_water')
group by c.home
having sum(c.n) > 0

-- name: cohorts_counts
-- Of each day on which the home was heard: how often what $4 is about was used.
select c.home, (c.day at time zone 'Europe/London')::date as day,
    coalesce(sum(case when c.kind = 'opening' then c.total else c.n end) filter (where case $4
        when 'bathroom' then c.place in ('bathroom', 'toilet') and c.kind in ('motion', 'flush')
        when 'kitchen' then c.kind = 'appliance' or (c.kind = 'opening' and c.place = 'fridge')
            or (c.kind = 'motion' and c.place = 'kitchen')
        else (c.kind = 'appliance' and c.place = 'kettle') or (c.kind = 'opening' and c.place = 'fridge')
    end), 0)::float8 as used
from daily_counts c join home h on h.home = c.home
where h.organisation = $1 and c.day >= $2 and c.day < $3 and c.kind <> 'link'
group by 1, 2

-- name: cohorts_raised
select home, condition, max(raised_at) as at from alert
where organisation = $1 and home is not null and raised_at >= $2 and condition = any ($3)
    and state <> 'withdrawn' and (outcome is null or outcome not in ('false_alarm', 'test'))
group by home, condition

-- name: cohorts_bathrooms
-- Homes of which a sensor sees the bathroom and was heard since $2.
select distinct s.home from sensor s join home h on h.home = s.home
where h.organisation = $1 and s.place = 'bathroom' and s.kind = 'motion' and s.last_at >= $2

-- name: cohorts_nights
-- Trips to the bathroom from 23 to 06 by the home's clock: activations ten minutes apart are two.
with seen as (
    select e.home, e.at, h.time_zone, lag(e.at) over (partition by e.home order by e.at) as before
    from event e join home h on h.home = e.home
    where h.organisation = $1 and e.at >= $2 and e.at < $3 and e.place = 'bathroom' and e.kind = 'motion'
        and e.quality in ('ok', 'late')
),
trips as (
    select home, (at at time zone time_zone) + interval '1 hour' as local from seen
    where before is null or at - before > interval '10 minutes'
)
select home, local::date as night, count(*)::integer as trips from trips
where extract(hour from local) < 7
group by 1, 2

-- name: cohorts_unshared
select left_out($1)

-- name: cohorts_contacts
select c.home, h.label, c.at, s.display_name as by, c.outcome, c.note, c.words, c.why, c.until
from cohort_contact c
join home h on h.home = c.home
join staff s on s.id = c.by
where c.cohort = $1
order by c.at desc, c.id desc
limit $2

-- name: cohorts_lasts
select distinct on (c.home) c.home, h.label, c.at, s.display_name as by, c.outcome, c.note, c.words, c.why, c.until
from cohort_contact c
join home h on h.home = c.home
join staff s on s.id = c.by
where c.cohort = $1
order by c.home, c.at desc, c.id desc

-- name: cohorts_lock
-- Who records calls for one list waits for each other.
select pg_advisory_xact_lock(2118970414, $1::integer)

-- name: cohorts_called
insert into cohort_contact (cohort, home, at, by, outcome, words, why, until)
values ($1, $2, $3, $4, $5, $6, $7, $8)

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
select hub from hub where hub = $1 and public_key is not null and revoked_at is null
for no key update

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

-- The estate. Whose hubs these are, the reach of the transaction says.

-- name: estate_hubs
-- Those that are at work, or awaited by a home. What the hub tells of itself is read by whoever asks.
select b.hub, b.home, h.label, h.time_zone, b.public_key is null as awaited, b.claim_expires_at,
    b.last_seen_at, s.heard_at is not null as silent, b.health::text as health,
    coalesce(r.state in ('refused', 'reverted'), false) as refuses
from hub b
join home h on h.home = b.home
left join silence s on s.hub = b.hub and s.over_at is null
left join lateral (
    select c.state from configuration_report c where c.hub = b.hub order by c.version desc limit 1
) r on true
where b.revoked_at is null

-- Rows for others, in the order of a key from which the next page goes on. What is within reach, the
-- transaction says. $1 is a home or null; $2 and $3 the time that is asked for, $4 and $5 the time of
-- the last change, each from, inclusive, and until, exclusive, or null; $6 the homes that may be shared, or
-- null; $7 how many at most.

-- name: exports_homes
select h.home, h.pseudonym::text as pseudonym, h.label, h.time_zone, h.organisation, h.added_at as updated_at
from home h
where ($1::text is null or h.home = $1) and ($6::text[] is null or h.home = any ($6))
    and ($2::timestamptz is null or h.added_at >= $2) and ($3::timestamptz is null or h.added_at < $3)
    and ($4::timestamptz is null or h.added_at >= $4) and ($5::timestamptz is null or h.added_at < $5)
    and h.home > $8
order by h.home
limit $7

-- name: exports_devices
select d.*, h.pseudonym::text as pseudonym
from (
    select b.home, 'hub' as what, b.hub as name, '' as kind, '' as place, null::float8 as battery,
        coalesce(b.last_seen_at, b.claimed_at) as updated_at
    from hub b where b.claimed_at is not null
    union all
    select s.home, 'sensor', s.sensor, string_agg(s.kind, ' ' order by s.kind), min(s.place), min(s.battery),
        max(s.last_at)
    from sensor s group by s.home, s.sensor
) d
join home h on h.home = d.home
where ($1::text is null or d.home = $1) and ($6::text[] is null or d.home = any ($6))
    and ($2::timestamptz is null or d.updated_at >= $2) and ($3::timestamptz is null or d.updated_at < $3)
    and ($4::timestamptz is null or d.updated_at >= $4) and ($5::timestamptz is null or d.updated_at < $5)
    and (d.home, d.what, d.name) > ($8, $9, $10)
order by d.home, d.what, d.name
limit $7

-- name: exports_counts
-- Whole days of London, each changed last when it was over. Home by home, for the planner may not look
-- into what row-level security hides: joined otherwise, it reads all counts of all homes for each page.
select h.home, h.pseudonym::text as pseudonym, c.day, c.place, c.kind,
    (case when c.kind in ('opening', 'presence', 'button', 'link') then c.total else c.n end)::bigint as count,
    c.n, c.total, c.updated_at
from home h
cross join lateral (
    select d.day, d.place, d.kind, d.n, d.total, o.updated_at
    from daily_counts d
    cross join lateral (
        select (d.day at time zone 'Europe/London' + interval '1 day') at time zone 'Europe/London' as updated_at
    ) o
    where d.home = h.home
        and ($2::timestamptz is null or d.day >= $2) and ($3::timestamptz is null or d.day < $3)
        and ($4::timestamptz is null or o.updated_at >= $4) and ($5::timestamptz is null or o.updated_at < $5)
        and d.kind <> 'link'
        and (h.home > $8 or (d.day, d.place, d.kind) > ($9::timestamptz, $10, $11))
    order by d.day, d.place, d.kind
    limit $7
) c
where h.home >= $8 and ($1::text is null or h.home = $1) and ($6::text[] is null or h.home = any ($6))
order by h.home, c.day, c.place, c.kind
limit $7

-- name: exports_alerts
select * from (
    select a.id, a.home, h.pseudonym::text as pseudonym, a.organisation, a.condition, a.subject, a.severity, a.lane,
        a.score, a.text, a.prompt, a.raised_at, a.received_at, a.cleared_at, a.state, a.holder, a.resolved_at,
        a.outcome, a.body,
        greatest(a.received_at, a.reported_at, a.cleared_at, (
            select max(e.at) from alert_history e where e.alert = a.id
        )) as updated_at,
        (
            select min(e.at) from alert_history e
            where e.alert = a.id and e.staff is not null and e.action in ('claim', 'accept', 'takeover')
        ) as looked_at
    from alert a
    left join home h on h.home = a.home
    where ($1::text is null or a.home = $1)
        and ($6::text[] is null or a.home is null or a.home = any ($6))
        and ($2::timestamptz is null or a.raised_at >= $2) and ($3::timestamptz is null or a.raised_at < $3)
        and a.id > $8
) a
where ($4::timestamptz is null or a.updated_at >= $4) and ($5::timestamptz is null or a.updated_at < $5)
order by a.id
limit $7

-- name: exports_events
-- Of one home; an event has no other time of change than its own.
select e.home, h.pseudonym::text as pseudonym, e.at, e.sensor, e.kind, e.place, e.value, e.quality,
    e.journal, e.seq, e.at as updated_at
from event e
join home h on h.home = e.home
where e.home = $1 and ($6::text[] is null or e.home = any ($6))
    and e.at >= greatest($2::timestamptz, $4::timestamptz, $8::timestamptz)
    and e.at < least($3::timestamptz, $5::timestamptz, 'infinity')
    and (e.at, e.journal, e.seq) > ($8::timestamptz, $9::bigint, $10::bigint)
order by e.at, e.journal, e.seq
limit $7

-- name: exports_home_of
select home from home where pseudonym = $1::uuid

-- name: exports_name
select name from organisation where organisation = $1

-- Bulk exports: who asked, what was made, until when.

-- name: fhir_ask
insert into export_job (organisations, staff, types, since, identified, request, asked_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
returning job

-- name: fhir_running
select count(*) from export_job where staff = $1 and expires_at > $2

-- name: fhir_mine
select state, types, identified, request, asked_at
from export_job where job = $1::text::uuid and staff = $2 and expires_at > $3

-- name: fhir_cancel
delete from export_job where job = $1::text::uuid and staff = $2 returning job

-- name: fhir_parts
select type, sum(resources)::integer as resources from export_part
where job = $1::text::uuid group by type order by type

-- name: fhir_part
select body from export_part where job = $1::text::uuid and type = $2 and number = $3

-- name: fhir_take
update export_job set lease_until = $2
where job = (
    select job from export_job
    where state = 'waiting' and (lease_until is null or lease_until <= $1) and expires_at > $1
    order by asked_at limit 1
    for update skip locked
)
returning job, organisations, types, since, identified, asked_at

-- name: fhir_clear
delete from export_part where job = $1

-- name: fhir_add
insert into export_part (job, type, number, resources, body) values ($1, $2, $3, $4, $5)

-- name: fhir_renew
update export_job set lease_until = $2 where job = $1

-- name: fhir_finish
update export_job set state = $2, made_at = $3, lease_until = null where job = $1

-- name: fhir_forget
delete from export_job where expires_at <= $1

-- How far the fitting of a home has come. What other rooms know is asked of their tables, not kept twice.

-- name: fitting_home
select label, time_zone from home where home = $1

-- name: fitting_hubs
select hub, claimed_at, claim_expires_at as code_expires_at, last_seen_at, health::text as health
from hub where home = $1 and revoked_at is null
order by hub

-- name: fitting_heard
select sensor, array_agg(kind) as kinds, max(last_at) as last_at,
    (array_agg(battery order by last_at desc) filter (where battery is not null))[1] as battery
from sensor where home = $1
group by sensor

-- name: fitting_signed
select f.fitting, f.signed_at, coalesce(s.display_name, '') as by,
    coalesce(json_array_length(f.found -> 'open'), 0) as open
from fitting f left join staff s on s.id = f.signed_by
where f.hub = $1
order by f.fitting desc limit $2

-- name: fitting_certificate
-- By its number, or the newest of the home.
select f.fitting, f.home, h.time_zone, f.hub, f.signed_at, coalesce(s.display_name, '') as by, f.why,
    f.found::text as found
from fitting f join home h on h.home = f.home left join staff s on s.id = f.signed_by
where f.home = $1 and ($2::bigint is null or f.fitting = $2)
order by f.fitting desc limit 1

-- name: fitting_known
select fitting from fitting where home = $1 and key = $2

-- name: fitting_sign
insert into fitting (home, hub, key, signed_at, signed_by, why, found)
values ($1, $2, $3, $4, $5, $6, $7::text::json)
on conflict (home, key) do nothing
returning fitting

-- name: fitting_asked
select id, hub, number, kind, body::text as body, issued_at, expires_at, sent_at, told_at, state,
    said, alert, answered_at
from command
where hub = $1 and kind = $2 and issued_at >= $3
order by number desc limit $4

-- name: fitting_steps
select sensor, kind, count(*) as times, max(at) as last_at
from walk_step where hub = $1 and command = any($2::text[])
group by sensor, kind

-- name: fitting_arrived
-- Test alerts alone: who fits hubs learns of no other.
select ref, received_at from alert
where home = $1 and ref = any($2::text[]) and condition = 'test_alert'

-- name: fitting_calls
select c.called_at, coalesce(s.display_name, '') as by, c.answered
from fitting_call c left join staff s on s.id = c.called_by
where c.home = $1 and c.called_at >= $2
order by c.call desc limit 1

-- name: fitting_add_call
insert into fitting_call (home, key, called_at, called_by, answered) values ($1, $2, $3, $4, $5)
on conflict (home, key) do nothing
returning call

-- The floor as it is now. Whose rows these are, the reach of the transaction says.

-- name: floor_organisations
select organisation from organisation order by organisation

-- name: floor_duties
select organisation, priority, level, kind, within_s, share, escalates from duty order by id

-- name: floor_open
-- What is not at its end, with since when it waits where nobody has it.
select a.organisation, a.lane, a.state, coalesce(h.time_zone, 'UTC') as time_zone,
    coalesce(a.waiting_since, a.received_at) as since
from alert a
left join home h on h.home = a.home
where a.state not in ('resolved', 'withdrawn')

-- name: floor_hubs
-- Those that homes have now. Silent is whom the watch found so.
select
    count(*) filter (where s.hub is null and b.last_seen_at is not null) as heard,
    count(*) filter (where s.hub is not null) as silent,
    count(*) filter (where s.hub is null and b.last_seen_at is null) as unheard
from hub b
left join silence s on s.hub = b.hub and s.over_at is null
where b.public_key is not null and b.revoked_at is null

-- name: floor_unwatched
-- Homes with a pause or an absence that has begun and is not known to be over.
select count(distinct home) from spell where begun_at is not null and ended_at is null

-- name: floor_tasks
-- By the local day of each home.
select
    count(*) filter (where f.due_on < ($1::timestamptz at time zone h.time_zone)::date) as overdue,
    count(*) filter (where f.due_on = ($1::timestamptz at time zone h.time_zone)::date) as due
from follow_up f
join home h on h.home = f.home
where f.ended_at is null

-- name: floor_hands
-- Who did something since $1, or has something now.
with did as (
    select e.staff, count(*) as steps,
        count(*) filter (where e.action in ('claim', 'accept', 'takeover') and e.before <> e.after) as taken,
        count(*) filter (where e.action = 'resolve') as resolved, max(e.at) as last_at
    from alert_history e
    join alert a on a.id = e.alert
    where e.staff is not null and e.at >= $1
    group by e.staff
),
has as (
    select a.holder as staff, count(*) filter (where a.state = 'claimed') as holding,
        count(*) filter (where a.state = 'suspended') as waiting
    from alert a
    where a.holder is not null and a.state in ('claimed', 'suspended')
    group by a.holder
)
select s.id as staff, s.display_name as name, s.role,
    coalesce(has.holding, 0) as holding, coalesce(has.waiting, 0) as waiting,
    coalesce(did.taken, 0) as taken, coalesce(did.resolved, 0) as resolved,
    coalesce(did.steps, 0) as steps, did.last_at
from did full join has using (staff)
join staff s on s.id = staff
order by s.display_name, s.id

-- name: floor_ended
-- What staff ended since $1, the newest first.
select a.id, coalesce(a.home, '') as home, coalesce(a.label, '') as label,
    coalesce(a.time_zone, 'UTC') as time_zone, a.condition, a.outcome,
    a.resolved_at as at, a.display_name as name
from alert_shown a
where a.state = 'resolved' and a.resolved_at >= $1 and a.condition <> 'test_alert'
order by a.resolved_at desc, a.id desc limit 500

-- name: floor_absent
-- Homes that their hubs were told not to watch, those that come back first on top.
select s.home, h.label, h.time_zone, s.kind, s.until
from spell s join home h on h.home = s.home
where s.begun_at is not null and s.ended_at is null
order by s.until, s.spell limit 500

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
select b.hub, b.claimed_at is not null as claimed, b.claim_expires_at as code_expires_at, b.key_at,
    b.revoked_at, coalesce(b.revoked_why, '') as revoked_why, coalesce(b.replaces, '') as replaces, b.last_seen_at, b.health_at, b.health,
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
insert into hub (hub, home, claim_hash, claim_expires_at, replaces) values ($1, $2, $3, $4, $5)

-- name: hubs_all
select b.hub, b.home, o.name as organisation, b.claimed_at, b.last_seen_at, b.revoked_at, b.revoked_why, b.replaces
from hub b join home h on h.home = b.home join organisation o on o.organisation = h.organisation
order by o.name, b.home, b.hub

-- name: hubs_lock_hub
select hub, home, public_key, revoked_at from hub where hub = $1 for no key update

-- name: hubs_renew_code
update hub set claim_hash = $2, claim_expires_at = $3 where hub = $1

-- name: hubs_successor
select hub from hub where replaces = $1 and revoked_at is null

-- name: hubs_revoke
update hub set revoked_at = $2, revoked_why = $3 where hub = $1 and revoked_at is null returning hub

-- Nobody waits any more for one that was let go.

-- name: hubs_end_silence
update silence set over_at = $2 where hub = $1 and over_at is null

-- name: hubs_retire_predecessor
update hub old set revoked_at = $2, revoked_why = 'replaced'
from hub new
where new.hub = $1 and new.revoked_at is null and old.hub = new.replaces and old.revoked_at is null
returning old.hub

-- name: hubs_rotate
update hub set public_key = $2, key_at = $3 where hub = $1

-- name: hubs_lock_claim
select hub, home, public_key, claim_expires_at from hub
where claim_hash = $1 and revoked_at is null for update

-- name: hubs_claim
update hub set public_key = $2, claimed_at = $3 where hub = $1

-- name: hubs_hub
select b.home, b.public_key, b.revoked_at, b.revoked_why,
    exists (select from hub o where o.hub = b.replaces and o.revoked_at is null) as succeeds
from hub b where b.hub = $1 and b.public_key is not null

-- name: hubs_retired
select revoked_at, revoked_why from hub where hub = $1 and revoked_at is not null

-- name: hubs_erased
select public_key from erased_hub where hub_hash = sha256(convert_to($1::text, 'UTF8'))

-- name: hubs_told_to_forget
update erased_hub set told_at = coalesce(told_at, $2)
where hub_hash = sha256(convert_to($1::text, 'UTF8'))

-- name: hubs_seen
-- It is heard ($3) by what is new alone: one that can write nothing posts the same again for hours.
update hub set last_seen_at = case when $3 then $2 else last_seen_at end
where hub = $1 and revoked_at is null returning hub

-- name: hubs_open_journals
-- In the order in which they began, and so are numbered.
insert into journal (hub, epoch)
select $1, epoch from unnest($2::text[]) with ordinality as e (epoch, n) order by n
on conflict do nothing

-- name: hubs_forgot
-- Its first journal, it says; the centre has records of another.
update hub set forgot_at = $3, forgot_since = last_seen_at
where hub = $1 and exists (select from journal where hub = $1 and epoch <> $2 and received <> '{}')

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

-- name: hubs_add_starts
-- Those that are not known yet. The last seven tell of six restarts.
with fresh as (
    select array_agg(s.at order by s.n) as starts
    from hub b, unnest($2::timestamptz[]) with ordinality as s (at, n)
    where b.hub = $1 and s.at <> all (b.starts)
)
update hub b
set starts = (b.starts || f.starts)[cardinality(b.starts) + cardinality(f.starts) - 6:], start_heard_at = $3
from fresh f
where b.hub = $1 and f.starts is not null

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
    home, received_at, report_journal, ref, condition, subject, severity, score, text, prompt,
    raised_at, reported_at, cleared_at, report_version, body
)
select $1, $2, $3, ref, condition, subject, severity, score, text, prompt,
    raised_at, reported_at, cleared_at, report_version, body::json
from unnest(
    $4::text[], $5::text[], $6::text[], $7::text[], $8::float8[], $9::text[], $10::text[],
    $11::timestamptz[], $12::timestamptz[], $13::timestamptz[], $14::integer[], $15::text[]
) as n (
    ref, condition, subject, severity, score, text, prompt,
    raised_at, reported_at, cleared_at, report_version, body
)
order by raised_at, ref
on conflict (home, ref) do update
    set condition = excluded.condition, subject = excluded.subject, severity = excluded.severity,
        score = excluded.score, text = excluded.text, prompt = excluded.prompt,
        raised_at = excluded.raised_at, reported_at = excluded.reported_at,
        cleared_at = excluded.cleared_at, body = excluded.body, version = a.version + 1,
        report_journal = excluded.report_journal,
        (report_base, report_version) = (
            select base, base + excluded.report_version
            from (select case
                when a.report_version < a.report_base + excluded.report_version then a.report_base
                else a.report_version end as base) as counted)
    where excluded.report_journal >= coalesce(a.report_journal, excluded.report_journal)
        and (a.report_version < a.report_base + excluded.report_version
            -- said later, by a hub that forgot what it had said
            or (excluded.report_journal > a.report_journal
                and excluded.reported_at > a.reported_at))

-- name: hubs_add_reports
insert into alert_report (alert, version, reported_at, journal, seq, body)
select a.id, n.version + case when a.report_journal = $2 then a.report_base else 0 end,
    n.reported_at, $2, n.seq, n.body::json
from unnest($3::bigint[], $4::text[], $5::integer[], $6::timestamptz[], $7::text[])
    as n (seq, ref, version, reported_at, body)
join alert a on a.home = $1 and a.ref = n.ref
returning alert, seq

-- Staff, sessions and the counting of attempts.

-- name: identity_add
insert into staff (username, display_name, role, password_hash, everywhere)
values ($1, $2, $3, $4, $5)
on conflict (username) do nothing
returning id

-- name: identity_join
insert into staff_organisation (staff, organisation) select $1, unnest($2::bigint[])

-- name: identity_member
select id, username, name, role, organisations, version from member where id = $1

-- name: identity_by_username
select id, username, name, role, organisations, version, password_hash
from member where username = $1 and disabled_at is null

-- name: identity_set_password
-- The same password, hashed anew.
update staff set password_hash = $2 where id = $1 and version = $3

-- name: identity_arrive
-- Goes on only if they are still as they were shown in; who lets them go waits, or is waited for.
update staff set last_here_at = $3 where id = $1 and version = $2 and disabled_at is null
returning id

-- name: identity_open_session
insert into session (token_hash, staff, created_at, expires_at, signed_in_by, strong)
values ($1, $2, $3, $4, $5, $6)
returning id

-- name: identity_session
select s.id, s.username, s.name, s.role, s.organisations, s.version, e.id as session, e.expires_at,
    s.role = any ($3::text[]) and not e.strong and not exists (
        select from second_factor f where f.staff = s.id and f.confirmed_at is not null
    ) and not exists (select from passkey p where p.staff = s.id) as must_enrol
from session e
join member s on s.id = e.staff
where e.token_hash = $1 and e.expires_at > $2 and s.disabled_at is null

-- name: identity_end_session
delete from session where token_hash = $1 returning id, staff, signed_in_by

-- name: identity_forget_sessions
delete from session where expires_at <= $1

-- name: identity_attempt
insert into throttle as t (key, attempts, ends_at) values ($1, 1, $3)
on conflict (key) do update
    set attempts = case when t.ends_at <= $2 then 1 else t.attempts + 1 end,
        ends_at = case when t.ends_at <= $2 then excluded.ends_at else t.ends_at end
returning attempts, ends_at

-- name: identity_give_back
update throttle set attempts = attempts - 1 where key = $1 and attempts > 0

-- name: identity_attempted
select exists (select from throttle where key = $1 and ends_at > $2)

-- name: identity_forgive
delete from throttle where key = $1

-- name: identity_forget
delete from throttle where ends_at <= $1

-- Written once a minute at most, so that a busy session costs no write for each request.

-- name: identity_use_session
update session set last_used_at = $2::timestamptz
where token_hash = $1 and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute')

-- name: identity_sessions
select e.id, m.id as staff, m.username, e.created_at, e.expires_at, e.last_used_at, e.signed_in_by
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
insert into api_token (staff, name, token_hash, scopes, created_at, expires_at, by_provider)
values ($1, $2, $3, $4, $5, $6, exists (
    select from session e where e.id = $7 and e.strong and e.signed_in_by = 'oidc'))
returning id

-- name: identity_count_tokens
select count(*) from api_token where staff = $1 and revoked_at is null and expires_at > $2

-- name: identity_token
-- As for a session, but that a passkey which was used once does not count for as long as a token is good.
select m.id, m.username, m.name, m.role, m.organisations, t.id as token, t.scopes, t.expires_at,
    m.role = any ($3::text[]) and not t.by_provider and not exists (
        select from second_factor f where f.staff = m.id and f.confirmed_at is not null
    ) and not exists (select from passkey p where p.staff = m.id) as must_enrol
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

-- name: identity_has_second_factor
select exists (select from second_factor where staff = $1) or exists (select from passkey where staff = $1)

-- name: identity_number
select id from staff where username = $1

-- name: identity_add_recovery
insert into recovery_code (staff, code_hash) select $1, unnest($2::bytea[])

-- name: identity_use_recovery
update recovery_code set used_at = $3 where staff = $1 and code_hash = $2 and used_at is null
returning staff

-- name: identity_recovery_left
select count(*) from recovery_code where staff = $1 and used_at is null

-- name: identity_by_identity
select staff from staff_identity where issuer = $1 and subject = $2

-- name: identity_add_identity
insert into staff_identity (issuer, subject, staff, added_at) values ($1, $2, $3, $4)

-- name: identity_as_provider_says
update staff set display_name = $2, role = $3, everywhere = $4
where id = $1 and disabled_at is null
returning id

-- name: identity_leave_all
delete from staff_organisation where staff = $1

-- name: identity_passkeys
select id, name, synced, added_at, last_used_at from passkey where staff = $1 order by id desc

-- name: identity_credentials
select credential from passkey where staff = $1

-- name: identity_has_passkey
select exists (select from passkey where staff = $1)

-- name: identity_add_challenge
insert into passkey_challenge (challenge, staff, expires_at) values ($1, $2, $3)

-- name: identity_spend_challenge
delete from passkey_challenge
where challenge = $1 and staff is not distinct from $2::bigint and expires_at > $3
returning challenge

-- name: identity_forget_challenges
delete from passkey_challenge where expires_at <= $1

-- name: identity_add_passkey
insert into passkey (staff, credential, public_key, sign_count, name, synced, added_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (credential) do nothing
returning id, name, synced, added_at, last_used_at

-- name: identity_rename_passkey
update passkey set name = $3 where id = $1 and staff = $2 returning id

-- name: identity_remove_passkey
delete from passkey where id = $1 and staff = $2 returning id

-- name: identity_drop_passkeys
delete from passkey where staff = $1

-- name: identity_lock_passkey
-- Not of whom the provider answers for: who left it would come in by that for ever.
select p.id, p.staff, p.public_key, p.sign_count
from passkey p join staff s on s.id = p.staff
where p.credential = $1 and s.disabled_at is null
    and not exists (select from staff_identity i where i.staff = s.id)
for update of p

-- name: identity_use_passkey
update passkey set sign_count = $2, last_used_at = $3 where id = $1

-- name: identity_session_opened
select created_at from session where id = $1

-- name: identity_end_sessions
delete from session where staff = $1

-- name: identity_revoke_tokens
update api_token set revoked_at = $2 where staff = $1 and revoked_at is null

-- name: identity_end_sessions_by
delete from session where staff = $1 and signed_in_by = $2

-- name: identity_end_other_sessions
delete from session where staff = $1 and id <> $2

-- name: identity_renew_session
update session set token_hash = $2 where id = $1 returning id

-- name: identity_own
select s.password_hash, s.version, exists (select from staff_identity i where i.staff = s.id) as by_provider
from staff s where s.id = $1 and s.disabled_at is null

-- name: identity_change_password
update staff set password_hash = $2, version = version + 1
where id = $1 and version = $3 and disabled_at is null
returning id

-- name: identity_invited
select s.id from invitation i join staff s on s.id = i.staff
where i.token_hash = $1 and i.expires_at > $2 and s.disabled_at is null

-- name: identity_choose_password
-- The row of staff is locked first, as everywhere; whether the link was good, its own row decides.
update staff set password_hash = $2, version = version + 1 where id = $1 and disabled_at is null
returning username

-- name: identity_spend_invitation
delete from invitation where staff = $1 and token_hash = $2 and expires_at > $3 returning staff

-- name: identity_drop_invitation
delete from invitation where staff = $1

-- name: identity_invite
insert into invitation (staff, token_hash, expires_at) values ($1, $2, $3)
on conflict (staff) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at

-- name: identity_shown
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

-- name: identity_lock_staff
-- Whoever acts, whom it is about, and all who look after everything, so that of two administrators who
-- let each other go one is late. Always in this order.
select id from staff
where id = any ($1::bigint[]) or (role = 'administrator' and everywhere and disabled_at is null)
order by id for no key update

-- name: identity_lock_one
-- Also against whoever makes them the holder of something.
select id from staff where id = $1 for update

-- name: identity_chiefs
-- Administrators of the whole centre who can come in: whoever was invited has not come yet.
select count(*) from staff s
where s.role = 'administrator' and s.everywhere and s.disabled_at is null
    and not exists (select from invitation i where i.staff = s.id)

-- name: identity_alter
update staff set display_name = $2, role = $3, everywhere = $4, version = version + 1 where id = $1

-- name: identity_disable
update staff set disabled_at = $2, version = version + 1 where id = $1

-- name: identity_enable
update staff set disabled_at = null, version = version + 1 where id = $1

-- name: identity_show_anew
-- Whoever was shown in a moment ago is not let in any more.
update staff set version = version + 1 where id = $1

-- name: identity_set_unknown_password
update staff set password_hash = $2, version = version + 1 where id = $1

-- name: identity_drop_challenges
delete from passkey_challenge where staff = $1

-- What the centre's database tells of the centre as a whole. Nothing here names anybody.

-- name: operation_hubs
-- Silent is whom the watch found so; a hub that was never heard is neither.
select
    count(*) filter (where s.hub is null) as heard,
    count(*) filter (where s.hub is not null) as silent
from hub b
left join silence s on s.hub = b.hub and s.over_at is null
where b.public_key is not null and b.revoked_at is null

-- name: operation_alerts
select
    (array['urgent', 'advisory', 'technical'])[a.lane] as priority, a.state, count(*) as n,
    extract(epoch from $1::timestamptz - min(coalesce(a.waiting_since, a.received_at)))::float8 as oldest
from alert a
where a.state <> 'resolved' and a.state <> 'withdrawn'
group by 1, 2

-- name: operation_missed
-- Of what waits now: each duty that is measured in seconds and that is broken.
select d.priority, d.level, count(*) as n
from alert a
join duty d on d.kind = 'seconds'
    and d.priority = case a.lane when 2 then 'advisory' when 3 then 'technical' else 'urgent' end
    and coalesce(d.organisation, 0) = coalesce(
        (select o.organisation from duty o where o.organisation = a.organisation limit 1), 0
    )
where a.state in ('raised', 'escalated') and a.state <> 'resolved'
    and coalesce(a.waiting_since, a.received_at) <= $1::timestamptz - make_interval(secs => d.within_s)
group by 1, 2

-- name: operation_outbox
select
    count(*) filter (where state = 'waiting') as waiting,
    count(*) filter (where state = 'dead') as dead,
    coalesce(extract(epoch from $1::timestamptz - min(written_at) filter (where state = 'waiting')), 0)::float8
        as oldest
from outbox where state <> 'sent'

-- name: operation_clock
-- Not now(): that is when the transaction began.
select clock_timestamp()

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
-- Of each subject only the first that waits, and of each destination a few at a time, what is urgent
-- first; of one that has just failed only one. A lease that ran out is that of a worker that died.
with free as (
    select d.destination, (case when exists (
        select from outbox b where b.destination = d.destination and b.state = 'waiting' and b.reason is not null
    ) then 1 else $3::integer end) - (
        select count(*) from outbox b
        where b.destination = d.destination and b.state = 'waiting' and b.lease_until > $1
    ) as places
    from destination d where d.enabled
), found as (
    select m.id
    from free f
    cross join lateral (
        select w.id, w.body ->> 'lane' is distinct from 'urgent' as can_wait from outbox w
        where w.destination = f.destination and w.state = 'waiting'
            and (w.due_at is null or w.due_at <= $1)
            and (w.lease_until is null or w.lease_until <= $5) and w.id <> all ($6::bigint[])
            and not exists (
                select from outbox e
                where e.destination = w.destination and e.subject = w.subject
                    and e.subscription is not distinct from w.subscription and e.id < w.id and e.state = 'waiting')
        order by can_wait, w.id
        limit greatest(f.places, 0)
    ) as m
    order by m.can_wait, m.id
    limit $4
), held as (
    select o.id from outbox o
    where o.id in (select id from found) and o.state = 'waiting'
        and (o.lease_until is null or o.lease_until <= $5)
    for update skip locked
)
update outbox o
set lease = $7, lease_until = $2, tries = o.tries + 1, first_at = coalesce(o.first_at, $1)
from held
join outbox m on m.id = held.id
join destination d on d.destination = m.destination
left join push_subscription p on p.subscription = m.subscription
where o.id = held.id
returning o.id, o.key::text, o.subject, o.action, o.lease, o.tries, o.first_at, o.body, o.destination,
    d.organisation, d.name, d.channel, d.settings, d.secrets, o.attempt, o.secret, o.until,
    p.subscription, p.endpoint, p.sealed as subscribed, may_go(o, $1) as goes

-- name: outbox_unclaim
-- What was claimed by a transaction of which nobody heard whether it was stored: none of it was tried.
update outbox set lease = null, lease_until = null, tries = greatest(tries - 1, 0)
where state = 'waiting' and lease_until is not null and lease = any ($1::uuid[])

-- name: outbox_renew
-- What is being delivered is held on to before its lease is half over.
update outbox o set lease_until = $1
from unnest($3::bigint[], $4::uuid[]) as held (id, lease)
where o.id = held.id and o.lease = held.lease and o.lease_until < $2

-- name: outbox_sent
with done as (
    update outbox
    set state = 'sent', ended_at = $3, lease = null, lease_until = null, reason = null, secret = null
    where id = $1 and lease = $2 returning destination
)
update destination d set delivered = delivered + 1, failing_since = null from done where d.destination = done.destination
returning 1

-- name: outbox_later
with done as (
    update outbox set due_at = $3, reason = $4, lease = null, lease_until = null
    where id = $1 and lease = $2 returning destination, subscription
)
update destination d set retried = retried + 1, stumbles = stumbles or done.subscription is null from done where d.destination = done.destination
returning 1

-- name: outbox_dead
with done as (
    update outbox set state = 'dead', ended_at = $3, reason = $4, lease = null, lease_until = null
    where id = $1 and lease = $2 returning destination
)
update destination d set gave_up = gave_up + 1, failing_since = coalesce(failing_since, $3) from done where d.destination = done.destination
returning 1

-- name: outbox_left_out
-- What was written by what held then, and does not any more. Its words are not kept.
update outbox
set state = 'left_out', body = '{}', secret = null, ended_at = $3, lease = null, lease_until = null
where id = $1 and lease = $2 returning 1

-- name: outbox_unsubscribe
-- With it goes what else waits for that browser.
delete from push_subscription p using outbox o
where o.id = $1 and o.lease = $2 and p.subscription = o.subscription
returning 1

-- name: outbox_forget
delete from outbox where (state in ('sent', 'left_out') and ended_at < $1) or (state = 'dead' and ended_at < $2)

-- name: outbox_add
insert into destination
    (organisation, name, channel, lanes, conditions, actions, heartbeat_s, settings, secrets, purpose)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (organisation, name) do update
    set channel = excluded.channel, lanes = excluded.lanes, conditions = excluded.conditions,
        actions = excluded.actions, heartbeat_s = excluded.heartbeat_s,
        settings = excluded.settings, secrets = excluded.secrets, purpose = excluded.purpose, enabled = true
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
    (select count(*) from outbox o where o.destination = d.destination and o.state = 'dead') as dead,
    d.purpose,
    (select count(distinct o.home) from outbox o
        where o.destination = d.destination and o.state = 'left_out' and d.purpose is not null) as left_out
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
where id = $1 and state = 'dead' returning organisation

-- name: outbox_failing
-- Channels of which some destination took nothing since something to it was given up, with the newest
-- alert that says so. An alert stands for as long as it is not cleared or staff have not ended it.
select f.organisation, f.channel, f.names, f.since, f.latest,
    a.id as alert, a.text, a.cleared_at, a.state in ('resolved', 'withdrawn') as ended,
    coalesce(a.resolved_at, a.reported_at) as ended_at
from (
    select organisation, channel, array_agg(name order by name) as names,
        min(failing_since) as since, max(failing_since) as latest
    from destination where enabled and failing_since is not null
    group by organisation, channel
) f
left join lateral (
    select * from alert a
    where a.organisation = f.organisation and a.home is null and a.condition = $1 and a.subject = f.channel
    order by a.id desc limit 1
) a on true

-- name: outbox_over
select a.id, a.subject as channel from alert a
where a.home is null and a.condition = $1 and a.cleared_at is null
    and not exists (
        select from destination d
        where d.organisation = a.organisation and d.channel = a.subject
            and d.enabled and d.failing_since is not null)

-- Residents, what is on record of them, what they agreed to, and when nobody watches.

-- name: people_home
select home, time_zone from home where home = $1

-- name: people_lock_home
select home, time_zone from home where home = $1 for no key update

-- name: people_residents
select resident, sealed, version, age, added_at, changed_at from resident
where home = $1 order by added_at, resident

-- name: people_lock_home_whole
-- Also against rows about it that somebody is about to add.
select home from home where home = $1 for update

-- name: people_lock_resident
select r.resident, r.sealed, r.version, r.age, r.added_at, r.changed_at
from resident r where r.home = $1 and r.resident = $2::text::uuid for update

-- name: people_add_resident
insert into resident (resident, home, sealed, age, aged_on, added_at, changed_at, changed_by)
values ($1::text::uuid, $2, $3, $4, $5, $6, $6, $7)

-- name: people_change_resident
update resident
set sealed = $2, age = $3, aged_on = $4, changed_at = $5, changed_by = $6, version = version + 1
where resident = $1::text::uuid

-- name: people_to_be_aged
-- Homes in which somebody's age was not reckoned today: a birthday may have passed.
select h.organisation, r.home from resident r join home h on h.home = r.home
where r.aged_on < $1 group by 1, 2 order by 1, 2 limit 200

-- name: people_age_resident
update resident set age = $2, aged_on = $3 where resident = $1 and aged_on < $3

-- name: people_profiles
-- Every version, the newest first.
select p.resident, p.version, p.profile::text as profile, p.put_at, s.display_name as by
from risk_profile p
join resident r on r.resident = p.resident
left join staff s on s.id = p.put_by
where r.home = $1
order by p.resident, p.version desc

-- name: people_add_profile
insert into risk_profile (resident, version, profile, put_at, put_by)
values ($1::text::uuid, $2, $3::text::json, $4, $5)

-- name: people_newest_profile
select coalesce(max(version), 0) from risk_profile where resident = $1::text::uuid

-- name: people_consents
-- Every version, the newest first.
select
    c.resident, c.version, c.state, c.conditions, c.sensors, c.purposes, c.given_by, c.given_on,
    c.expires_on, c.sealed, c.put_at, s.display_name as by
from consent c
join resident r on r.resident = c.resident
left join staff s on s.id = c.put_by
where r.home = $1
order by c.resident, c.version desc

-- name: people_add_consent
insert into consent (
    resident, version, state, conditions, sensors, purposes, given_by, given_on, expires_on,
    sealed, put_at, put_by
)
values ($1::text::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- name: people_newest_consent
select version, state, conditions, sensors, purposes, given_by, given_on, expires_on
from consent where resident = $1::text::uuid order by version desc limit 1

-- name: people_run_out
-- Homes in which the last day of a consent is over.
select h.organisation, r.home
from resident r
join home h on h.home = r.home
cross join lateral (
    select state, expires_on from consent n
    where n.resident = r.resident order by n.version desc limit 1
) c
where c.state = 'given' and c.expires_on < ($1::timestamptz at time zone h.time_zone)::date
group by 1, 2 order by 1, 2 limit 200

-- name: people_run_out_of
select c.*
from resident r
cross join lateral (
    select * from consent n where n.resident = r.resident order by n.version desc limit 1
) c
where r.home = $1 and c.state = 'given' and c.expires_on < $2

-- name: people_on_record
-- The newest of everybody in a home, for its configuration.
select r.age, p.profile::text as profile, c.state, c.conditions, c.expires_on
from resident r
left join lateral (
    select profile from risk_profile n where n.resident = r.resident order by n.version desc limit 1
) p on true
left join lateral (
    select state, conditions, expires_on from consent n
    where n.resident = r.resident order by n.version desc limit 1
) c on true
where r.home = $1
order by r.added_at, r.resident

-- name: people_allowed
select consented($1, $2, $3)

-- name: people_sharing
-- Each home, and whether its people have agreed to $1 on the day that it is there at $2.
select h.home, consented(h.home, $1, ($2::timestamptz at time zone h.time_zone)::date) as agreed
from home h
where ($3::bigint is null or h.organisation = $3) and ($4::text is null or h.home = $4)

-- name: people_fitted
select distinct kind from sensor where home = $1 order by kind

-- name: people_hubs
select hub from hub where home = $1 and public_key is not null and revoked_at is null order by hub

-- name: people_untold
-- The home's hubs at work that were not told that it began.
select hub from spell s cross join lateral untold(s) hub where s.spell = $1

-- name: people_begun
-- What goes on in a home. What somebody has in hand is left to the next turn of the clock.
select * from spell where home = $1 and begun_at is not null and ended_at is null and until > $2
order by spell
for update skip locked

-- name: people_add_spell
insert into spell (home, kind, wish, starts_at, until, set_at, set_by)
values ($1, $2, $3, $4, $5, $6, $7)
returning *

-- name: people_overlapping
-- One of the same sort that goes on, or is planned, at some time in between.
select s.kind, s.starts_at, s.until from spell s
where s.home = $1 and s.ended_at is null and s.until > $5
    and (s.kind = 'pause') = ($2 = 'pause') and s.starts_at < $4 and s.until > $3
order by s.starts_at limit 1

-- name: people_sort
-- All of one sort that left the home unwatched, or will.
select starts_at, coalesce(ended_at, until) as until from spell
where home = $1 and (kind = 'pause') = ($2 = 'pause') and coalesce(ended_at, until) > starts_at

-- name: people_lock_spell
select * from spell where home = $1 and spell = $2 for update

-- name: people_begin_spell
update spell set begun_at = coalesce(begun_at, $2) where spell = $1

-- name: people_end_spell
update spell set ended_at = $2, ended_by = $3 where spell = $1

-- name: people_spell_told
insert into spell_command (spell, command, begins) values ($1, $2, $3)

-- name: people_spells
select s.spell, s.kind, s.wish, s.starts_at, s.until, s.set_at, s.begun_at, s.ended_at,
    w.display_name as set_by, e.display_name as ended_by, exists (select from untold(s)) as untold
from spell s
left join staff w on w.id = s.set_by
left join staff e on e.id = s.ended_by
where s.home = $1
order by s.spell desc limit $2

-- name: people_spell_commands
-- What hubs were told that are at work still: what one that was let go said of it holds nowhere.
select t.spell, t.begins, c.id, c.hub, c.number, c.kind, c.body::text as body, c.issued_at,
    c.expires_at, c.sent_at, c.told_at, c.state, c.said, c.alert, c.answered_at
from spell_command t
join command c on c.id = t.command
join hub b on b.hub = c.hub and b.revoked_at is null
join spell s on s.spell = t.spell
where s.home = $1 and s.spell >= $2
order by t.spell, c.hub, c.number

-- name: people_superseded
-- Whether a hub was told something of the kind since: then that holds.
select exists (
    select from spell_command t
    join command c on c.id = t.command
    join command n on n.hub = c.hub and n.kind = c.kind and n.number > c.number
    where t.spell = $1 and t.begins and c.hub = $2
)

-- name: people_due
select s.*, h.organisation from spell s join home h on h.home = s.home
where s.ended_at is null and (
    s.until <= $1 or s.starts_at <= $1 and (s.begun_at is null or exists (select from untold(s)))
)
order by h.organisation, s.spell limit 100
for update of s skip locked

-- name: people_to_talk_about
-- Residents without a consent, or with one that is over or ends soon.
select h.home, h.label, r.resident, c.state, c.expires_on
from resident r
join home h on h.home = r.home
left join lateral (
    select state, expires_on from consent n where n.resident = r.resident order by n.version desc limit 1
) c on true
where c.state is null or c.state <> 'given' or c.expires_on <= $1
order by c.expires_on nulls first, h.home limit 500

-- name: people_without_residents
select h.home, h.label from home h
where not exists (select from resident r where r.home = h.home)
order by h.home limit 500

-- name: people_going_on
-- Pauses and absences that go on, or ended after a moment, in every home.
select s.spell, s.home, s.kind, s.ended_at, h.label, exists (select from untold(s)) as untold
from spell s join home h on h.home = s.home
where s.begun_at is not null and (s.ended_at is null or s.ended_at > $1)
order by s.until, s.spell limit 500

-- name: people_going_on_commands
-- What the hubs were told of them.
select t.spell, t.begins, c.id, c.hub, c.number, c.kind, c.body::text as body, c.issued_at,
    c.expires_at, c.sent_at, c.told_at, c.state, c.said, c.alert, c.answered_at
from spell_command t
join command c on c.id = t.command
join hub b on b.hub = c.hub and b.revoked_at is null
where t.spell = any ($1::bigint[])
order by t.spell, c.hub, c.number

-- name: people_export
declare whole no scroll cursor for select source, line::text as line from export_home($1)

-- name: people_export_more
fetch 500 from whole

-- name: people_erase_home
select erase_home($1, $2)

-- name: people_erase_resident
select erase_resident($1, $2::text::uuid)

-- name: people_strike_out
select strike_out($1, $2, $3, $4, $5, $6, $7)

-- name: people_organisation
select organisation from home where home = $1

-- name: people_forget_hubs
delete from erased_hub where erased_at < $1

-- Browsers that are nudged. Each belongs to the member of staff who signed in there last.

-- name: push_key
select sealed from push_key

-- name: push_add_key
insert into push_key (sealed) values ($1) on conflict do nothing

-- name: push_count
select count(*) from push_subscription where staff = $1 and endpoint <> $2

-- name: push_subscribe
insert into push_subscription (staff, endpoint, name, service, sealed, added_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (endpoint) do update
    set staff = excluded.staff, name = excluded.name, sealed = excluded.sealed,
        added_at = excluded.added_at, expires_at = excluded.expires_at
returning subscription

-- name: push_subscriptions
select subscription as id, encode(endpoint, 'hex') as address, name, service, added_at, expires_at
from push_subscription where staff = $1 order by subscription desc

-- name: push_unsubscribe
delete from push_subscription where subscription = $1 and staff = $2 returning subscription

-- name: push_forget
delete from push_subscription where expires_at <= $1

-- name: push_outlet
-- By which of the destinations of these organisations a browser of their staff is nudged.
select destination from destination
where channel = 'webpush' and enabled and organisation = any ($1::bigint[])
order by destination limit 1

-- name: push_try_out
-- As any nudge: by the same outbox, worker and settings. One of a browser at a time.
insert into outbox (organisation, destination, subject, action, version, body, subscription, until)
select d.organisation, d.destination, 'push/' || $1::bigint, $3, (extract(epoch from $4::timestamptz) * 1000)::bigint,
    json_build_object('v', 1, 'action', $3::text, 'at', $4::timestamptz), $1, $4::timestamptz + interval '5 minutes'
from destination d
where d.destination = $2
    and not exists (select from outbox w where w.subscription = $1 and w.action = $3 and w.state = 'waiting')
on conflict do nothing

-- name: push_owned
select subscription from push_subscription where subscription = $1 and staff = $2

-- Programmes of reablement, and what a home's sensors told meanwhile.

-- name: reablement_home
select time_zone from home where home = $1

-- name: reablement_shown
-- Of a home, or all; or one. What is running comes first, then what ended last.
select r.id as programme, r.home, h.label, h.time_zone, r.starts, r.weeks, r.ended_at, r.sequel,
    s.display_name as ended_by
from reablement r
join home h on h.home = r.home
left join staff s on s.id = r.ended_by
where ($1::text is null or r.home = $1) and ($2::bigint is null or r.id = $2)
order by r.ended_at desc nulls first, r.starts desc, r.id desc
limit $3

-- name: reablement_begin
insert into reablement (home, starts, weeks, begun_by, begun_at)
values ($1, $2, $3, $4, $5)
on conflict do nothing
returning id

-- name: reablement_end
update reablement set ended_at = $2, ended_by = $3, sequel = $4 where home = $1 and ended_at is null returning id

-- name: reablement_signs
select at, kind, place, value from event
where home = $1 and at >= $2 and at < $3 and quality in ('ok', 'late') and kind <> 'link'
order by at

-- Reports. $1 is the organisation; $2 and $3 the instants that a period begins and ends with.

-- name: reports_name
select name from organisation where organisation = $1

-- name: reports_alerts
-- Who looks claims it; what came with another alert of the home is looked at when its holder does. An
-- alert that was raised anew after it was resolved counts each time, with what each time came of it.
-- Further is what its hub said of it again while it was open, but for that it is over.
with times as (
    select a.id, a.received_at as since from alert a
    where a.organisation = $1 and a.received_at >= $2 and a.received_at < $3
    union all
    select e.alert, e.at from alert_history e join alert a on a.id = e.alert
    where a.organisation = $1 and e.at >= $2 and e.at < $3 and e.before = 'resolved' and e.after = 'raised'
),
raised as (
    select t.id, t.since, coalesce((
        select min(e.at) from alert_history e
        where e.alert = t.id and e.before = 'resolved' and e.after = 'raised' and e.at > t.since
    ), 'infinity') as until
    from times t
)
select a.home, coalesce(h.time_zone, 'UTC') as time_zone, a.lane, a.condition, c.state, c.outcome,
    r.since as received_at,
    (
        select min(e.at) from alert_history e
        where e.alert = a.id and e.staff is not null and e.action in ('claim', 'accept', 'takeover')
            and e.at >= r.since and e.at < r.until
    ) as looked_at,
    (
        select min(e.at) from alert_history e
        where e.alert = a.id and e.staff is null and e.action in ('withdraw', 'shelve')
            and e.at >= r.since and e.at < r.until
    ) as aside_at,
    (
        select count(*) from alert_report s
        where s.alert = a.id and s.version > (select min(f.version) from alert_report f where f.alert = a.id)
            and s.body ->> 'phase' is distinct from 'cleared'
            and (s.reported_at > r.since or r.since = a.received_at)
            and s.reported_at < coalesce((
                select max(e.at) from alert_history e
                where e.alert = a.id and e.action = 'resolve' and e.at >= r.since and e.at < r.until
            ), r.until)
    ) as further
from raised r
join alert a on a.id = r.id
left join home h on h.home = a.home
cross join lateral (
    select 'resolved' as state, (
        select e.outcome from alert_history e
        where e.alert = a.id and e.action = 'resolve' and e.at >= r.since and e.at < r.until
        order by e.id desc limit 1
    ) as outcome
    where r.until < 'infinity'
    union all
    select a.state, a.outcome where r.until = 'infinity'
) c
where a.condition <> 'test_alert' and c.outcome is distinct from 'test'

-- name: reports_steps
-- $4 is the time zone by whose clock hours are told.
select extract(hour from e.at at time zone $4)::integer as hour, s.role, e.staff,
    count(*) as steps, count(*) filter (where e.action = 'resolve') as resolved
from alert_history e
join alert a on a.id = e.alert
join staff s on s.id = e.staff
where a.organisation = $1 and e.at >= $2 and e.at < $3
group by 1, 2, 3

-- name: reports_calls
select c.outcome, count(*) as calls, count(distinct c.home) as homes
from cohort_contact c join home h on h.home = c.home
where h.organisation = $1 and c.at >= $2 and c.at < $3
group by c.outcome
order by c.outcome

-- name: reports_watched
-- Of each home: seconds since its first hub was claimed and until its last one was let go, those of them in which one was not known to
-- be silent, and for the figures of hubs the same summed over its hubs.
with placed as (
    select b.hub, b.home, tstzrange(greatest(b.claimed_at, $2), least($3, b.revoked_at)) as during
    from hub b join home h on h.home = b.home
    where h.organisation = $1 and b.claimed_at < $3 and coalesce(b.revoked_at, 'infinity') > $2
        and b.claimed_at < coalesce(b.revoked_at, 'infinity')
),
heard as (
    select p.hub, p.home, p.during, tstzmultirange(p.during) - coalesce((
        select range_agg(tstzrange(s.heard_at, s.over_at)) from silence s
        where s.hub = p.hub and s.heard_at < coalesce(s.over_at, 'infinity')
    ), '{}') as spans,
    (select count(*) from silence s where s.hub = p.hub and s.heard_at >= $2 and s.heard_at < $3) as silences
    from placed p
)
select home, count(*) as hubs, sum(silences)::bigint as silences,
    sum(extract(epoch from upper(during) - lower(during)))::float8 as hub_s,
    sum((select coalesce(sum(extract(epoch from upper(r) - lower(r))), 0) from unnest(spans) r))::float8 as hub_heard_s,
    extract(epoch from upper(range_merge(range_agg(during))) - lower(range_merge(range_agg(during))))::float8
        as placed_s,
    (select coalesce(sum(extract(epoch from upper(r) - lower(r))), 0) from unnest(range_agg(spans)) r)::float8
        as watched_s
from heard
group by home
order by home

-- name: reports_sensors
-- Of each home: its sensors, and seconds within the home's time in which one was told to be silent.
with placed as (
    select b.home, tstzrange(
        greatest(min(b.claimed_at), $2), least($3, max(coalesce(b.revoked_at, 'infinity')))
    ) as during
    from hub b join home h on h.home = b.home
    where h.organisation = $1 and b.claimed_at < $3 and coalesce(b.revoked_at, 'infinity') > $2
        and b.claimed_at < coalesce(b.revoked_at, 'infinity')
    group by b.home
)
select p.home, (select count(distinct s.sensor) from sensor s where s.home = p.home) as sensors,
    coalesce((
        select sum(extract(epoch from upper(r) - lower(r)))
        from (
            select range_agg(tstzrange(a.raised_at, a.cleared_at)) * tstzmultirange(p.during) as spans
            from alert a
            where a.home = p.home and a.condition = 'sensor_silent' and a.raised_at < $3
                and a.raised_at < coalesce(a.cleared_at, 'infinity')
                and a.subject in (select s.sensor from sensor s where s.home = p.home)
            group by a.subject
        ) one, unnest(one.spans) r
    ), 0)::float8 as silent_s
from placed p
order by p.home

-- Plans, contacts, attempts, the key safe and follow-up tasks.

-- name: response_home
select home, label, time_zone, organisation from home where home = $1

-- name: response_organisation
select organisation from organisation where organisation = $1

-- name: response_plans
-- The newest version of each plan of a home or of an organisation.
select distinct on (condition, priority) p.*, s.display_name as put_name
from response_plan p left join staff s on s.id = p.put_by
where ($1::text is not null and p.home = $1) or ($1::text is null and p.organisation = $2)
order by condition, priority, version desc

-- name: response_plan_versions
select p.*, s.display_name as put_name
from response_plan p left join staff s on s.id = p.put_by
where p.home is not distinct from $1 and p.organisation is not distinct from $2
    and p.condition = $3 and p.priority = $4
order by version desc limit $5

-- name: response_plan_lock
select pg_advisory_xact_lock(hashtextextended($1, 7))

-- name: response_plan_add
insert into response_plan (home, organisation, condition, priority, version, steps, put_by, put_at)
values ($1, $2, $3, $4, $5, $6, $7, $8) returning plan

-- name: response_plan_one
select p.*, '' as put_name from response_plan p where plan = $1

-- name: response_alert
select id, home, organisation, condition, lane, state, holder, version, time_zone, label
from (
    select a.id, a.home, a.organisation, a.condition, a.lane, a.state, a.holder, a.version,
        h.time_zone, h.label
    from alert a left join home h on h.home = a.home where a.id = $1
) as found

-- name: response_contacts
select * from contact where home = $1 and removed_at is null order by position, contact

-- name: response_contact_add
insert into contact (home, person, keyholder, position, body, changed_by, changed_at)
values ($1, $2, $3, $4, $5, $6, $7) returning contact

-- name: response_contact_put
update contact
set person = $4, keyholder = $5, position = $6, body = $7, changed_by = $8, changed_at = $9,
    version = version + 1
where contact = $2 and home = $1 and version = $3 and removed_at is null returning contact

-- name: response_contact_drop
select remove_contact($1, $2, $3, $4, $5)

-- name: response_stay
-- Nobody of the home is erased between the look at whom to write to and the message to them.
select h.home from home h join alert a on a.home = h.home where a.id = $1 for key share of h

-- name: response_attempts
-- Those before it was resolved and raised anew are told, but count for no step any more.
select t.*, s.username, s.display_name, s.role, c.body as called, t.version > coalesce((
    select max(e.version) from alert_history e
    where e.alert = $1 and e.before = 'resolved' and e.after = 'raised'
), 0) as counts
from response_attempt t left join staff s on s.id = t.staff left join contact c on c.contact = t.contact
where t.alert = $1 order by t.attempt

-- name: response_attempt_by_key
select * from response_attempt where alert = $1 and key = $2

-- name: response_attempt_add
insert into response_attempt (
    alert, home, version, key, plan, built_in, step, kind, contact, result, note, staff, at, due_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning attempt

-- name: response_words
-- All that is sealed of one home.
select 'contact' as source, contact as number, null::bigint as alert, body as sealed from contact where home = $1
union all select 'key_safe', 0, null, body from key_safe where home = $1
union all select 'key_safe_look', look, alert, reason from key_safe_look where home = $1
union all select 'response_plan', plan, null, steps from response_plan where home = $1
union all select 'response_attempt', attempt, alert, note from response_attempt
    where home = $1 and note is not null
union all select 'follow_up', follow_up, alert, what from follow_up where home = $1
union all select 'follow_up', follow_up, alert, note from follow_up where home = $1 and note is not null
union all select 'alert', id, id, words from alert where home = $1 and words is not null
union all select 'alert_history', e.id, e.alert, e.words from alert_history e join alert a on a.id = e.alert
    where a.home = $1 and e.words is not null
union all select 'cohort_contact', id, null, case when note = '' then words else '\x00' || convert_to(note, 'UTF8') end
    from cohort_contact where home = $1 and (words is not null or note <> '')
order by 1, 2

-- name: response_sends
-- Whether there is somewhere to send a prompt.
select exists (
    select from destination
    where organisation = $1 and enabled and channel = any ($2::text[]) and 'prompt' = any (actions)
)

-- name: response_takers
-- Responders and services that can be told by the centre itself.
select name from destination
where organisation = $1 and enabled and 'request' = any (actions)

-- name: response_send
select send_prompt($1, $2, $3, $4, $5)

-- name: response_send_request
select send_request($1, $2, $3, $4, $5)

-- name: response_ended
-- Messages of which the outbox knows the end, with their alerts' rows, which are held.
select a.*, t.attempt, t.result, o.state as became, o.reason as because
from response_attempt t
join outbox o on o.attempt = t.attempt
join alert a on a.id = t.alert
where (t.result = 'sent' and o.state <> 'waiting') or (t.result = 'failed' and o.state = 'sent')
order by a.organisation, a.id, t.attempt limit 200
for update of a skip locked

-- name: response_became
update response_attempt
set result = $2, reason = $3, due_at = case when $2 = 'failed' then null else due_at end
where attempt = $1

-- name: response_due
-- Alerts whose next step's time has come; of each the newest attempt says so.
select a.id, a.organisation, t.attempt
from response_attempt t
join alert a on a.id = t.alert
where t.due_at <= $1 and not t.due_told
order by a.organisation, a.id, t.attempt limit 500
for update of a skip locked

-- name: response_told
update response_attempt set due_told = true where attempt = $1

-- name: response_touch
-- News of an alert that is no step: who has it open fetches it anew.
update alert set version = version + 1
where id = $1 and state <> 'resolved' and state <> 'withdrawn'

-- name: response_calling
-- Open alerts whose plan asks for something now: a message failed, or the time set has come.
select distinct on (t.alert) t.alert, t.result, t.due_at
from response_attempt t
join alert a on a.id = t.alert
where a.state <> 'resolved' and a.state <> 'withdrawn' and a.state <> 'shelved'
order by t.alert, t.attempt desc

-- name: response_key_safe
select k.*, s.display_name as changed_name
from key_safe k left join staff s on s.id = k.changed_by where k.home = $1

-- name: response_key_safe_put
insert into key_safe (home, body, changed_by, changed_at) values ($1, $2, $3, $4)
on conflict (home) do update
set body = excluded.body, changed_by = excluded.changed_by, changed_at = excluded.changed_at,
    version = key_safe.version + 1
where key_safe.version = $5
returning version, xmax = 0 as added

-- name: response_key_safe_drop
delete from key_safe where home = $1 and version = $2 returning home

-- name: response_open_alerts
-- Alerts of a home that are not over, with who has them.
select id, case when lease_until > $2 or lease_until is null then holder end as holder
from alert
where home = $1 and state in ('raised', 'escalated', 'claimed', 'suspended', 'shelved')

-- name: response_look_add
insert into key_safe_look (home, alert, staff, at, hide_at, reason)
values ($1, $2, $3, $4, $5, $6) returning look

-- name: response_looks
select k.*, h.label, h.time_zone, s.display_name, n.display_name as seen_name
from key_safe_look k
join home h on h.home = k.home
join staff s on s.id = k.staff
left join staff n on n.id = k.seen_by
order by k.seen_at is not null, k.look desc limit $1

-- name: response_looks_unseen
select count(*) from key_safe_look where seen_at is null

-- name: response_look_seen
update key_safe_look set seen_by = $2, seen_at = $3
where look = $1 and seen_at is null and staff <> $2 returning home

-- name: response_look_of
select home, staff, seen_at from key_safe_look where look = $1

-- name: response_follow_ups
-- The local day of a home decides what is due there.
select f.*, h.label, h.time_zone, ($4::timestamptz at time zone h.time_zone)::date as today,
    s.username, s.display_name as assignee_name
from follow_up f
join home h on h.home = f.home
left join staff s on s.id = f.assignee
where f.ended_at is null and ($1::bigint is null or f.assignee = $1)
    and ($2::text is null or f.home = $2)
    and f.due_on <= ($4::timestamptz at time zone h.time_zone)::date + $3::integer
order by f.due_on, f.follow_up limit $5

-- name: response_follow_up_one
select f.*, h.label, h.time_zone, ($2::timestamptz at time zone h.time_zone)::date as today,
    s.username, s.display_name as assignee_name
from follow_up f
join home h on h.home = f.home
left join staff s on s.id = f.assignee
where f.follow_up = $1

-- name: response_follow_up_lock
select * from follow_up where follow_up = $1 for update

-- name: response_follow_up_add
insert into follow_up (home, alert, due_on, assignee, what, added_by, added_at)
values ($1, $2, $3, $4, $5, $6, $7) returning follow_up

-- name: response_follow_up_change
update follow_up set assignee = $2, due_on = $3, version = version + 1 where follow_up = $1

-- name: response_follow_up_end
update follow_up
set outcome = $2, note = $3, ended_by = $4, ended_at = $5, version = version + 1
where follow_up = $1

-- name: response_colleague
select id from member
where username = $1 and disabled_at is null and $2 = any (organisations) and role = any ($3::text[])

-- name: response_colleagues
select username, name from member
where disabled_at is null and $1 = any (organisations) and role = any ($2::text[])
order by name, username limit 500

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
where b.public_key is not null and b.revoked_at is null and coalesce(b.last_seen_at, b.claimed_at) <= $1
    -- `not in` is hashed whatever the statistics say: they are old when an outage begins.
    and b.hub not in (select hub from silence where over_at is null)
order by h.organisation

-- name: silence_hubs
select count(*) from hub b join home h on h.home = b.home
where b.public_key is not null and b.revoked_at is null and h.organisation = $1

-- name: silence_estate
-- Hubs that were heard until just now: those that have long been silent say nothing of an outage.
select count(*) from hub b join home h on h.home = b.home
where b.public_key is not null and b.revoked_at is null and h.organisation = $2
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

-- name: silence_restarting
-- Hubs that start over and over, and of which that is not told, or no longer.
select b.hub, b.home, h.time_zone as zone, b.start_heard_at as last, (
    select max(a.id) from alert a
    where a.home = b.home and a.condition = 'hub_restarts' and a.subject = b.hub and a.state <> 'resolved'
) as alert
from hub b
join home h on h.home = b.home
where b.public_key is not null and b.revoked_at is null and b.start_heard_at > $1
    and cardinality(b.starts) >= $2
    and (select max(at) - min(at) <= $3 from unnest(b.starts) as s (at))
    and not exists (
        select from alert a
        where a.condition = 'hub_restarts' and a.subject = b.hub and a.cleared_at is null
    )
order by b.start_heard_at, b.hub limit $4

-- name: silence_settled
select a.id as alert, b.hub, b.home, h.time_zone as zone, b.start_heard_at as last
from alert a
join hub b on b.hub = a.subject
join home h on h.home = b.home
where a.condition = 'hub_restarts' and a.cleared_at is null
    and (b.start_heard_at <= $1 or b.revoked_at is not null)
order by a.id

-- name: silence_forgotten
select b.hub, b.home, h.time_zone as zone, b.forgot_since as since
from hub b
join home h on h.home = b.home
where b.forgot_at is not null and b.revoked_at is null
order by b.forgot_at, b.hub limit $1

-- name: silence_told_forgotten
update hub set forgot_at = null where hub = $1
