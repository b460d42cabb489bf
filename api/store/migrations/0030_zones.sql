-- A home's time zone must be one that the database knows, or whatever asks for its day fails.
create function known_zone(name text) returns boolean language plpgsql stable as $$
begin
    perform now() at time zone name;
    return true;
exception when invalid_parameter_value then
    return false;
end $$;
create function refuse_unknown_zone() returns trigger language plpgsql as $$
begin
    if not known_zone(new.time_zone) then
        raise exception '% is not a time zone', new.time_zone using errcode = 'invalid_parameter_value';
    end if;
    return new;
end $$;
update home set time_zone = 'Europe/London' where not known_zone(time_zone);
create trigger refuse_unknown_zone before insert or update of time_zone on home
    for each row execute function refuse_unknown_zone();
