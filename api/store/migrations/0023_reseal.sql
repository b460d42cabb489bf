-- A consent is never overwritten, but what is sealed of it may be sealed anew with another key: the same
-- words, by this function alone.
create or replace function refuse_change_but_erasure() returns trigger language plpgsql as $$
begin
    if (tg_op = 'DELETE' and current_setting('telecare.erasing', true) = 'on'
            or tg_op = 'UPDATE' and tg_table_name = 'consent' and current_setting('telecare.resealing', true) = 'on')
        and current_user = (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid)
    then
        return null;  -- it is asked once for a statement, which goes on
    end if;
    raise exception '% is append-only', tg_table_name;
end $$;

create function reseal_consent(whose uuid, numbered integer, before bytea, after bytea) returns boolean
language plpgsql security definer
set search_path = public, pg_temp
set telecare.resealing = 'on'
as $$
begin
    update consent set sealed = after where resident = whose and version = numbered and sealed = before;
    return found;
end $$;
revoke execute on function reseal_consent from public;
grant execute on function reseal_consent to telecare_centre;
