-- A sum over each record, epochs that begin within one journal, and what the last opening found.

-- Over number, kind, urgency and body; null in what was written before there were sums.
alter table journal add column sum integer;

create index journal_alerts on journal (seq) where kind = 'alert';
create index journal_health on journal (seq) where kind = 'health';

-- Over offset, driven and checkpoint.
alter table engine add column sum integer;

-- Over hub and home; and the epochs once more, so that a torn page does not cost their names.
alter table identity add column sum integer;
alter table identity add column epochs text not null default '';

-- An epoch's first record is the one after `base`: there its own numbers begin at 1.
create table epochs (
    base integer primary key,
    epoch text not null,
    begun_at real not null,
    reason text not null,
    sum integer
) strict;

insert into epochs select 0, epoch, 0.0, 'the hub began', null from identity;

-- Whether the journal is in use, since which start of the machine, when it was last examined, and
-- the number below which old records have been deleted.
create table session (
    only integer primary key check (only = 1),
    boot text not null,
    checked_at real not null,
    kept_from integer not null default 1,
    is_open integer not null default 0,
    is_copy integer not null default 0
) strict;
