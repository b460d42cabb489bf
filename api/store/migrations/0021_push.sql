-- Nudges to the browsers of staff. Who is told follows from whose homes they look after at that moment,
-- so a subscription belongs to a member of staff, and each message to one of these.

create table push_key (
    one boolean primary key default true check (one),
    sealed bytea not null
);
create table push_subscription (
    subscription bigint generated always as identity primary key,
    staff bigint not null references staff on delete cascade,
    endpoint bytea not null unique,  -- the SHA-256 of the browser's address: that itself is a secret
    name text not null,
    service text not null,  -- the host that takes the message to the browser
    sealed bytea not null,
    added_at timestamptz not null,
    expires_at timestamptz
);
create index push_subscription_staff on push_subscription (staff);

do $$
declare
    named text;
begin
    foreach named in array array['push_key', 'push_subscription'] loop
        execute format('alter table %I enable row level security', named);
        execute format('create policy whole on %I to telecare_centre using (true)', named);
        execute format('grant select, insert, update, delete on %I to telecare_centre', named);
    end loop;
end $$;

alter table outbox add column subscription bigint references push_subscription on delete cascade;
create index outbox_subscription on outbox (subscription) where subscription is not null;
alter table outbox drop constraint outbox_destination_subject_action_version_key;
create unique index outbox_once on outbox (destination, subject, action, version, subscription) nulls not distinct;

-- Whoever is at work, may look at an organisation's homes, and wants to be nudged.
create function push_to(told bigint, moment timestamptz) returns setof bigint
language sql stable as $$
    select p.subscription
    from push_subscription p join staff s on s.id = p.staff
    where s.disabled_at is null and (p.expires_at is null or p.expires_at > moment)
        and (s.everywhere or exists (
            select from staff_organisation m where m.staff = s.id and m.organisation = told))
$$;
revoke execute on function push_to from public;

create or replace function tell_others(told alert, what text, numbered bigint, moment timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into outbox
        (organisation, destination, subject, action, version, home, body, state, ended_at, subscription, until)
    select
        told.organisation, d.destination, 'alert/' || told.id, what, numbered, told.home,
        case when a.agreed then json_build_object(
            'v', 1, 'action', what, 'at', moment, 'alert', told.id, 'version', numbered,
            'organisation', o.name, 'home', told.home, 'label', coalesce(h.label, ''),
            'condition', told.condition, 'subject', told.subject,
            'place', coalesce((
                select s.place from sensor s
                where s.home = told.home and s.sensor = told.subject limit 1
            ), ''),
            'lane', w.lane, 'state', told.state, 'text', told.text, 'prompt', told.prompt,
            'raised_at', told.raised_at, 'cleared_at', told.cleared_at, 'outcome', told.outcome
        ) else '{}' end,
        case when a.agreed then 'waiting' else 'left_out' end,
        case when a.agreed then null else moment end,
        p.subscription,
        -- A nudge of an hour ago is of no use to anybody.
        case when p.subscription is not null then moment + interval '1 hour' end
    from destination d
    join organisation o on o.organisation = d.organisation
    cross join (values (coalesce((array['urgent', 'advisory', 'technical'])[told.lane], 'urgent'))) as w (lane)
    left join home h on h.home = told.home
    cross join lateral (
        select d.purpose is null or (h.home is not null
            and consented(h.home, d.purpose, (moment at time zone h.time_zone)::date)) as agreed
    ) a
    cross join lateral (
        select null::bigint as subscription where d.channel <> 'webpush'
        union all
        select push_to(d.organisation, moment) where d.channel = 'webpush'
    ) p
    where d.organisation = told.organisation and d.enabled
        and (d.lanes = '{}' or w.lane = any (d.lanes))
        and (d.conditions = '{}' or told.condition = any (d.conditions))
        and (d.actions = '{}' or what = any (d.actions))
    on conflict do nothing;
end $$;
