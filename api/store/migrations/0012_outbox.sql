-- What is told to others. A message is written by the transaction that makes it true, by triggers, so
-- that no way of changing an alert can forget it; workers deliver it afterwards.

create table destination (
    destination bigint generated always as identity primary key,
    organisation bigint not null references organisation on delete cascade,
    name text not null,
    channel text not null,
    -- What it is told; an empty list is everything.
    lanes text[] not null default '{}',
    conditions text[] not null default '{}',
    actions text[] not null default '{}',
    heartbeat_s integer check (heartbeat_s > 0),  -- how often it is told that we are alive; null for never
    beat_at timestamptz,
    settings json not null,
    secrets bytea,  -- sealed with the centre's key, to this organisation, name and channel
    enabled boolean not null default true,
    delivered bigint not null default 0,
    retried bigint not null default 0,
    gave_up bigint not null default 0,
    added_at timestamptz not null default now(),
    unique (organisation, name)
);

create table outbox (
    id bigint generated always as identity primary key,
    key uuid not null default gen_random_uuid(),  -- the same in every try
    organisation bigint not null references organisation on delete cascade,
    destination bigint not null references destination on delete cascade,
    subject text not null,  -- what is told of one subject arrives in order
    action text not null,
    version bigint not null,
    home text references home on delete cascade,
    body json not null,
    written_at timestamptz not null default now(),
    state text not null default 'waiting' check (state in ('waiting', 'sent', 'dead')),
    tries integer not null default 0,
    first_at timestamptz,
    due_at timestamptz,  -- null: at once
    lease uuid,
    lease_until timestamptz,
    ended_at timestamptz,
    reason text,  -- why the last try failed
    unique (destination, subject, action, version)
);
create index outbox_waiting on outbox (destination, subject, id) where state = 'waiting';
create index outbox_next on outbox (destination, id) where state = 'waiting';
create index outbox_held on outbox (destination, lease_until) where state = 'waiting' and lease_until is not null;
create index outbox_dead on outbox (organisation, id) where state = 'dead';
create index outbox_ended on outbox (ended_at) where state <> 'waiting';
create index outbox_home on outbox (home);

do $$
declare
    named text;
begin
    foreach named in array array['destination', 'outbox'] loop
        execute format('alter table %I enable row level security', named);
        execute format(
            'create policy own on %I to telecare_organisation '
            'using (organisation = any ((select reach())::bigint[]))', named);
        execute format('create policy whole on %I to telecare_centre using (true)', named);
        execute format('grant select, insert, update, delete on %I to telecare_centre', named);
    end loop;
end $$;

-- Neither secrets nor what was told is shown to those who look after the outbox.
grant select (destination, organisation, name, channel, lanes, conditions, actions, heartbeat_s, beat_at,
    enabled, delivered, retried, gave_up, added_at) on destination to telecare_organisation;
grant select (id, key, organisation, destination, subject, action, version, home, written_at, state, tries,
    first_at, due_at, lease_until, ended_at, reason) on outbox to telecare_organisation;
grant update (state, tries, first_at, due_at, ended_at) on outbox to telecare_organisation;

-- As its owner: whoever changes an alert may neither see the destinations nor write to them.
create function tell_others(told alert, what text, numbered bigint, moment timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into outbox (organisation, destination, subject, action, version, home, body)
    select
        told.organisation, d.destination, 'alert/' || told.id, what, numbered, told.home,
        json_build_object(
            'v', 1, 'action', what, 'at', moment, 'alert', told.id, 'version', numbered,
            'organisation', o.name, 'home', told.home, 'label', coalesce(h.label, ''),
            'condition', told.condition, 'subject', told.subject,
            'place', coalesce((
                select s.place from sensor s
                where s.home = told.home and s.sensor = told.subject limit 1
            ), ''),
            'lane', w.lane, 'state', told.state, 'text', told.text, 'prompt', told.prompt,
            'raised_at', told.raised_at, 'cleared_at', told.cleared_at, 'outcome', told.outcome
        )
    from destination d
    join organisation o on o.organisation = d.organisation
    cross join (values (coalesce((array['urgent', 'advisory', 'technical'])[told.lane], 'urgent'))) as w (lane)
    left join home h on h.home = told.home
    where d.organisation = told.organisation and d.enabled
        and (d.lanes = '{}' or w.lane = any (d.lanes))
        and (d.conditions = '{}' or told.condition = any (d.conditions))
        and (d.actions = '{}' or what = any (d.actions))
    on conflict do nothing;
end $$;
revoke execute on function tell_others from public;

create function tell_others_of_report() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        perform tell_others(new, 'raise', new.version, new.received_at);
    elsif new.cleared_at is not null and old.cleared_at is null then
        perform tell_others(new, 'clear', new.version, new.cleared_at);
    elsif new.report_version <> old.report_version then
        perform tell_others(new, 'report', new.version, new.reported_at);
    end if;
    return null;
end $$;
create trigger tell_others after insert or update on alert
    for each row execute function tell_others_of_report();

create function tell_others_of_step() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    told alert;
begin
    select * into told from alert where id = new.alert;
    perform tell_others(told, new.action, new.version, new.at);
    return null;
end $$;
create trigger tell_others after insert on alert_history
    for each row execute function tell_others_of_step();
