-- A contact who is removed stays on record where staff had called them, so that an alert goes on to say who was
-- told; and goes with the last attempt that names them.

alter table contact add column removed_at timestamptz;  -- since then in no list, and called by nobody
drop index contact_person;
create unique index contact_person on contact (home) where person and removed_at is null;
create index response_attempt_contact on response_attempt (contact) where contact is not null;

-- Until no replica is left that would list them among the others, they go as before: see 0102. `kept` is what is
-- left of them on record, sealed.
create function remove_contact(whose text, which bigint, seen integer, kept bytea, moment timestamptz) returns boolean
language plpgsql set search_path = public, pg_temp as $$
begin
    delete from contact c where c.home = whose and c.contact = which and c.version = seen;
    return found;
end $$;

create function let_go_contacts() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    delete from contact c
    where c.contact in (select g.contact from gone g) and c.removed_at is not null
        and not exists (select from response_attempt t where t.contact = c.contact);
    return null;
end $$;
create trigger let_go_contacts after delete on response_attempt
    referencing old table as gone for each statement execute function let_go_contacts();
