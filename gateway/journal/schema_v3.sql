-- Messages that came while the hub did not know what time it was. Each counts its seconds from the
-- start of the machine named by `boot`; `clock` is what the hub's clock told then, right or wrong.
create table held (
    id integer primary key autoincrement,
    boot text not null,
    elapsed real not null,
    clock real not null,
    topic text not null,
    payload blob not null,
    mid integer not null,
    dup integer not null,
    retain integer not null
) strict;
