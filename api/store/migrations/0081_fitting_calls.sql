-- That a contact was called to see whether a call comes through, and whether somebody answered: no name.
create table fitting_call (
    call bigint generated always as identity primary key,
    home text not null references home on delete cascade,
    key text not null,  -- of the form: sent again, it is the same call
    called_at timestamptz not null,
    called_by bigint not null references staff,
    answered text not null check (answered in ('first', 'other', 'nobody')),
    unique (home, key)
);

alter table fitting_call enable row level security;
create policy whole on fitting_call to telecare_centre using (true);
create policy own on fitting_call to telecare_organisation
    using (exists (select from home h where h.home = fitting_call.home));
grant select, insert, update, delete on fitting_call to telecare_centre;
grant select, insert on fitting_call to telecare_organisation;
