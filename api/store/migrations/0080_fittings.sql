-- What was found when the fitting of a home was signed off, as it was then. It goes with its home.
create table fitting (
    fitting bigint generated always as identity primary key,
    home text not null references home on delete cascade,
    hub text not null references hub on delete cascade,
    key text not null,  -- of the form: sent again, it is the same sign-off
    signed_at timestamptz not null,
    signed_by bigint not null references staff,
    why text not null default '',  -- it was signed off with something open
    found json not null,
    unique (home, key)
);
create index fitting_hub on fitting (hub);

alter table fitting enable row level security;
create policy whole on fitting to telecare_centre using (true);
create policy own on fitting to telecare_organisation
    using (exists (select from home h where h.home = fitting.home));
grant select, insert, update, delete on fitting to telecare_centre;
grant select, insert on fitting to telecare_organisation;
