-- What a care professional may see follows from what people agreed to, in the database itself: whose reach
-- names a purpose sees, of the homes within it, those whose people agreed to be shared for that purpose.

create function asked_for() returns text language sql stable as $$
    select nullif(current_setting('telecare.purpose', true), '')
$$;

-- Those of the homes within reach whose people have agreed to what the reach is for: as `consented` says of
-- one, but of all at once, for it is asked by every statement. As its owner: what people agreed to hides
-- behind their home, of which this decides. Each home is asked on its own local day, by the database's clock.
create function homes_agreed() returns text[]
language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(array_agg(agreed.home), '{}')
    from (
        select h.home
        from home h
        join resident r on r.home = h.home
        left join (
            select distinct on (n.resident) n.resident, n.state, n.purposes, n.expires_on
            from consent n order by n.resident, n.version desc
        ) c on c.resident = r.resident
        where h.organisation = any (reach())
        group by h.home
        having bool_and(coalesce(
            c.state = 'given' and asked_for() = any (c.purposes)
            and (c.expires_on is null or c.expires_on >= (now() at time zone h.time_zone)::date),
            false))
    ) agreed
$$;
-- How many homes of an organisation within reach are not shared for what the reach is for.
create function left_out(whose bigint) returns bigint
language sql stable security definer set search_path = public, pg_temp as $$
    select count(*) from home h
    where asked_for() is not null and h.organisation = whose and whose = any (reach())
        and h.home not in (select unnest(homes_agreed()))
$$;
revoke execute on function homes_agreed, left_out from public;
grant execute on function homes_agreed, left_out to telecare_organisation, telecare_centre;

drop policy own on home;
create policy own on home to telecare_organisation using (
    organisation = any ((select reach())::bigint[])
    and ((select asked_for()) is null or home in (select unnest(homes_agreed()))));
-- One about many homes is about equipment, and for staff of the centre.
drop policy own on alert;
create policy own on alert to telecare_organisation using (
    organisation = any ((select reach())::bigint[])
    and ((select asked_for()) is null or (home is not null and home in (select unnest(homes_agreed())))));

create or replace view event with (security_barrier) as
select * from series.event e
where current_user <> 'telecare_organisation' or exists (
    select from home h where h.home = e.home and h.organisation = any ((select reach())::bigint[])
        and ((select asked_for()) is null or h.home in (select unnest(homes_agreed()))))
with local check option;

create or replace view assessment with (security_barrier) as
select * from series.assessment a
where current_user <> 'telecare_organisation' or exists (
    select from home h where h.home = a.home and h.organisation = any ((select reach())::bigint[])
        and ((select asked_for()) is null or h.home in (select unnest(homes_agreed()))))
with local check option;

create or replace view health with (security_barrier) as
select * from series.health b
where current_user <> 'telecare_organisation' or exists (
    select from hub join home h on h.home = hub.home
    where hub.hub = b.hub and h.organisation = any ((select reach())::bigint[])
        and ((select asked_for()) is null or h.home in (select unnest(homes_agreed()))))
with local check option;

create or replace view hourly_counts with (security_barrier) as
select * from series.hourly_counts c
where current_user <> 'telecare_organisation' or exists (
    select from home h where h.home = c.home and h.organisation = any ((select reach())::bigint[])
        and ((select asked_for()) is null or h.home in (select unnest(homes_agreed()))));

create or replace view daily_counts with (security_barrier) as
select * from series.daily_counts c
where current_user <> 'telecare_organisation' or exists (
    select from home h where h.home = c.home and h.organisation = any ((select reach())::bigint[])
        and ((select asked_for()) is null or h.home in (select unnest(homes_agreed()))));
