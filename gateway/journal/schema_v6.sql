-- A sum over how far time has come; null in what was written before there was one. A record's own sum
-- now holds when it was written, too, above its lowest 32 bits: what was written before has none there.
alter table clock add column sum integer;

-- Where event time was set back after a clock had carried it ahead: what stands up to the record
-- numbered `after` and is dated later than `line` was dated by the wrong clock. Time had been let pass
-- until `passed`.
create table set_back (
    after integer primary key,
    line real not null,
    passed real not null,
    sum integer not null
) strict;
