-- Everything the centre keeps, on any PostgreSQL. What differs with TimescaleDB is in 0002.

-- Staff ------------------------------------------------------------------------------------------

create table staff (
    id bigint generated always as identity primary key,
    username text not null unique check (username = lower(username)),
    display_name text not null,
    role text not null check (role in ('operator', 'supervisor', 'administrator')),
    password_hash text not null,
    disabled_at timestamptz,
    created_at timestamptz not null default now()
);

create table session (
    token_hash bytea primary key,
    staff bigint not null references staff on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index session_expiry on session (expires_at);

-- Attempts to sign in or to claim, counted in windows. The key is a hash: no address is kept.
create table throttle (
    key bytea primary key,
    attempts integer not null,
    ends_at timestamptz not null
);

-- Homes and hubs ---------------------------------------------------------------------------------

create table home (
    home text primary key,
    label text not null default '',  -- typed by staff, such as "Flat 12"; the only free text of a home
    time_zone text not null default 'Europe/London',
    added_at timestamptz not null default now()
);

create table hub (
    hub text primary key,
    home text not null references home,
    claim_hash bytea not null unique,
    claim_expires_at timestamptz not null,
    public_key bytea,  -- Ed25519, raw; null until claimed
    claimed_at timestamptz,
    last_seen_at timestamptz,
    health json,  -- the newest contract.HubHealth
    health_at timestamptz,
    check ((public_key is null) = (claimed_at is null))
);
create index hub_home on hub (home);

create table sensor (
    home text not null references home,
    sensor text not null,
    kind text not null,
    place text not null,
    last_at timestamptz not null,
    battery double precision,
    primary key (home, sensor, kind)
);

-- What hubs send ---------------------------------------------------------------------------------

-- One row for each (hub, epoch). `received` is what makes storage exactly-once: a batch locks the
-- row, stores only numbers outside `received`, and adds them, all in one transaction. So the tables
-- below need no unique key of their own, which is what binds ingest.
create table journal (
    journal bigint generated always as identity primary key,
    hub text not null references hub,
    epoch text not null,
    received int8multirange not null default '{}',
    unique (hub, epoch)
);

create table event (
    home text not null,
    at timestamptz not null,
    sensor text not null,
    kind text not null,
    place text not null,
    value double precision not null,
    quality text not null,
    journal bigint not null,
    seq bigint not null,
    body json not null  -- the whole message; fields of newer versions survive here
);

create table assessment (
    home text not null,
    at timestamptz not null,
    condition text not null,
    subject text not null,
    state text not null,
    score double precision not null,
    journal bigint not null,
    seq bigint not null,
    body json not null
);

create table health (
    hub text not null,
    at timestamptz not null,
    journal bigint not null,
    seq bigint not null,
    body json not null
);
create index health_latest on health (hub, at desc);

-- Records of kinds this version does not know, for a later version to read.
create table other_record (
    journal bigint not null,
    seq bigint not null,
    kind text not null,
    received_at timestamptz not null,
    body json not null
);

-- Records that could not be read. Bytes, so that nothing can be too broken to keep.
create table refused_record (
    journal bigint not null,
    seq bigint not null,
    kind text not null,
    reason text not null,
    received_at timestamptz not null,
    body bytea not null
);

-- Alerts -----------------------------------------------------------------------------------------

create table alert (
    id bigint generated always as identity primary key,
    home text not null references home,
    ref text not null,  -- the hub's name for it
    condition text not null,
    subject text not null,
    severity text not null,
    -- A severity this version does not know is looked at first rather than last.
    lane smallint not null generated always as (
        case severity when 'advisory' then 2 when 'technical' then 3 else 1 end
    ) stored,
    score double precision not null,
    text text not null,
    prompt text not null,
    raised_at timestamptz not null,
    reported_at timestamptz not null,
    cleared_at timestamptz,  -- when the observation ended, on the hub; null while it holds
    report_version integer not null,
    body json not null,
    received_at timestamptz not null,
    -- What staff did about it.
    state text not null default 'raised' check (state in ('raised', 'claimed', 'resolved')),
    holder bigint references staff,
    claimed_at timestamptz,
    lease_until timestamptz,
    lapsed_holder bigint references staff,  -- whose claim ran out, until the next claim
    lapsed_at timestamptz,
    resolved_by bigint references staff,
    resolved_at timestamptz,
    outcome text,
    version integer not null default 1,
    unique (home, ref),
    check ((state = 'claimed') = (holder is not null)),
    check ((holder is null) = (lease_until is null)),
    check ((state = 'resolved') = (outcome is not null))
);
create index alert_queue on alert (lane, raised_at, id) where state <> 'resolved';
create index alert_waiting on alert (home) where state <> 'resolved';
create index alert_home on alert (home, raised_at desc);
create index alert_lease on alert (lease_until) where state = 'claimed';

-- Every version of an alert as its hub sent it.
create table alert_report (
    alert bigint not null references alert,
    version integer not null,
    reported_at timestamptz not null,
    journal bigint not null,
    seq bigint not null,
    body json not null
);
create index alert_report_alert on alert_report (alert, version);

-- Who did what, when. `staff` is null where the centre itself acted (a lease that ran out).
create table alert_history (
    id bigint generated always as identity primary key,
    alert bigint not null references alert,
    version integer not null,
    at timestamptz not null,
    staff bigint references staff,
    action text not null,
    before text not null,
    after text not null,
    outcome text,
    note text not null default ''
);
create index alert_history_alert on alert_history (alert, id);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name;
end $$;
create trigger append_only before update or delete or truncate on alert_history
    execute function refuse_change();

-- Live updates -----------------------------------------------------------------------------------

-- In the same transaction as the change: told exactly when the change can be read.
create function tell_alert() returns trigger language plpgsql as $$
begin
    perform pg_notify('telecare', json_build_object('alert', new.id, 'version', new.version)::text);
    return null;
end $$;
create trigger tell after insert or update on alert
    for each row execute function tell_alert();

create function tell_hub() returns trigger language plpgsql as $$
begin
    perform pg_notify('telecare', json_build_object('hub', new.hub)::text);
    return null;
end $$;
create trigger tell after update of health_at, claimed_at on hub
    for each row execute function tell_hub();

-- An alert with its home and the one member of staff who matters now: its holder, else whose claim
-- ran out, else who resolved it.
create view alert_shown as
select
    a.id, a.version, a.report_version, a.home, h.label, h.time_zone, a.condition, a.subject, a.severity, a.lane,
    a.score, a.text, a.prompt, a.raised_at, a.reported_at, a.received_at, a.cleared_at, a.state,
    a.claimed_at, a.lease_until, a.lapsed_at, a.resolved_at, a.outcome,
    s.id as staff, s.username, s.display_name, s.role
from alert a
join home h on h.home = a.home
left join staff s on s.id = coalesce(a.holder, a.lapsed_holder, a.resolved_by);
