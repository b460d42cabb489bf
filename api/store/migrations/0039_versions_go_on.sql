-- A key safe that is set anew after it was removed goes on counting: who looked at an earlier one of the
-- same number would else write over what they have never seen. In the database, for replicas of before.

alter table home add column key_safe_version integer not null default 0;  -- of the last one that was removed

create function count_key_safes_on() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if tg_op = 'DELETE' then
        update home set key_safe_version = old.version where home = old.home;
        return null;
    end if;
    new.version := 1 + (select h.key_safe_version from home h where h.home = new.home);
    return new;
end $$;
create trigger go_on before insert on key_safe for each row execute function count_key_safes_on();
create trigger go_on_later after delete on key_safe for each row execute function count_key_safes_on();
