-- A home in which everything has happened that leaves a row; see test_upgrade.py.
-- since: 0004
insert into staff (username, display_name, role, password_hash, created_at)
values ('ann', 'Ann B', 'supervisor', 'x', '2026-03-01Z');
-- since: 0008
insert into staff_organisation (staff, organisation) values (1, 1);
-- since: 0004
insert into session (token_hash, staff, created_at, expires_at)
values ('\x01', 1, '2026-03-01Z', '2036-03-02Z');
insert into throttle (key, attempts, ends_at) values ('\x02', 3, '2036-03-01Z');
insert into home (home, label, time_zone, added_at) values ('h1', 'Flat 12', 'Europe/London', '2026-03-01Z');
insert into hub (hub, home, claim_hash, claim_expires_at, public_key, claimed_at, last_seen_at, health, health_at)
values ('hub-1', 'h1', '\x03', '2026-03-08Z', '\x04', '2026-03-01Z', '2026-03-10Z', '{"v":1}', '2026-03-10Z');
insert into sensor (home, sensor, kind, place, last_at, battery)
values ('h1', 'bathroom-pir', 'motion', 'bathroom', '2026-03-10Z', 80);
insert into journal (hub, epoch, received) values ('hub-1', 'e1', '{[1,1001)}');
insert into event (home, at, sensor, kind, place, value, quality, journal, seq, body)
select 'h1', '2026-03-01Z'::timestamptz + n * interval '13 minutes', 'bathroom-pir', 'motion', 'bathroom', 1,
    'measured', 1, n, '{"v":1}'
from generate_series(1, 990) n;
insert into assessment (home, at, condition, subject, state, score, journal, seq, body)
values ('h1', '2026-03-10Z', 'uti_risk', '', 'normal', 0.1, 1, 991, '{"v":1}');
insert into health (hub, at, journal, seq, body) values ('hub-1', '2026-03-10Z', 1, 992, '{"v":1}');
insert into other_record (journal, seq, kind, received_at, body) values (1, 993, 'news', '2026-03-10Z', '{"a":1}');
insert into refused_record (journal, seq, kind, reason, received_at, body)
values (1, 994, 'event', 'unreadable', '2026-03-10Z', '\x7b');
insert into alert (home, ref, condition, subject, severity, score, text, prompt, raised_at, reported_at,
    report_version, body, received_at)
select 'h1', 'r' || n, 'uti_risk', '', 'advisory', 0.8, 'Text.', 'Ask.', '2026-03-10Z', '2026-03-10Z', 1,
    '{"v":1}', '2026-03-10Z'
from generate_series(1, 3) n;
update alert set state = 'claimed', holder = 1, claimed_at = '2026-03-10Z', lease_until = '2036-03-10Z', version = 2
where ref = 'r2';
update alert set state = 'resolved', resolved_by = 1, resolved_at = '2026-03-10Z', outcome = 'test', version = 3
where ref = 'r3';
insert into alert_report (alert, version, reported_at, journal, seq, body)
select id, 1, '2026-03-10Z', 1, 994 + id, '{"v":1}' from alert;
insert into alert_history (alert, version, at, staff, action, before, after)
select id, 2, '2026-03-10Z', 1, 'claim', 'raised', 'claimed' from alert where ref <> 'r1';
insert into home_settings (home, settings, put_at, put_by) values ('h1', '{"people":2}', '2026-03-10Z', 1);
insert into configuration (home, version, digest, content, made_at, made_by)
values ('h1', 1, 'd', '{"v":1}', '2026-03-10Z', 1);
insert into configuration_report (hub, version, digest, state, reason, ignored, reported_at)
values ('hub-1', 1, 'd', 'applied', '', '{}', '2026-03-10Z');
insert into command (id, hub, number, kind, body, issued_at, issued_by, expires_at)
values ('c1', 'hub-1', 1, 'walk_test', '{"v":1}', '2026-03-10Z', 1, '2036-03-10Z');
insert into walk_step (hub, command, at, sensor, kind, place, value, journal, seq)
values ('hub-1', 'c1', '2026-03-10Z', 'bathroom-pir', 'motion', 'bathroom', 1, 1, 999);

-- since: 0005
insert into silence (hub, heard_at, found_at, over_at, alert)
values ('hub-1', '2026-03-05Z', '2026-03-05 01:00Z', '2026-03-06Z', 1);

-- since: 0012
select audit_note('2026-03-10Z', 'alert.claim', 'alert', '1', '', 'staff:1');
insert into second_factor (staff, secret, begun_at, confirmed_at) values (1, '\x05', '2026-03-10Z', '2026-03-10Z');
insert into recovery_code (staff, code_hash) values (1, '\x06');
insert into api_token (staff, name, token_hash, scopes, created_at, expires_at)
values (1, 'reports', '\x07', '{read_alerts}', '2026-03-10Z', '2036-03-10Z');
insert into destination (organisation, name, channel, settings) values (1, 'desk', 'webhook', '{"url":"x"}');
insert into outbox (organisation, destination, subject, action, version, home, body)
values (1, 1, 'alert/1', 'raise', 1, 'h1', '{"v":1}');

-- since: 0020
insert into resident (resident, home, sealed, age, aged_on, added_at, changed_at, changed_by)
values ('00000000-0000-4000-8000-000000000001', 'h1', '\x08', '85+', '2026-03-01', '2026-03-01Z', '2026-03-01Z', 1);
insert into risk_profile (resident, version, profile, put_at, put_by)
select resident, 1, '{"v":1}', '2026-03-01Z', 1 from resident;
insert into consent (resident, version, state, conditions, sensors, purposes, given_by, given_on, expires_on, sealed,
    put_at, put_by)
