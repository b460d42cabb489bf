-- Who lives in a home, what is on record of them, and what they agreed to: apart from what sensors
-- tell. Names, addresses and the like are sealed with the centre's key; the database cannot read them.

create table resident (
    resident uuid primary key default gen_random_uuid(),  -- a pseudonym: the audit log names it
    home text not null references home,
    sealed bytea not null,  -- api.people.identity.Identity, sealed to this resident
    version integer not null default 1,
    age text,          -- the band that the date of birth gave
    aged_on date,      -- when it did
    added_at timestamptz not null,
    changed_at timestamptz not null,
    changed_by bigint not null references staff
);
create index resident_home on resident (home);

create table risk_profile (
    resident uuid not null references resident,
    version integer not null,
    profile json not null,  -- api.people.risk.RiskRecord
    put_at timestamptz not null,
    put_by bigint not null references staff,
    primary key (resident, version)
);

create table consent (
    resident uuid not null references resident,
    version integer not null,
    state text not null check (state in ('given', 'withdrawn', 'expired')),
    conditions text[] not null,
    sensors text[] not null,
    purposes text[] not null,
    given_by text not null check (given_by in ('person', 'attorney', 'best_interest')),
    given_on date not null,
    expires_on date,  -- the last day
    sealed bytea,     -- who it was by name, and what was said; sealed to this version
    put_at timestamptz not null,
    put_by bigint references staff,  -- null where the centre found it expired
    primary key (resident, version)
);

create table spell (
    spell bigint generated always as identity primary key,
    home text not null references home,
    kind text not null check (kind in ('pause', 'hospital', 'holiday', 'respite')),
    wish text not null check (wish in ('resident', 'family', 'staff')),
    starts_at timestamptz not null,
    until timestamptz not null,
    set_at timestamptz not null,
    set_by bigint not null references staff,
    begun_at timestamptz,  -- when the hubs were told
    ended_at timestamptz,
    ended_by bigint references staff,  -- null where its time was over
    check (until > starts_at)
);
create index spell_home on spell (home, spell);
create index spell_due on spell (starts_at) where ended_at is null;

-- What hubs were told of a spell.
create table spell_command (
    spell bigint not null references spell,
    command text not null references command,
    begins boolean not null,
    primary key (spell, command)
);

-- Hubs whose home was erased: enough to know them by when they call, so that they are told to forget.
create table erased_hub (
    hub_hash bytea primary key,  -- SHA-256 of the hub's identifier
    public_key bytea not null,
    erased_at timestamptz not null,
    told_at timestamptz
);

do $$
declare
    named text;
begin
    foreach named in array array['resident', 'spell'] loop
        execute format(
            'create policy own on %1$I to telecare_organisation using (exists ('
            'select from home h where h.home = %1$I.home))', named);
    end loop;
    foreach named in array array['risk_profile', 'consent'] loop
        execute format(
            'create policy own on %1$I to telecare_organisation using (exists ('
            'select from resident r where r.resident = %1$I.resident))', named);
    end loop;
    create policy own on spell_command to telecare_organisation
        using (exists (select from spell s where s.spell = spell_command.spell));
    foreach named in array array[
        'resident', 'spell', 'risk_profile', 'consent', 'spell_command', 'erased_hub'
    ] loop
        execute format('alter table %I enable row level security', named);
        execute format('create policy whole on %I to telecare_centre using (true)', named);
    end loop;
end $$;
grant select, insert, update on resident, spell to telecare_organisation, telecare_centre;
grant select, insert on risk_profile, consent, spell_command to telecare_organisation, telecare_centre;
grant select, update, delete on erased_hub to telecare_centre;

