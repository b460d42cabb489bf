-- Each class of data has its time, and goes when that is over: docs/retention.md says of which tables it is
-- and why. What is open, what a hub may still be told and what runs stays, however old it is.

alter table retention
    add column at_least integer not null default 1;  -- days: what runs looks so far back
insert into retention (class, days, at_least) values
    ('alert', 2922, 731), ('task', 2922, 31), ('absence', 2922, 367), ('call', 2922, 367),
    ('programme', 2922, 31), ('silence', 2922, 367), ('command', 400, 400), ('configuration', 730, 31),
    ('audit', 2922, 366);
alter table retention add constraint retention_least check (days >= at_least);
revoke update on retention from telecare_centre;
grant update (days) on retention to telecare_centre;

-- By these, what hangs on a row that goes is found.
create index alert_over on alert (received_at) where state in ('resolved', 'withdrawn');
create index key_safe_look_alert on key_safe_look (alert);
create index follow_up_alert on follow_up (alert) where alert is not null;
create index spell_command_command on spell_command (command);

-- Months are made and go whole, by whichever replica comes first; every other class goes in portions, below.
create or replace function keep_house(now timestamptz) returns table (class text, gone bigint)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    before timestamptz;
begin
    perform series.add_months(now, now + interval '3 months');
    for class, before in
        select r.class, now - make_interval(days => r.days) from retention r
        where r.days is not null and r.class in ('event', 'assessment', 'health', 'counts')
    loop
        gone := series.forget(class, before);
        if gone > 0 then
            perform audit_note(now, 'data.let_go', 'class', class, gone::text, '');
        end if;
        return next;
    end loop;
end $$;

-- Rows with all that refers to them, however far, as erasure finds it; how many of `whole` went.
create function drop_rows(whole regclass, which text) returns bigint
language plpgsql set search_path = public, pg_temp as $$
declare
    step record;
    gone bigint := 0;
begin
    for step in select * from rows_about(whole, which) loop
        execute format('delete from %s where %s', step.tab, step.condition);
        get diagnostics gone = row_count;
    end loop;
    return gone;
end $$;

-- An alert is over once staff or the centre ended it, and counts from the last that anybody did or said about
-- it. One of which a task is open, a look at a key safe was not taken note of, or a hub is silent, is not over.
create function let_go_alert(horizon timestamptz, most integer) returns bigint
language sql set search_path = public, pg_temp as $$
    select drop_rows('alert', format('id = any (%L)', array(
        select a.id from alert a
        where a.state in ('resolved', 'withdrawn') and a.received_at < horizon
            and coalesce(a.resolved_at, a.received_at) < horizon
            and (a.reported_at < horizon or a.reported_at > now())  -- no hub knows what is yet to come
            and not exists (select from alert_history e where e.alert = a.id and e.at >= horizon)
            and not exists (select from response_attempt t where t.alert = a.id and t.at >= horizon)
            and not exists (
                select from follow_up f
                where f.alert = a.id and (f.ended_at is null or f.ended_at >= horizon))
            and not exists (
                select from key_safe_look k where k.alert = a.id and (k.seen_at is null or k.seen_at >= horizon))
            and not exists (
                select from silence s
                where (s.alert = a.id or s.outage = a.id) and (s.over_at is null or s.over_at >= horizon))
        order by a.received_at limit most for update skip locked)))
$$;

create function let_go_task(horizon timestamptz, most integer) returns bigint
language sql set search_path = public, pg_temp as $$
    -- One that came of an alert goes with that.
    select drop_rows('follow_up', format('follow_up = any (%L)', array(
        select f.follow_up from follow_up f where f.alert is null and f.ended_at < horizon
        limit most for update skip locked)))
$$;

create function let_go_absence(horizon timestamptz, most integer) returns bigint
language sql set search_path = public, pg_temp as $$
    select drop_rows('spell', format('spell = any (%L)', array(
        select s.spell from spell s where s.ended_at < horizon limit most for update skip locked)))
$$;

create function let_go_call(horizon timestamptz, most integer) returns bigint
language sql set search_path = public, pg_temp as $$
    select drop_rows('cohort_contact', format('id = any (%L)', array(
        select c.id from cohort_contact c where c.at < horizon and c.until < horizon
        limit most for update skip locked)))
$$;

create function let_go_programme(horizon timestamptz, most integer) returns bigint
language sql set search_path = public, pg_temp as $$
    select drop_rows('reablement', format('id = any (%L)', array(
        select r.id from reablement r where r.ended_at < horizon limit most for update skip locked)))
$$;

create function let_go_silence(horizon timestamptz, most integer) returns bigint
language sql set search_path = public, pg_temp as $$
    -- One that was told in an alert goes with that.
    select drop_rows('silence', format('ctid = any (%L)', array(
        select s.ctid from silence s where s.over_at < horizon and s.alert is null and s.outage is null
        limit most for update skip locked)))
$$;

create function let_go_command(horizon timestamptz, most integer) returns bigint
language plpgsql set search_path = public, pg_temp as $$
declare
    finished text[] := array(
        select c.id from command c join hub b on b.hub = c.hub
        where c.issued_at < horizon and c.expires_at < horizon
            and coalesce((c.body ->> 'until')::timestamptz, c.expires_at) < horizon
            -- Without an end of its own it may go on for as long as its hub is at work.
            and (c.state <> 'under_way' or c.body ->> 'until' is not null or b.revoked_at is not null)
            -- By the newest the next is numbered.
            and c.number < (select max(n.number) from command n where n.hub = c.hub)
            -- What a pause or an absence was told with goes after that.
            and not exists (select from spell_command t where t.command = c.id)
        limit most for update of c skip locked);
