-- A sum over each device's name and state; null in what was written before there were sums.
alter table devices add column sum integer;

-- Since which start of the machine the starts of a version are counted, and whether the centre was
-- told that the hub runs with it.
alter table configuration add column boot text not null default '';
alter table configuration add column applied integer not null default 0;

-- When the hub could not hear its sensors, by its own clock. An empty network is the broker, and
-- with it all of them; `until` is null while it goes on.
create table deaf (
    network text not null,
    since real not null,
    until real,
    primary key (network, since)
) strict, without rowid;
