-- Hubs: joining, and their journals.

-- name: add_home
insert into home (home, label, time_zone, organisation) values ($1, $2, $3, $4)
on conflict (home) do update
    set label = case when excluded.label = '' then home.label else excluded.label end
    where home.organisation = excluded.organisation
returning home

-- name: add_hub
insert into hub (hub, home, claim_hash, claim_expires_at, replaces) values ($1, $2, $3, $4, $5)

-- name: all
select b.hub, b.home, o.name as organisation, b.claimed_at, b.last_seen_at, b.revoked_at, b.revoked_why, b.replaces
from hub b join home h on h.home = b.home join organisation o on o.organisation = h.organisation
order by o.name, b.home, b.hub

-- name: lock_hub
select hub, home, public_key, revoked_at from hub where hub = $1 for no key update

-- name: renew_code
update hub set claim_hash = $2, claim_expires_at = $3 where hub = $1

-- name: successor
select hub from hub where replaces = $1 and revoked_at is null

-- name: revoke
update hub set revoked_at = $2, revoked_why = $3 where hub = $1 and revoked_at is null returning hub

-- Nobody waits any more for one that was let go.
-- name: end_silence
update silence set over_at = $2 where hub = $1 and over_at is null

-- name: retire_predecessor
update hub old set revoked_at = $2, revoked_why = 'replaced'
from hub new
where new.hub = $1 and new.revoked_at is null and old.hub = new.replaces and old.revoked_at is null
returning old.hub

-- name: rotate
update hub set public_key = $2, key_at = $3 where hub = $1

-- name: lock_claim
select hub, home, public_key, claim_expires_at from hub
where claim_hash = $1 and revoked_at is null for update

-- name: claim
update hub set public_key = $2, claimed_at = $3 where hub = $1

-- name: hub
select b.home, b.public_key, b.revoked_at, b.revoked_why,
    exists (select from hub o where o.hub = b.replaces and o.revoked_at is null) as succeeds
from hub b where b.hub = $1 and b.public_key is not null

-- name: retired
select revoked_at, revoked_why from hub where hub = $1 and revoked_at is not null

-- name: erased
select public_key from erased_hub where hub_hash = sha256(convert_to($1::text, 'UTF8'))

-- name: told_to_forget
update erased_hub set told_at = coalesce(told_at, $2)
where hub_hash = sha256(convert_to($1::text, 'UTF8'))

-- name: seen
-- It is heard ($3) by what is new alone: one that can write nothing posts the same again for hours.
update hub set last_seen_at = case when $3 then $2 else last_seen_at end
where hub = $1 and revoked_at is null returning hub

-- name: open_journals
-- In the order in which they began, and so are numbered.
insert into journal (hub, epoch)
select $1, epoch from unnest($2::text[]) with ordinality as e (epoch, n) order by n
on conflict do nothing

-- name: forgot
-- Its first journal, it says; the centre has records of another.
update hub set forgot_at = $3, forgot_since = last_seen_at
where hub = $1 and exists (select from journal where hub = $1 and epoch <> $2 and received <> '{}')

-- name: lock_journal
select journal, received from journal where hub = $1 and epoch = $2 for update

-- name: receive
update journal set received = $2::int8multirange where journal = $1

-- name: add_events
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

-- name: add_assessments
insert into assessment (home, at, condition, subject, state, score, journal, seq, body)
select $1, at, condition, subject, state, score, $2, seq, body::json
from unnest(
    $3::bigint[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::float8[], $9::text[]
) as a (seq, at, condition, subject, state, score, body)

-- name: add_health
insert into health (hub, at, journal, seq, body)
select $1, at, $2, seq, body::json
from unnest($3::bigint[], $4::timestamptz[], $5::text[]) as h (seq, at, body)

-- name: newest_health
update hub set health = $3::text::json, health_at = $2
where hub = $1 and (health_at is null or health_at < $2)

-- name: add_starts
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

-- name: add_others
insert into other_record (journal, received_at, seq, kind, body)
select $1, $2, seq, kind, body::json
from unnest($3::bigint[], $4::text[], $5::text[]) as o (seq, kind, body)

-- name: add_refused
insert into refused_record (journal, received_at, seq, kind, reason, body)
select $1, $2, seq, kind, reason, body
from unnest($3::bigint[], $4::text[], $5::text[], $6::bytea[]) as r (seq, kind, reason, body)

-- name: upsert_alerts
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

-- name: add_reports
insert into alert_report (alert, version, reported_at, journal, seq, body)
select a.id, n.version + case when a.report_journal = $2 then a.report_base else 0 end,
    n.reported_at, $2, n.seq, n.body::json
from unnest($3::bigint[], $4::text[], $5::integer[], $6::timestamptz[], $7::text[])
    as n (seq, ref, version, reported_at, body)
join alert a on a.home = $1 and a.ref = n.ref
returning alert, seq
