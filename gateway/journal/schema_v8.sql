-- A sum over each thing that lasts; null in what was written before there was one.
alter table spell add column sum integer;

-- Numbers of records that cannot be read any more and have been told as lost, from the first to the
-- last: a second rebuilding does not count them again.
create table lost (
    first integer primary key,
    last integer not null,
    sum integer not null
) strict;
