-- Where the hub's clock leapt ahead, from `since` to `until`, in the order of `id`: no time passed there
-- for who counts a silence. The journal ended with the record numbered `after`.
create table leap (
    id integer primary key,
    after integer not null,
    since real not null,
    until real not null,
    sum integer not null
) strict;

-- When the machine was started, by the hub's clock as it last stood: a leap while no hub ran shows by it.
create table started (
    only integer primary key check (only = 1),
    boot text not null,
    at real not null,
    sum integer not null
) strict;

-- A sum over each thing that lasts; null in what was written before there was one.
alter table spell add column sum integer;

-- Numbers of records that cannot be read any more and have been told as lost, from the first to the
-- last: a second rebuilding does not count them again.
create table lost (
    first integer primary key,
    last integer not null,
    sum integer not null
) strict;
