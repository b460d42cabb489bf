-- What the centre tells hubs, and what they answer.

-- What staff put for a home; what the centre adds to it by itself is not in it.
create table home_settings (
    home text primary key references home,
    settings json not null,  -- contract.HomeSettings
    put_at timestamptz not null,
    put_by bigint not null references staff
);

-- Each version of what a home's hubs are told. None is ever changed.
create table configuration (
    home text not null references home,
    version integer not null,
    digest text not null,
    content json not null,  -- json and not jsonb: the digest is of these very bytes
    made_at timestamptz not null,
    made_by bigint references staff,  -- null where the centre took in what an alert turned out to be
    primary key (home, version)
);

-- What each hub made of a version: its newest word.
create table configuration_report (
    hub text not null references hub,
    version integer not null,
    digest text not null,
    state text not null,
    reason text not null,
    ignored text[] not null,
    reported_at timestamptz not null,
    primary key (hub, version)
);

create table command (
    id text primary key,
    hub text not null references hub,
    number integer not null,
    kind text not null,
    body json not null,
    issued_at timestamptz not null,
    issued_by bigint not null references staff,
    expires_at timestamptz not null,
    told_at timestamptz,  -- when the hub first asked and got it
    -- The hub's newest word.
    state text not null default 'waiting',
    said text not null default '',
    alert text not null default '',
    answered_at timestamptz,
    unique (hub, number)
);
create index command_open on command (hub, number) where state in ('waiting', 'under_way');

-- Activations of sensors in a walk test.
create table walk_step (
    hub text not null,
    command text not null,
    at timestamptz not null,
    sensor text not null,
    kind text not null,
    place text not null,
    value double precision not null,
    journal bigint not null,
    seq bigint not null
);
create index walk_step_command on walk_step (command, seq);
