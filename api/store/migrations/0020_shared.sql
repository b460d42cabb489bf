-- What a home's people agreed to is asked where its data goes to others.

-- For what a destination is told: null where it belongs to the centre's own work, or answers its calls.
alter table destination add column purpose text check (purpose in ('care_team', 'family'));
grant select (purpose) on destination to telecare_organisation;
-- What was not told is kept as that it was not, without what it would have said.
alter table outbox drop constraint outbox_state_check;
alter table outbox add constraint outbox_state_check
    check (state in ('waiting', 'sent', 'dead', 'left_out'));
create index outbox_left_out on outbox (destination, home) where state = 'left_out';

create or replace function tell_others(told alert, what text, numbered bigint, moment timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into outbox (organisation, destination, subject, action, version, home, body, state, ended_at)
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
        case when a.agreed then null else moment end
    from destination d
    join organisation o on o.organisation = d.organisation
    cross join (values (coalesce((array['urgent', 'advisory', 'technical'])[told.lane], 'urgent'))) as w (lane)
    left join home h on h.home = told.home
    cross join lateral (
        select d.purpose is null or (h.home is not null
            and consented(h.home, d.purpose, (moment at time zone h.time_zone)::date)) as agreed
    ) a
    where d.organisation = told.organisation and d.enabled
        and (d.lanes = '{}' or w.lane = any (d.lanes))
        and (d.conditions = '{}' or told.condition = any (d.conditions))
        and (d.actions = '{}' or what = any (d.actions))
    on conflict do nothing;
end $$;

-- What was made ready to be fetched goes when somebody in it no longer agrees to it, or has come to
-- live there and was not asked yet.
create function forget_exports_of() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    delete from export_job j using resident r join home h on h.home = r.home
    where r.resident = new.resident and h.organisation = any (j.organisations);
    return null;
end $$;
create trigger forget_exports after insert on consent
    for each row when (new.state <> 'given' or not 'health_record' = any (new.purposes))
    execute function forget_exports_of();
create trigger forget_exports after insert on resident
    for each row execute function forget_exports_of();

-- Of what an export holds the planner keeps no samples: they would outlive a home that is erased.
alter table export_part alter column body set statistics 0;
