-- The hub's journal and everything that must change together with it.

-- Whose journal this is. A new file is a new epoch.
create table identity (
    only integer primary key check (only = 1),
    hub text not null,
    home text not null,
    epoch text not null
) strict;

-- Every record the centre is to have: 1, 2, 3 and so on, without gaps.
create table journal (
    seq integer primary key,
    kind text not null,
    urgent integer not null default 0,
    written_at real not null,
    body blob not null
) strict;

create index journal_events on journal (seq) where kind = 'event';
create index journal_urgent on journal (seq) where urgent = 1;

-- What each device of the home was last known to be doing.
create table devices (
    name text primary key,
    state blob not null
) strict, without rowid;

-- The last deliveries of the broker, to know one that comes again.
create table deliveries (
    slot integer primary key,
    number integer not null,
    mid integer not null,
    digest blob not null
) strict;

-- How far event time has come, and when the hub last heard anything by its own clock.
create table clock (
    only integer primary key check (only = 1),
    newest real,
    received real
) strict;

create table counters (
    name text primary key,
    count integer not null
) strict, without rowid;

-- Messages that could not be used. `once` names what is kept only the first time.
create table quarantine (
    id integer primary key,
    at real not null,
    topic text not null,
    reason text not null,
    payload blob not null,
    once text unique
) strict;

-- The engine's memory after the record numbered `offset`, and how far ticks had driven it.
create table engine (
    only integer primary key check (only = 1),
    offset integer not null,
    driven real,
    checkpoint blob not null
) strict;

-- How far the centre has received, by its own word.
create table uplink (
    only integer primary key check (only = 1),
    cursor integer not null,
    receipt_at real not null
) strict;

-- What `status` shows beside the numbers.
create table notes (
    name text primary key,
    at real not null,
    text text not null
) strict, without rowid;
