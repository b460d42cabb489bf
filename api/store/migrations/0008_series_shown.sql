-- What may be seen and added of the series. TimescaleDB knows no row-level security for what is
-- compressed or rolled up, so on either flavour nobody reads these tables but through views that
-- show what lies within reach, and take in nothing else. They bear the names that queries use.

drop table event;
drop table assessment;
drop table health;

create view event with (security_barrier) as
select * from series.event e
where current_user <> 'telecare_organisation' or exists (
    select from home h where h.home = e.home and h.organisation = any ((select reach())::bigint[]))
with local check option;

create view assessment with (security_barrier) as
select * from series.assessment a
where current_user <> 'telecare_organisation' or exists (
    select from home h where h.home = a.home and h.organisation = any ((select reach())::bigint[]))
with local check option;

create view health with (security_barrier) as
select * from series.health b
where current_user <> 'telecare_organisation' or exists (
    select from hub join home h on h.home = hub.home
    where hub.hub = b.hub and h.organisation = any ((select reach())::bigint[]))
with local check option;

create view hourly_counts with (security_barrier) as
select * from series.hourly_counts c
where current_user <> 'telecare_organisation' or exists (
    select from home h where h.home = c.home and h.organisation = any ((select reach())::bigint[]));

create view daily_counts with (security_barrier) as
select * from series.daily_counts c
where current_user <> 'telecare_organisation' or exists (
    select from home h where h.home = c.home and h.organisation = any ((select reach())::bigint[]));

grant select, insert on event, assessment, health to telecare_organisation, telecare_centre;
grant select on hourly_counts, daily_counts to telecare_organisation, telecare_centre;

-- How long each class of data is kept. Null is for ever.
create table retention (
    class text primary key,
    days integer check (days > 0)
);
insert into retention (class, days) values
    ('event', 730), ('assessment', 730), ('health', 90), ('counts', 2555), ('aside', 365);
alter table retention enable row level security;
create policy whole on retention to telecare_centre using (true);
grant select, update on retention to telecare_centre;

-- Done once a day, by whichever replica comes first: the months ahead, and what has been kept long
-- enough. As the owner, for nobody else may drop anything.
create function keep_house(now timestamptz) returns table (class text, gone bigint)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    before timestamptz;
begin
    perform series.add_months(now, now + interval '3 months');
    for class, before in
        select r.class, now - make_interval(days => r.days) from retention r where r.days is not null
    loop
        if class = 'aside' then
            delete from other_record o where o.received_at < before;
            delete from refused_record o where o.received_at < before;
            get diagnostics gone = row_count;
        else
            gone := series.forget(class, before);
        end if;
        return next;
    end loop;
end $$;
revoke execute on function keep_house from public;
grant execute on function keep_house to telecare_centre;
