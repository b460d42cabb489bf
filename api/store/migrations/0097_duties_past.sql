-- What was promised before: a report of March judges by the duties of March, whatever was promised since.
create table duty_past (
    organisation bigint not null references organisation on delete cascade,
    until timestamptz not null,
    duties json not null,
    primary key (organisation, until)
);
alter table duty_past enable row level security;
create policy whole on duty_past to telecare_centre using (true);
create policy own on duty_past to telecare_organisation using (organisation = any ((select reach())::bigint[]));
grant select, insert on duty_past to telecare_centre;
grant select on duty_past to telecare_organisation;