begin
    delete from walk_step w where w.command = any (finished);
    delete from walk_step w where w.ctid = any (array(
        select o.ctid from walk_step o
        where o.at < horizon and not exists (select from command c where c.id = o.command)
        limit most for update skip locked));
    return drop_rows('command', format('id = any (%L)', finished));
end $$;

-- A version counts from when another took its place, and stays while a hub runs with it.
create function let_go_configuration(horizon timestamptz, most integer) returns bigint
language plpgsql set search_path = public, pg_temp as $$
declare
    gone bigint;
begin
    with superseded as (
        delete from configuration c where c.ctid = any (array(
            select o.ctid from configuration o
            where exists (
                    select from configuration n
                    where n.home = o.home and n.version > o.version and n.made_at < horizon)
                and not exists (
                    select from hub b
                    where b.home = o.home and b.revoked_at is null and o.version = (
                        select max(r.version) from configuration_report r
                        where r.hub = b.hub and r.state = 'applied'))
            limit most for update skip locked))
        returning c.home, c.version
    ),
    -- A hub's newest word is shown as long as the hub is.
    reports as (
        delete from configuration_report r using superseded s, hub b
        where b.home = s.home and r.hub = b.hub and r.version = s.version
            and r.version < (select max(n.version) from configuration_report n where n.hub = r.hub)
    )
    select count(*) into gone from superseded;
    return gone;
end $$;

create function let_go_aside(horizon timestamptz, most integer) returns bigint
language plpgsql set search_path = public, pg_temp as $$
declare
    named text;
    here bigint;
    gone bigint := 0;
begin
    foreach named in array array['other_record', 'refused_record'] loop
        execute format(
            'delete from %1$I where ctid = any (array('
            'select ctid from %1$I where received_at < $1 limit $2 for update skip locked))', named)
        using horizon, (most - gone)::integer;
        get diagnostics here = row_count;
        gone := gone + here;
    end loop;
    return gone;
end $$;

-- The audit log goes from the oldest entry on. Where a chain begins then stands beside where it ends, with the
-- hash of the last entry that went, which the first that stays has in it; and an entry of the chain itself says
-- the same, so that nobody moves the beginning without leaving one. Entries of which any is missing stay.
alter table audit_chain
    add column begins bigint not null default 0,  -- entries that were let go
    add column anchor bytea not null default '\x';  -- the hash of the last of them

create function refuse_change_but_letting_go() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('telecare.letting_go', true) = 'on'
        and current_user = (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid)
    then
        return null;  -- it is asked once for a statement, which goes on
    end if;
    raise exception '% is append-only', tg_table_name;
end $$;
drop trigger append_only on audit;
create trigger append_only before update or delete or truncate on audit
    execute function refuse_change_but_letting_go();

create function let_go_audit(horizon timestamptz, most integer) returns bigint
language plpgsql set search_path = public, pg_temp set telecare.letting_go = 'on' as $$
declare
    head audit_chain;
    which bigint;
    upto bigint;
    gone bigint;
    sealed bytea;
begin
    for which in
        select c.chain from audit_chain c
        where exists (
            select from audit a where a.chain = c.chain and a.number = c.begins + 1 and a.at < horizon)
        order by c.chain
    loop
        select * into head from audit_chain c where c.chain = which for update;
        select least(
                coalesce(min(a.number) filter (where a.at >= horizon) - 1, max(a.number)),
                head.entries - 1)  -- the newest stays, whatever its age
            into upto
        from audit a where a.chain = which and a.number > head.begins and a.number <= head.begins + most;
        select count(*), (array_agg(a.hash order by a.number desc))[1] into gone, sealed
        from audit a where a.chain = which and a.number > head.begins and a.number <= upto;
        continue when gone = 0 or gone <> upto - head.begins;
        delete from audit a where a.chain = which and a.number > head.begins and a.number <= upto;
        update audit_chain c set begins = upto, anchor = sealed where c.chain = which;
        perform audit_note(
            now(), 'audit.let_go', 'organisation', which::text, upto || ' ' || encode(sealed, 'hex'), '');
        return gone;
    end loop;
    return 0;
end $$;

-- One portion of one class, `most` of its own rows at the most; how many went. As the owner, for nobody else
-- may delete these. By the database's own clock: no caller has more go than has had its time.
create function let_go(kind text, most integer) returns bigint
language plpgsql security definer
set search_path = public, pg_temp
set telecare.erasing = 'on'
as $$
declare
    horizon timestamptz := (select now() - make_interval(days => r.days) from retention r where r.class = kind);
    gone bigint;
begin
    if horizon is null then
        return 0;  -- for ever, where a centre says so
    end if;
    gone := case kind
        when 'alert' then let_go_alert(horizon, most)
        when 'task' then let_go_task(horizon, most)
        when 'absence' then let_go_absence(horizon, most)
        when 'call' then let_go_call(horizon, most)
        when 'programme' then let_go_programme(horizon, most)
        when 'silence' then let_go_silence(horizon, most)
        when 'command' then let_go_command(horizon, most)
        when 'configuration' then let_go_configuration(horizon, most)
        when 'aside' then let_go_aside(horizon, most)
        when 'audit' then let_go_audit(horizon, most)
        else 0
    end;
    if gone > 0 and kind <> 'audit' then  -- which says so in the chain that it is of
        perform audit_note(now(), 'data.let_go', 'class', kind, gone::text, '');
    end if;
    return gone;
end $$;

revoke execute on function
    let_go, drop_rows, let_go_alert, let_go_task, let_go_absence, let_go_call, let_go_programme, let_go_silence,
    let_go_command, let_go_configuration, let_go_aside, let_go_audit
from public;
grant execute on function let_go to telecare_centre;
