-- Whether something may be told is asked twice: where it is written, so that nothing is kept that must not
-- be told, and by `may_go` in the moment in which a worker takes it, so that nothing goes by what was true
-- before: by a step under way as a word was taken back, by what was given up and is tried again, by a
-- destination that has a purpose since, to a browser of somebody who may not see the home any more.

create function agreed(place text, purpose text, moment timestamptz) returns boolean
language sql stable as $$
    select coalesce((
        select consented(h.home, purpose, (moment at time zone h.time_zone)::date)
        from home h where h.home = place), false)
$$;

-- Whoever is at work, may see alerts of that home, and wants to be nudged.
drop function push_to(bigint, timestamptz);
create function push_to(told bigint, place text, moment timestamptz) returns setof bigint
language sql stable as $$
    select p.subscription
    from push_subscription p join staff s on s.id = p.staff
    where s.disabled_at is null and (p.expires_at is null or p.expires_at > moment)
        and (s.everywhere or exists (
            select from staff_organisation m where m.staff = s.id and m.organisation = told))
        and (s.role in ('operator', 'supervisor', 'administrator')
            or s.role = 'care_professional' and agreed(place, 'care_team', moment))
$$;

-- What staff send for goes in any case: somebody at the centre has decided that it is needed.
create function may_go(m outbox, moment timestamptz) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
    select m.attempt is not null or m.action = 'heartbeat' or (
        (d.purpose is null or agreed(m.home, d.purpose, moment))
        and (m.subscription is null
            or m.subscription in (select push_to(m.organisation, m.home, moment))))
    from destination d where d.destination = m.destination
$$;

-- Ends what waits or was given up, of one home, and may not go any more: so its words are not kept either.
create function leave_out(place text, moment timestamptz) returns void
language sql security definer set search_path = public, pg_temp as $$
    update outbox m
    set state = 'left_out', body = '{}', secret = null, ended_at = moment, lease = null, lease_until = null
    where m.home = place and m.state in ('waiting', 'dead') and not may_go(m, moment)
$$;
revoke execute on function agreed, push_to, may_go, leave_out from public;
grant execute on function may_go to telecare_centre;

create or replace function hold_back() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    moment timestamptz := coalesce(
        (to_jsonb(new) ->> 'put_at')::timestamptz, (to_jsonb(new) ->> 'added_at')::timestamptz);
begin
    perform leave_out(r.home, moment) from resident r where r.resident = new.resident;
    return null;
end $$;

-- Who is erased is sent no message, and what staff wrote of calls to them goes too. Of a home's messages to
-- people the database cannot read whose they are: all end, and each is a failed attempt that staff see.
drop function strike_out(text, bigint[], bigint[], bigint[], bigint[]);
create function strike_out(
    whose text, contacts bigint[], tasks bigint[], attempts bigint[], looks bigint[],
    calls bigint[] default '{}', moment timestamptz default now()
) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    here bigint;
    gone bigint := 0;
begin
    perform from home h where h.home = whose and h.organisation = any (reach()) for update;
    if not found then
        return 0;
    end if;
    delete from contact c where c.home = whose and (
        c.contact = any (contacts)
        or c.person and not exists (select from resident r where r.home = whose));
    get diagnostics gone = row_count;
    delete from follow_up f where f.home = whose and f.follow_up = any (tasks);
    get diagnostics here = row_count;
    gone := gone + here;
    update response_attempt t set note = null where t.home = whose and t.attempt = any (attempts);
    update key_safe_look k set reason = '' where k.home = whose and k.look = any (looks);
    update cohort_contact c set words = null, note = '' where c.home = whose and c.id = any (calls);
    update outbox m
    set state = 'left_out', body = '{}', secret = null, ended_at = moment, lease = null, lease_until = null,
        reason = 'somebody of this home was erased meanwhile'
    where m.home = whose and m.action = 'prompt' and m.state in ('waiting', 'dead');
    perform leave_out(whose, moment);
    return gone;
end $$;
revoke execute on function strike_out from public;
grant execute on function strike_out to telecare_organisation;

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
    cross join lateral (select d.purpose is null or agreed(told.home, d.purpose, moment) as agreed) a
    cross join lateral (
        select null::bigint as subscription where d.channel <> 'webpush'
        union all
        select push_to(d.organisation, told.home, moment) where d.channel = 'webpush'
    ) p
    where d.organisation = told.organisation and d.enabled
        and (d.lanes = '{}' or w.lane = any (d.lanes))
        and (d.conditions = '{}' or told.condition = any (d.conditions))
        and (d.actions = '{}' or what = any (d.actions))
        -- What is told of a channel does not go out by it: it would not arrive, and be told in turn.
        and not (told.condition = 'channel_dead' and told.home is null and told.subject = d.channel)
    on conflict do nothing;
end $$;
