-- Several client organisations in one centre, kept apart by the database itself.
--
-- The centre works as one of two roles. As `telecare_organisation` it sees what belongs to the
-- organisations named in the setting `telecare.reach`, and with the setting unset nothing at all. As
-- `telecare_centre` it sees everything: to find out who asks, and for what it does by the clock.
-- What both may do is granted here; the owner of the tables, who migrates, is bound by neither.

do $$
declare
    wanted text;
begin
    foreach wanted in array array['telecare_organisation', 'telecare_centre'] loop
        begin
            execute format('create role %I nologin', wanted);
        exception when duplicate_object or unique_violation then
            null;  -- roles are the server's: another database of it has had this migration
        end;
        execute format('grant %I to current_user', wanted);
        execute format('grant usage on schema %I to %I', current_schema(), wanted);
    end loop;
end $$;

create function reach() returns bigint[] language sql stable as $$
    select coalesce(nullif(current_setting('telecare.reach', true), '')::bigint[], '{}')
$$;

create table organisation (
    organisation bigint generated always as identity primary key,
    name text not null unique,
    added_at timestamptz not null default now()
);
insert into organisation (name) values ('Our homes');  -- number 1, to which all belongs so far

alter table home add column organisation bigint not null default 1 references organisation;
create index home_organisation on home (organisation, home);

-- An alert says so itself: one about many homes has no home, and the queue must be quick to read.
alter table alert add column organisation bigint references organisation;
update alert a set organisation = coalesce((select h.organisation from home h where h.home = a.home), 1);
alter table alert alter column organisation set not null;
create index alert_organisation_queue on alert (organisation, lane, raised_at, id) where state <> 'resolved';

create function know_organisation() returns trigger language plpgsql as $$
begin
    if new.home is not null or new.organisation is null then
        new.organisation := coalesce((select h.organisation from home h where h.home = new.home), 1);
    end if;
    return new;
end $$;
create trigger know_organisation before insert on alert
    for each row execute function know_organisation();

create function take_alerts_along() returns trigger language plpgsql as $$
begin
    update alert set organisation = new.organisation where home = new.home;
    return null;
end $$;
create trigger take_alerts_along after update of organisation on home
    for each row execute function take_alerts_along();

-- Staff of the centre look after every organisation, those of a client after their own.
alter table staff add column everywhere boolean not null default true;
create table staff_organisation (
    staff bigint not null references staff on delete cascade,
    organisation bigint not null references organisation on delete cascade,
    primary key (staff, organisation)
);

-- Each member of staff with the organisations that they look after.
create view member as
select
    s.id, s.username, s.display_name as name, s.role, s.password_hash, s.disabled_at,
    case when s.everywhere then array(select organisation from organisation order by 1)
        else array(select m.organisation from staff_organisation m where m.staff = s.id order by 1)
    end as organisations
from staff s;

-- Who may see which rows -------------------------------------------------------------------------

create policy own on organisation to telecare_organisation
    using (organisation = any ((select reach())::bigint[]));
create policy own on home to telecare_organisation
    using (organisation = any ((select reach())::bigint[]));
create policy own on alert to telecare_organisation
    using (organisation = any ((select reach())::bigint[]));
create policy named on staff for select to telecare_organisation using (true);  -- see its columns, below

do $$
declare
    named text;
begin
    foreach named in array array['hub', 'sensor', 'home_settings', 'configuration'] loop
        execute format(
            'create policy own on %1$I to telecare_organisation using (exists ('
            'select from home h where h.home = %1$I.home))', named);
    end loop;
    foreach named in array array['journal', 'health', 'configuration_report', 'command', 'walk_step', 'silence'] loop
        execute format(
            'create policy own on %1$I to telecare_organisation using (exists ('
            'select from hub h where h.hub = %1$I.hub))', named);
    end loop;
    foreach named in array array['other_record', 'refused_record'] loop
        execute format(
            'create policy own on %1$I to telecare_organisation using (exists ('
            'select from journal j where j.journal = %1$I.journal))', named);
    end loop;
    foreach named in array array['alert_report', 'alert_history'] loop
        execute format(
            'create policy own on %1$I to telecare_organisation using (exists ('
            'select from alert a where a.id = %1$I.alert))', named);
    end loop;
    for named in
        select tablename from pg_tables
        where schemaname = current_schema() and tablename not in ('migration', 'event', 'assessment', 'hourly_counts')
    loop
        execute format('alter table %I enable row level security', named);
        execute format('create policy whole on %I to telecare_centre using (true)', named);
        execute format('grant select, insert, update, delete on %I to telecare_centre', named);
    end loop;
end $$;

grant select on migration to telecare_organisation, telecare_centre;

-- What is done for somebody within an organisation; whatever is not named here is not done so.
grant select on organisation, home, hub, silence, alert_shown to telecare_organisation;
grant select, insert on alert_report, alert_history, configuration, other_record, refused_record
    to telecare_organisation;
grant select, insert, update on
    sensor, journal, alert, home_settings, configuration_report, command, walk_step, health
    to telecare_organisation;
grant update (label, time_zone) on home to telecare_organisation;
grant update (last_seen_at, health, health_at, known_configuration, known_commands, ahead_at, ahead) on hub
    to telecare_organisation;
grant select (id, username, display_name, role) on staff to telecare_organisation;
grant select on alert_shown, member to telecare_centre;
alter view alert_shown set (security_invoker = true);

-- Whoever listens must know whose news it is.
create or replace function tell_alert() returns trigger language plpgsql as $$
begin
    perform pg_notify('telecare', json_build_object(
        'alert', new.id, 'version', new.version, 'organisation', new.organisation
    )::text);
    return null;
end $$;

create or replace function tell_hub() returns trigger language plpgsql as $$
begin
    perform pg_notify('telecare', json_build_object(
        'hub', new.hub, 'organisation', (select organisation from home where home = new.home)
    )::text);
    return null;
end $$;
