-- What is done about an alert: plans, whom to call, attempts, the key safe, and what is left for later.
-- Whatever names or numbers a person is sealed with the centre's key; all of it goes with its home.

create table response_plan (
    plan bigint generated always as identity primary key,
    home text references home on delete cascade,  -- null: an organisation's own, for all its homes
    organisation bigint references organisation on delete cascade,
    condition text not null default '',  -- empty: whatever has no plan of its own
    priority text not null default '' check (priority in ('', 'urgent', 'advisory', 'technical')),
    version integer not null check (version > 0),
    steps bytea not null,  -- none: the next more general plan holds again
    put_by bigint references staff,
    put_at timestamptz not null,
    check ((home is null) <> (organisation is null)),
    check (priority = '' or (condition = '' and home is null))
);
create unique index response_plan_version on response_plan
    (coalesce(home, ''), coalesce(organisation, 0), condition, priority, version);

create table contact (
    contact bigint generated always as identity primary key,
    home text not null references home on delete cascade,
    person boolean not null default false,  -- the person who lives there
    keyholder boolean not null default false,
    position integer not null,  -- who is called before whom
    version integer not null default 1,
    body bytea not null,  -- name, relation, numbers, when available
    changed_by bigint references staff,
    changed_at timestamptz not null
);
create index contact_home on contact (home, position);
create unique index contact_person on contact (home) where person;

create table response_attempt (
    attempt bigint generated always as identity primary key,
    alert bigint not null references alert on delete cascade,
    home text references home on delete cascade,  -- null where the alert is about many
    version integer not null,  -- of the alert, once it was made
    key text not null,
    plan bigint references response_plan on delete cascade,  -- null: the built-in one of `built_in`
    built_in text not null default '',
    step smallint,  -- null: beside the plan
    kind text not null,
    contact bigint references contact on delete set null,
    result text not null check (result in (
        'sent', 'delivered', 'failed', 'answered', 'no_answer', 'wrong_number', 'refused', 'done',
        'skipped', 'other')),
    reason text not null default '',  -- of a message that failed: the channel's words
    note bytea,
    staff bigint references staff,
    at timestamptz not null,
    due_at timestamptz,  -- when the next step is
    due_told boolean not null default false,
    unique (alert, key)
);
create index response_attempt_home on response_attempt (home);
create index response_attempt_sent on response_attempt (alert) where result in ('sent', 'failed');
create index response_attempt_due on response_attempt (due_at) where due_at is not null and not due_told;

create table key_safe (
    home text primary key references home on delete cascade,
    version integer not null default 1,
    body bytea not null,  -- where it is, and its code
    changed_by bigint references staff,
    changed_at timestamptz not null
);

create table key_safe_look (
    look bigint generated always as identity primary key,
    home text not null references home on delete cascade,
    alert bigint not null references alert on delete cascade,
    staff bigint not null references staff,
    at timestamptz not null,
    hide_at timestamptz not null,
    reason bytea not null,
    seen_by bigint references staff,  -- the supervisor who has taken note
    seen_at timestamptz
);
create index key_safe_look_home on key_safe_look (home);
create index key_safe_look_unseen on key_safe_look (at) where seen_at is null;

create table follow_up (
    follow_up bigint generated always as identity primary key,
    home text not null references home on delete cascade,
    alert bigint references alert on delete cascade,
    due_on date not null,  -- the home's local day
    assignee bigint references staff,
    what bytea not null,
    version integer not null default 1,
    added_by bigint references staff,
    added_at timestamptz not null,
    outcome text check (outcome in ('done', 'not_needed', 'no_contact', 'new_concern')),
    note bytea,
    ended_by bigint references staff,
    ended_at timestamptz,
    check ((outcome is null) = (ended_at is null))
);
create index follow_up_home on follow_up (home);
create index follow_up_open on follow_up (due_on) where ended_at is null;

-- A message to one person: to whom and what it says is sealed, and it is not sent after its time.
alter table outbox
    add column attempt bigint references response_attempt on delete cascade,
    add column secret bytea,
    add column until timestamptz;
create unique index outbox_attempt on outbox (attempt) where attempt is not null;

do $$
declare
    named text;
begin
    foreach named in array array['contact', 'key_safe', 'key_safe_look', 'follow_up'] loop
        execute format(
            'create policy own on %1$I to telecare_organisation using (exists ('
            'select from home h where h.home = %1$I.home))', named);
    end loop;
    foreach named in array array[
        'response_plan', 'contact', 'response_attempt', 'key_safe', 'key_safe_look', 'follow_up'
    ] loop
        execute format('alter table %I enable row level security', named);
        execute format('create policy whole on %I to telecare_centre using (true)', named);
        execute format('grant select, insert, update, delete on %I to telecare_centre', named);
    end loop;
end $$;
create policy own on response_plan to telecare_organisation using (
    organisation = any ((select reach())::bigint[])
    or exists (select from home h where h.home = response_plan.home));
create policy own on response_attempt to telecare_organisation using (
    exists (select from alert a where a.id = response_attempt.alert));

grant select, insert on response_plan, response_attempt, key_safe_look to telecare_organisation;
grant update (seen_by, seen_at) on key_safe_look to telecare_organisation;
grant select, insert, update, delete on contact, key_safe to telecare_organisation;
grant select, insert, update on follow_up to telecare_organisation;

-- As its owner: whoever has a message sent may neither read the outbox nor write to it otherwise.
create function send_prompt(
    sent bigint, hidden bytea, channels text[], moment timestamptz, until timestamptz
) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into outbox (
        organisation, destination, subject, action, version, home, body, attempt, secret, until)
    select
        a.organisation, d.destination, 'attempt/' || t.attempt, 'prompt', 1, t.home,
        json_build_object('v', 1, 'action', 'prompt', 'at', moment, 'alert', a.id),
        t.attempt, hidden, send_prompt.until
    from response_attempt t
    join alert a on a.id = t.alert
    join destination d on d.organisation = a.organisation and d.enabled
        and 'prompt' = any (d.actions) and d.channel = any (channels)
    where t.attempt = sent and a.organisation = any (reach())
    order by d.destination limit 1;
    return found;
end $$;

-- The same to a responder or a service that is a destination: it is told of the alert as well.
create function send_request(
    sent bigint, hidden bytea, named text, moment timestamptz, until timestamptz
) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into outbox (
        organisation, destination, subject, action, version, home, body, attempt, secret, until)
    select
        a.organisation, d.destination, 'attempt/' || t.attempt, 'request', 1, t.home,
        json_build_object(
            'v', 1, 'action', 'request', 'at', moment, 'alert', a.id, 'version', a.version,
            'organisation', o.name, 'home', a.home, 'label', coalesce(h.label, ''),
            'condition', a.condition, 'subject', a.subject,
            'lane', coalesce((array['urgent', 'advisory', 'technical'])[a.lane], 'urgent'),
            'state', a.state, 'text', a.text, 'prompt', '', 'raised_at', a.raised_at,
            'cleared_at', a.cleared_at, 'outcome', a.outcome
        ),
        t.attempt, hidden, send_request.until
    from response_attempt t
    join alert a on a.id = t.alert
    join organisation o on o.organisation = a.organisation
    join destination d on d.organisation = a.organisation and d.enabled
        and d.name = named and 'request' = any (d.actions)
    left join home h on h.home = a.home
    where t.attempt = sent and a.organisation = any (reach());
    return found;
end $$;
revoke execute on function send_prompt, send_request from public;
grant execute on function send_prompt, send_request to telecare_organisation;