-- May data of a home be shared for a purpose on a day? Only where somebody is on record as living
-- there, and each of them has agreed to it and has not taken that back. Who asks sees their own homes.
create function consented(which text, purpose text, day date) returns boolean language sql stable as $$
    select coalesce(bool_and(coalesce(
        c.state = 'given' and purpose = any (c.purposes) and (c.expires_on is null or c.expires_on >= day),
        false)), false)
    from resident r
    left join lateral (
        select * from consent n where n.resident = r.resident order by n.version desc limit 1
    ) c on true
    where r.home = which
$$;

-- What is never overwritten may be erased as a whole with the person it is about, by the function
-- below alone; nobody else deletes as the owner of the table. The audit log is never erased.
create function refuse_change_but_erasure() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('telecare.erasing', true) = 'on'
        and current_user = (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid)
    then
        return null;  -- it is asked once for a statement, which goes on
    end if;
    raise exception '% is append-only', tg_table_name;
end $$;
drop trigger append_only on alert_history;
do $$
declare
    named text;
begin
    foreach named in array array['alert_history', 'risk_profile', 'consent'] loop
        execute format(
            'create trigger append_only before update or delete or truncate on %I '
            'execute function refuse_change_but_erasure()', named);
    end loop;
end $$;

-- Erasure and export share one look at the catalogue, so that what a later table says of a home is in
-- both without anybody thinking of it: whatever refers to its rows, however far, and whatever has a
-- column of the name `home`, `hub`, `journal`, `alert` or `resident`. Those that refer come first.

create function rows_about(whole regclass, which text) returns table (tab regclass, condition text)
language plpgsql stable set search_path = public, pg_temp as $$
declare
    link record;
begin
    for link in
        select
            c.conrelid::regclass as child,
            (select string_agg(quote_ident(a.attname), ', ' order by k.n)
                from unnest(c.conkey) with ordinality as k (num, n)
                join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num) as theirs,
            (select string_agg(quote_ident(a.attname), ', ' order by k.n)
                from unnest(c.confkey) with ordinality as k (num, n)
                join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.num) as ours
        from pg_constraint c
        where c.contype = 'f' and c.confrelid = whole and c.conrelid <> whole and c.conparentid = 0
            and c.confdeltype in ('a', 'r', 'c')
    loop
        return query select * from rows_about(
            link.child, format('(%s) in (select %s from %s where %s)', link.theirs, link.ours, whole, which));
    end loop;
    return query select whole, which;
end $$;

create function rows_about_home(which text) returns table (tab regclass, condition text)
language plpgsql stable set search_path = public, pg_temp as $$
declare
    hubs text := format('select hub from hub where home = %L', which);
    known record;
    named record;
begin
    for known in
        select * from (values
            ('home', 'text', format('= %L', which)),
            ('hub', 'text', format('in (%s)', hubs)),
            ('journal', 'bigint', format('in (select journal from journal where hub in (%s))', hubs)),
            ('alert', 'bigint', format('in (select id from alert where home = %L)', which)),
            ('resident', 'uuid', format('in (select resident from resident where home = %L)', which))
        ) as it (col, kind, condition)
    loop
        for named in
            select c.oid::regclass as tab
            from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attname = known.col and not a.attisdropped
            where c.relnamespace in ('public'::regnamespace, 'series'::regnamespace)
                and c.relkind in ('r', 'p') and not c.relispartition
                and format_type(a.atttypid, null) = known.kind
                and c.relname not in ('home', 'hub', 'journal', 'alert', 'resident')
        loop
            return query select * from rows_about(named.tab, format('%I %s', known.col, known.condition));
        end loop;
    end loop;
    return query select * from rows_about('home', format('home = %L', which));
end $$;

-- The number of rows that went. As the owner of everything, for nobody else may; within reach only.
create function erase_home(which text, moment timestamptz) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    step record;
    here bigint;
    gone bigint := 0;
    counted record;
