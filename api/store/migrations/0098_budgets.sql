-- How many false alerts an organisation chose for all of its homes at once: a home that is added later begins
-- with it, too.
create table organisation_budget (
    organisation bigint primary key references organisation on delete cascade,
    budget json not null,  -- false alerts per person-month, by condition; the rest is as usual
    put_at timestamptz not null,
    put_by bigint not null references staff
);
alter table organisation_budget enable row level security;
create policy whole on organisation_budget to telecare_centre using (true);
create policy own on organisation_budget to telecare_organisation
    using (organisation = any ((select reach())::bigint[]));
grant select, insert, update on organisation_budget to telecare_organisation, telecare_centre;

create function begin_with_budget() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into home_settings (home, settings, put_at, put_by)
    select new.home, json_build_object('budget', b.budget), b.put_at, b.put_by
    from organisation_budget b where b.organisation = new.organisation and b.budget::jsonb <> '{}';
    return null;
end $$;
revoke execute on function begin_with_budget from public;
create trigger begin_with_budget after insert on home for each row execute function begin_with_budget();
