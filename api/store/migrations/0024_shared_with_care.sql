-- What a care professional may see follows from what people agreed to, in the database itself: whose reach
-- names a purpose sees, of the homes within it, those whose people agreed to be shared for that purpose.

create function asked_for() returns text language sql stable as $$
    select nullif(current_setting('telecare.purpose', true), '')
$$;

-- As its owner: what people agreed to hides behind their home, of which this decides. Each home is asked on
-- its own local day, by the clock of the database.
create function agreed(which text, purpose text) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce((
        select consented(h.home, purpose, (now() at time zone h.time_zone)::date) from home h where h.home = which
    ), false)
$$;
-- How many homes of an organisation within reach are not shared for what the reach is for.
create function left_out(whose bigint) returns bigint
language sql stable security definer set search_path = public, pg_temp as $$
    select count(*) from home h
    where asked_for() is not null and h.organisation = whose and whose = any (reach())
        and not agreed(h.home, asked_for())
$$;
revoke execute on function agreed, left_out from public;
grant execute on function agreed, left_out to telecare_organisation, telecare_centre;

drop policy own on home;
create policy own on home to telecare_organisation using (
    organisation = any ((select reach())::bigint[])
    and ((select asked_for()) is null or agreed(home, (select asked_for()))));
-- One about many homes is about equipment, and for staff of the centre.
drop policy own on alert;
create policy own on alert to telecare_organisation using (
    organisation = any ((select reach())::bigint[])
    and ((select asked_for()) is null or (home is not null and agreed(home, (select asked_for())))));

create or replace view event with (security_barrier) as
select * from series.event e
where current_user <> 'telecare_organisation' or exists (
    select from home h where h.home = e.home and h.organisation = any ((select reach())::bigint[])
        and ((select asked_for()) is null or agreed(h.home, (select asked_for()))))
with local check option;

create or replace view assessment with (security_barrier) as
select * from series.assessment a
where current_user <> 'telecare_organisation' or exists (
    select from home h where h.home = a.home and h.organisation = any ((select reach())::bigint[])
        and ((select asked_for()) is null or agreed(h.home, (select asked_for()))))
with local check option;

create or replace view health with (security_barrier) as
select * from series.health b
where current_user <> 'telecare_organisation' or exists (
    select from hub join home h on h.home = hub.home
    where hub.hub = b.hub and h.organisation = any ((select reach())::bigint[])
        and ((select asked_for()) is null or agreed(h.home, (select asked_for()))))
with local check option;

create or replace view hourly_counts with (security_barrier) as
select * from series.hourly_counts c
where current_user <> 'telecare_organisation' or exists (
    select from home h where h.home = c.home and h.organisation = any ((select reach())::bigint[])
        and ((select asked_for()) is null or agreed(h.home, (select asked_for()))));

create or replace view daily_counts with (security_barrier) as
select * from series.daily_counts c
where current_user <> 'telecare_organisation' or exists (
    select from home h where h.home = c.home and h.organisation = any ((select reach())::bigint[])
        and ((select asked_for()) is null or agreed(h.home, (select asked_for()))));
