-- What the centre told the hub, and how the centre's clock stands to the hub's.

-- Versions of the configuration: the newest, the last good one to fall back on, and between. Content and
-- digest are the centre's; a version that was refused is kept so that it is not asked for again.
create table configuration (
    version integer primary key,
    digest text not null,
    content blob not null,
    state text not null check (state in ('trial', 'good', 'refused', 'reverted')),
    starts integer not null default 0,
    taken_at real not null
) strict;

-- How far the centre's commands have been taken. Each is begun in the transaction that counts it.
create table commands (
    only integer primary key check (only = 1),
    number integer not null
) strict;

-- Commands that were taken, to know one that comes under another number.
create table command (
    id text primary key,
    taken_at real not null
) strict, without rowid;

-- What lasts for a time: pauses, absences, walk tests, by the hub's clock.
create table spell (
    command text primary key,
    kind text not null,
    since real not null,
    until real not null,
    over integer not null default 0,
    announced integer not null default 0
) strict, without rowid;

-- What a walk test has told is looked for when it ends.
create index journal_walk_steps on journal (seq) where kind = 'walk_step';

create table centre_clock (
    only integer primary key check (only = 1),
    ahead real not null,
    sure real not null,
    measured_at real not null
) strict;
