-- What the centre tells others: reports.

-- A report asks for a period of one organisation.
create index alert_received on alert (organisation, received_at);
create index alert_history_at on alert_history (at);

-- Saved filters that become lists of people to call, and who was called.
create table cohort (
    cohort bigint generated always as identity primary key,
    organisation bigint not null references organisation on delete cascade,
    name text not null,
    criteria json not null,
    quiet_days integer not null check (quiet_days between 1 and 366),  -- not listed again after a contact
    added_by bigint references staff,
    added_at timestamptz not null default now(),
    unique (organisation, name)
);
create table cohort_contact (
    id bigint generated always as identity primary key,
    cohort bigint not null references cohort on delete cascade,
    home text not null references home on delete cascade,
    at timestamptz not null,
    by bigint not null references staff,
    outcome text not null check (outcome in ('contacted', 'no_answer', 'action')),
    note text not null,
    why text[] not null,  -- the reasons for which they were on the list then
    until timestamptz not null  -- not listed again before
);
create index cohort_contact_newest on cohort_contact (cohort, home, at desc);
create index cohort_contact_home on cohort_contact (home);

-- What any organisation begins with.
create function begin_cohorts() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into cohort (organisation, name, criteria, quiet_days) values
        (new.organisation, 'Hot home and less to drink',
            '{"warmer_than_c":26,"trend":{"measure":"intake","way":"less","by":0.25}}', 2),
        (new.organisation, 'Cold home, over 75', '{"colder_than_c":18,"age_at_least":75}', 3),
        (new.organisation, 'Three or more trips a night', '{"night_trips":3}', 7),
        (new.organisation, 'Six weeks after hospital', '{"discharged_within_days":42}', 7);
    return null;
end $$;
create trigger begin_cohorts after insert on organisation
    for each row execute function begin_cohorts();
insert into cohort (organisation, name, criteria, quiet_days)
select o.organisation, c.name, c.criteria::json, c.quiet_days
from organisation o cross join (values
    ('Hot home and less to drink', '{"warmer_than_c":26,"trend":{"measure":"intake","way":"less","by":0.25}}', 2),
    ('Cold home, over 75', '{"colder_than_c":18,"age_at_least":75}', 3),
    ('Three or more trips a night', '{"night_trips":3}', 7),
    ('Six weeks after hospital', '{"discharged_within_days":42}', 7)
) as c (name, criteria, quiet_days);

-- A programme that helps somebody to live by themselves again.
create table reablement (
    id bigint generated always as identity primary key,
    home text not null references home on delete cascade,
    starts date not null,  -- the first local day
    weeks integer not null check (weeks between 3 and 26),
    begun_by bigint not null references staff,
    begun_at timestamptz not null,
    ended_at timestamptz
);
create unique index reablement_one on reablement (home) where ended_at is null;

do $$
declare
    named text;
begin
    foreach named in array array['cohort', 'cohort_contact', 'reablement'] loop
        execute format('alter table %I enable row level security', named);
        execute format('create policy whole on %I to telecare_centre using (true)', named);
        execute format('grant select, insert, update, delete on %I to telecare_centre', named);
    end loop;
end $$;
create policy own on cohort to telecare_organisation
    using (organisation = any ((select reach())::bigint[]));
create policy own on cohort_contact to telecare_organisation
    using (exists (select from home h where h.home = cohort_contact.home)
        and exists (select from cohort c where c.cohort = cohort_contact.cohort));
create policy own on reablement to telecare_organisation
    using (exists (select from home h where h.home = reablement.home));
grant select, insert, delete on cohort to telecare_organisation;
grant select, insert on cohort_contact to telecare_organisation;
grant select, insert on reablement to telecare_organisation;
grant update (ended_at) on reablement to telecare_organisation;

-- What a home is called where nobody is to know whose it is. Random, so that nothing leads back.
alter table home add column pseudonym uuid not null default gen_random_uuid();
create unique index home_pseudonym on home (pseudonym);

-- Bulk exports: asked for, made by whichever replica comes first, kept until they expire.
create table export_job (
    job uuid primary key default gen_random_uuid(),
    organisations bigint[] not null check (cardinality(organisations) > 0),
    staff bigint not null references staff on delete cascade,
    types text[] not null,
    since timestamptz,
    identified boolean not null,
    request text not null,  -- the address as it was asked for
    asked_at timestamptz not null,
    state text not null default 'waiting' check (state in ('waiting', 'made', 'failed')),
    lease_until timestamptz,  -- somebody is at it
    made_at timestamptz,
    expires_at timestamptz not null
);
create index export_job_waiting on export_job (asked_at) where state = 'waiting';
create index export_job_expiry on export_job (expires_at);
-- The resources of one type, a thousand or so at a time, as they are sent.
create table export_part (
    job uuid not null references export_job on delete cascade,
    type text not null,
    number integer not null,
    resources integer not null,
    body bytea not null,
    primary key (job, type, number)
);
alter table export_job enable row level security;
alter table export_part enable row level security;
create policy whole on export_job to telecare_centre using (true);
create policy whole on export_part to telecare_centre using (true);
create policy own on export_job to telecare_organisation
    using (organisations <@ (select reach())::bigint[]);
create policy own on export_part to telecare_organisation
    using (exists (select from export_job j where j.job = export_part.job));
grant select, insert, update, delete on export_job, export_part to telecare_centre;
grant select, insert, delete on export_job to telecare_organisation;
grant select on export_part to telecare_organisation;

-- What was made ready of a home that is erased goes with it, and with it the export that it was in.
create function forget_exports() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    delete from export_job where old.organisation = any (organisations);
    return null;
end $$;
create trigger forget_exports after delete on home
    for each row execute function forget_exports();
