-- What was switched off for this home, by no one's consent to it: from when on, in the order of `id`.
-- The journal ended with the record numbered `after`; the engine had gone through what stands up to
-- `upto`, and had let time pass until `driven`.
create table switched_off (
    id integer primary key,
    after integer not null,
    upto integer not null,
    driven real,
    conditions text not null,
    sum integer not null
) strict;