select resident, 1, 'given', '{}', '{}', '{care_team}', 'person', '2026-03-01', '2036-03-01', '\x09', '2026-03-01Z', 1
from resident;
insert into spell (home, kind, wish, starts_at, until, set_at, set_by, begun_at)
values ('h1', 'holiday', 'family', '2026-03-02Z', '2026-03-05Z', '2026-03-01Z', 1, '2026-03-02Z');
insert into spell_command (spell, command, begins) values (1, 'c1', true);
insert into erased_hub (hub_hash, public_key, erased_at) values ('\x0a', '\x0b', '2026-03-02Z');
insert into response_plan (home, condition, version, steps, put_by, put_at)
values ('h1', 'uti_risk', 1, '\x0c', 1, '2026-03-01Z');
insert into contact (home, keyholder, position, body, changed_by, changed_at)
values ('h1', true, 1, '\x0d', 1, '2026-03-01Z');
insert into response_attempt (alert, home, version, key, plan, step, kind, contact, result, note, staff, at, due_at)
values (2, 'h1', 3, 'k1', 1, 1, 'call_contact', 1, 'no_answer', '\x0e', 1, '2026-03-10Z', '2026-03-10 00:05Z');
insert into key_safe (home, body, changed_by, changed_at) values ('h1', '\x0f', 1, '2026-03-01Z');
insert into key_safe_look (home, alert, staff, at, hide_at, reason)
values ('h1', 2, 1, '2026-03-10Z', '2026-03-10 00:05Z', '\x10');
insert into follow_up (home, alert, due_on, assignee, what, added_by, added_at)
values ('h1', 3, '2026-03-12', 1, '\x11', 1, '2026-03-10Z');
insert into staff_identity (issuer, subject, staff, added_at) values ('https://id.example', 's1', 1, '2026-03-01Z');
insert into passkey (staff, credential, public_key, sign_count, name, synced, added_at)
values (1, '\x12', '\x13', 4, 'phone', true, '2026-03-01Z');
insert into passkey_challenge (challenge, staff, expires_at) values ('\x14', 1, '2036-03-01Z');
insert into cohort_contact (cohort, home, at, by, outcome, note, why, until)
select cohort, 'h1', '2026-03-10Z', 1, 'action', 'Note.', '{cold}', '2026-03-17Z' from cohort order by cohort limit 1;
insert into reablement (home, starts, weeks, begun_by, begun_at, ended_at) values
    ('h1', '2026-01-05', 6, 1, '2026-01-05Z', '2026-02-16Z'), ('h1', '2026-03-02', 6, 1, '2026-03-02Z', null);
insert into destination (organisation, name, channel, settings, purpose)
values (1, 'daughter', 'email', '{"to":"x"}', 'family');
insert into outbox (organisation, destination, subject, action, version, home, body, state, ended_at)
values (1, 2, 'alert/2', 'claim', 2, 'h1', '{}', 'left_out', '2026-03-10Z');
insert into export_job (organisations, staff, types, identified, request, asked_at, state, made_at, expires_at)
values ('{1}', 1, '{Patient}', false, '/v1/fhir/$export', '2026-03-10Z', 'made', '2026-03-10Z', '2036-03-11Z');
insert into export_part (job, type, number, resources, body) select job, 'Patient', 1, 1, '\x15' from export_job;

-- since: 0068
insert into push_key (sealed) values ('\x16');
insert into push_subscription (staff, endpoint, name, service, sealed, added_at)
values (1, '\x17', 'phone', 'push.example', '\x18', '2026-03-01Z');
insert into destination (organisation, name, channel, settings) values (1, 'browsers', 'web_push', '{}');
insert into outbox (organisation, destination, subject, action, version, home, body, subscription, state, ended_at)
values (1, 3, 'alert/2', 'claim', 2, 'h1', '{}', 1, 'sent', '2026-03-10Z');
insert into invitation (staff, token_hash, expires_at) values (1, '\x19', '2036-03-08Z');
update staff set last_here_at = '2026-03-09Z';
insert into alert_history (alert, version, at, staff, action, before, after, words)
select id, 3, '2026-03-10 00:01Z', 1, 'note', 'claimed', 'claimed', '\x1a' from alert where ref = 'r2';
update cohort_contact set note = '', words = '\x1b';
update reablement set ended_by = 1, sequel = 'no_support' where ended_at is not null;
update hub set starts = '{2026-03-08Z,2026-03-09Z}', start_heard_at = '2026-03-09Z';

-- since: 0081
update hub set forgot_at = '2026-03-09Z', forgot_since = '2026-03-08Z';
update destination set stumbles = true, failing_since = '2026-03-09Z' where name = 'desk';
insert into contact (home, position, body, changed_by, changed_at, removed_at)
values ('h1', 2, '\x1c', 1, '2026-03-01Z', '2026-03-09Z');
insert into response_attempt (alert, home, version, key, plan, step, kind, contact, result, note, staff, at)
values (3, 'h1', 3, 'k2', 1, 1, 'call_contact', 2, 'answered', '\x1d', 1, '2026-03-08Z');
insert into fitting (home, hub, key, signed_at, signed_by, why, found)
values ('h1', 'hub-1', 'k1', '2026-03-01Z', 1, '', '{"hub":{}}');
insert into fitting_call (home, key, called_at, called_by, answered) values ('h1', 'k1', '2026-03-01Z', 1, 'first');
