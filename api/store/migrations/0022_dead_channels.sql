-- A channel that does not deliver becomes an alert for staff.

alter table destination
    add column failing_since timestamptz;  -- since something was given up and nothing delivered after it
create index alert_of_centre on alert (organisation, condition, subject, id) where home is null;

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
        -- What is told of a channel does not go out by it: it would not arrive, and be told in turn.
        and not (told.condition = 'channel_dead' and told.home is null and told.subject = d.channel)
    on conflict do nothing;
end $$;
