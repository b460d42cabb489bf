-- Who outside was told of an alert, whether they took it and when, for as long as the alert is kept: "was the receiving
-- centre told?" is asked years later. What was said is not here, and of a browser that was nudged only that one was.
create table alert_told (
    alert bigint not null references alert,
    destination bigint not null references destination on delete cascade,
    channel text not null,  -- of the destination then
    action text not null,
    version bigint not null,
    key uuid,  -- of the message; null of nudges to browsers
    written_at timestamptz not null,
    state text not null check (state in ('sent', 'dead', 'left_out')),
    ended_at timestamptz not null,
    tries integer not null,
    reason text,
    browsers integer,  -- that took the nudge; null of other messages
    primary key (alert, destination, action, version)
);
alter table alert_told enable row level security;
create policy whole on alert_told to telecare_centre using (true);
create policy own on alert_told to telecare_organisation
    using (exists (select from alert a where a.id = alert_told.alert));
grant select, insert, update, delete on alert_told to telecare_centre;
grant select on alert_told to telecare_organisation;
grant select (subscription) on outbox to telecare_organisation;
create index outbox_subject on outbox (subject);

-- Whatever lets go of a message leaves this, also a replica of a version before; but for an erasure, and what becomes
-- of a message as its browser leaves.
create function keep_told() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into alert_told as t
        (alert, destination, channel, action, version, key, written_at, state, ended_at, tries, reason, browsers)
    select a.id, old.destination, d.channel, old.action, old.version,
        case when old.subscription is null then old.key end,
        old.written_at, old.state, old.ended_at, old.tries, old.reason,
        case when old.subscription is not null then 1 end
    from alert a join destination d on d.destination = old.destination
    where a.id = substr(old.subject, 7)::bigint and old.ended_at is not null
        and current_setting('telecare.erasing', true) is distinct from 'on'
    on conflict (alert, destination, action, version) do update
        set browsers = t.browsers + 1, written_at = least(t.written_at, excluded.written_at),
            ended_at = least(t.ended_at, excluded.ended_at), tries = greatest(t.tries, excluded.tries);
    return null;
end $$;
create trigger keep_told after delete on outbox
    for each row
    when (old.subject like 'alert/%' and (old.state = 'sent' or old.state <> 'waiting' and old.subscription is null))
    execute function keep_told();

-- An open page of the alert looks again once something has come of a try. Version 0: the alert itself is as it was.
create function news_of_told() returns trigger language plpgsql as $$
begin
    perform pg_notify('telecare', json_build_object(
        'alert', substr(new.subject, 7)::bigint, 'version', 0, 'organisation', new.organisation)::text);
    return null;
end $$;
create trigger news_of_told after update of state, reason on outbox
    for each row when (new.subject like 'alert/%' and new.lease is null)
    execute function news_of_told();
