-- How a programme of reablement ended, and by whose word. Of one that ended before this nobody knows.
alter table reablement
    add column ended_by bigint references staff,
    add column sequel text check (sequel in (
        'no_support', 'less_support', 'same_support', 'more_support', 'care_home', 'hospital', 'stopped')),
    add constraint reablement_over check (ended_at is not null or (ended_by is null and sequel is null));
create index reablement_home on reablement (home);
grant update (ended_by, sequel) on reablement to telecare_organisation;