begin
    perform from home h where h.home = which and h.organisation = any (reach()) for update;
    if not found then
        return 0;
    end if;
    perform set_config('telecare.erasing', 'on', true);
    insert into erased_hub (hub_hash, public_key, erased_at)
    select sha256(convert_to(hub, 'UTF8')), public_key, moment from hub
    where home = which and public_key is not null
    on conflict (hub_hash) do nothing;
    for step in select * from rows_about_home(which) loop
        execute format('delete from %s where %s', step.tab, step.condition);
        get diagnostics here = row_count;
        gone := gone + here;
    end loop;
    -- Where counts are rolled up by TimescaleDB, what was rolled up lies in tables of its own.
    if to_regclass('timescaledb_information.continuous_aggregates') is not null then
        for counted in execute
            'select materialization_hypertable_schema as room, materialization_hypertable_name as name '
            'from timescaledb_information.continuous_aggregates where view_schema = ''series'''
        loop
            execute format('delete from %I.%I where home = %L', counted.room, counted.name, which);
            get diagnostics here = row_count;
            gone := gone + here;
        end loop;
    end if;
    perform set_config('telecare.erasing', 'off', true);
    -- Of what is often found in a column the planner keeps samples: they are taken anew.
    for step in
        select distinct c.oid::regclass as tab from pg_class c
        where c.relnamespace in ('public'::regnamespace, 'series'::regnamespace)
            and c.relkind in ('r', 'p') and not c.relispartition
            and exists (select from rows_about_home(which) a where a.tab = c.oid)
    loop
        -- An empty table would keep its old ones; from PostgreSQL 18 on they can be dropped.
        if to_regproc('pg_clear_attribute_stats') is not null then
            for counted in
                select n.nspname as room, c.relname as name, a.attname as col, i.whole
                from pg_class c join pg_namespace n on n.oid = c.relnamespace
                join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                cross join (values (true), (false)) as i (whole)
                where c.oid = step.tab
            loop
                execute 'select pg_clear_attribute_stats($1, $2, $3, $4)'
                    using counted.room::text, counted.name::text, counted.col::text, counted.whole;
            end loop;
        end if;
        execute format('analyze %s', step.tab);
    end loop;
    return gone;
end $$;

-- One person of a home in which others live: who they are, what is on record, what they agreed to.
create function erase_resident(whose text, which uuid) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    step record;
    here bigint;
    gone bigint := 0;
begin
    perform from home h where h.home = whose and h.organisation = any (reach()) for update;
    if not found or not exists (select from resident r where r.resident = which and r.home = whose) then
        return 0;
    end if;
    perform set_config('telecare.erasing', 'on', true);
    for step in select * from rows_about('resident', format('resident = %L', which)) loop
        execute format('delete from %s where %s', step.tab, step.condition);
        get diagnostics here = row_count;
        gone := gone + here;
    end loop;
    perform set_config('telecare.erasing', 'off', true);
    return gone;
end $$;

-- Every row about a home, table by table; what is sealed or a key is left out.
create function export_home(which text) returns table (source text, line jsonb)
language plpgsql stable security definer set search_path = public, pg_temp set timezone = 'UTC' as $$
declare
    step record;
    secret text[];
    kept text;  -- what a hub sent that could not be read, as far as it can be shown
begin
    if not exists (select from home h where h.home = which and h.organisation = any (reach())) then
        return;
    end if;
    for step in
        select tab, string_agg('(' || condition || ')', ' or ') as condition
        from rows_about_home(which) group by tab order by tab::text
    loop
        secret := array(
            select attname::text from pg_attribute
            where attrelid = step.tab and attnum > 0 and atttypid = 'bytea'::regtype);
        kept := case when 'body' = any (secret)
            then ' || jsonb_build_object(''body'', encode(t.body, ''escape''))' else '' end;
        return query execute format(
            'select %L::text, to_jsonb(t) - $1%s from %s t where %s',
            replace(step.tab::text, 'series.', ''), kept, step.tab, step.condition) using secret;
    end loop;
end $$;
revoke execute on function rows_about, rows_about_home, erase_home, erase_resident, export_home from public;
grant execute on function erase_home, erase_resident, export_home to telecare_organisation;
