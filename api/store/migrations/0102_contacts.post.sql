-- From here on a contact whom staff had called is taken off the lists, and stays on record.
create or replace function remove_contact(
    whose text, which bigint, seen integer, kept bytea, moment timestamptz
) returns boolean
language plpgsql set search_path = public, pg_temp as $$
begin
    -- An attempt that is being written down holds the row until it can be seen.
    perform from contact c
    where c.home = whose and c.contact = which and c.version = seen and c.removed_at is null for update;
    if not found then
        return false;
    end if;
    if exists (select from response_attempt t where t.contact = which) then
        update contact c set removed_at = moment, body = kept, version = seen + 1 where c.contact = which;
    else
        delete from contact c where c.contact = which;
    end if;
    return true;
end $$;
