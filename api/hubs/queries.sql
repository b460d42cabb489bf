-- Hubs: joining, and their journals.

-- name: add_home
insert into home (home, label, time_zone, organisation) values ($1, $2, $3, $4)
on conflict (home) do update
    set label = case when excluded.label = '' then home.label else excluded.label end
    where home.organisation = excluded.organisation
returning home

-- name: add_hub
insert into hub (hub, home, claim_hash, claim_expires_at) values ($1, $2, $3, $4)

-- name: lock_claim
select hub, home, public_key, claim_expires_at from hub where claim_hash = $1 for update

-- name: claim
update hub set public_key = $2, claimed_at = $3 where hub = $1

-- name: hub
select home, public_key from hub where hub = $1 and public_key is not null

-- name: seen
update hub set last_seen_at = $2 where hub = $1

-- name: open_journal
insert into journal (hub, epoch) values ($1, $2) on conflict do nothing

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

-- name: add_reports
insert into alert_report (alert, version, reported_at, journal, seq, body)
select a.id, n.version, n.reported_at, $2, n.seq, n.body::json
from unnest($3::bigint[], $4::text[], $5::integer[], $6::timestamptz[], $7::text[])
    as n (seq, ref, version, reported_at, body)
join alert a on a.home = $1 and a.ref = n.ref
returning alert, seq
