-- The outbox. Whoever holds a message's lease, and nobody else, delivers it.

-- name: beat
-- One heartbeat at a time: of a destination that is away none pile up.
with due as (
    update destination set beat_at = $1::timestamptz
    where enabled and heartbeat_s is not null
        -- A beat that is further ahead is of before the clock was set back.
        and (beat_at is null or beat_at <= $1::timestamptz - make_interval(secs => heartbeat_s)
            or beat_at > $1::timestamptz + make_interval(secs => heartbeat_s))
    returning destination, organisation
)
insert into outbox (organisation, destination, subject, action, version, body)
select d.organisation, d.destination, 'heartbeat', 'heartbeat', (extract(epoch from $1::timestamptz) * 1000)::bigint,
    json_build_object('v', 1, 'action', 'heartbeat', 'at', $1::timestamptz, 'organisation', o.name)
from due d join organisation o using (organisation)
where not exists (
    select from outbox b
    where b.destination = d.destination and b.subject = 'heartbeat' and b.state = 'waiting')
on conflict do nothing

-- name: claim
-- Of each subject only the first that waits, and of each destination a few at a time, what is urgent
-- first; of one that has just failed only one. A lease that ran out is that of a worker that died. What
-- is to wait longer than anything ever waits was put off before the clock was set back.
with free as (
    select d.destination, (case when d.stumbles then 1 else $3::integer end) - (
        select count(*) from outbox b
        where b.destination = d.destination and b.state = 'waiting' and b.lease_until > $1
    ) as places
    from destination d where d.enabled
), found as (
    select m.id
    from free f
    cross join lateral (
        select w.id, w.body ->> 'lane' is distinct from 'urgent' as can_wait from outbox w
        where w.destination = f.destination and w.state = 'waiting'
            and (w.due_at is null or w.due_at <= $1 or w.due_at > $8)
            and (w.lease_until is null or w.lease_until <= $5) and w.id <> all ($6::bigint[])
            and not exists (
                select from outbox e
                where e.destination = w.destination and e.subject = w.subject
                    and e.subscription is not distinct from w.subscription and e.id < w.id and e.state = 'waiting')
        order by can_wait, w.id
        limit greatest(f.places, 0)
    ) as m
    order by m.can_wait, m.id
    limit $4
), held as (
    select o.id from outbox o
    where o.id in (select id from found) and o.state = 'waiting'
        and (o.lease_until is null or o.lease_until <= $5)
    for update skip locked
)
update outbox o
set lease = $7, lease_until = $2, tries = o.tries + 1, first_at = coalesce(o.first_at, $1)
from held
join outbox m on m.id = held.id
join destination d on d.destination = m.destination
left join push_subscription p on p.subscription = m.subscription
where o.id = held.id
returning o.id, o.key::text, o.subject, o.action, o.lease, o.tries, o.first_at, o.body, o.destination,
    d.organisation, d.name, d.channel, d.settings, d.secrets, o.attempt, o.secret, o.until,
    p.subscription, p.endpoint, p.sealed as subscribed, p.failing_since is not null as failing, may_go(o, $1) as goes

-- name: unclaim
-- What was claimed by a transaction of which nobody heard whether it was stored: none of it was tried.
update outbox set lease = null, lease_until = null, tries = greatest(tries - 1, 0)
where state = 'waiting' and lease_until is not null and lease = any ($1::uuid[])

-- name: renew
-- What is being delivered is held on to before its lease is half over.
update outbox o set lease_until = $1
from unnest($3::bigint[], $4::uuid[]) as held (id, lease)
where o.id = held.id and o.lease = held.lease and o.lease_until < $2

-- name: sent
with done as (
    update outbox
    set state = 'sent', ended_at = $3, lease = null, lease_until = null, reason = null, secret = null
    where id = $1 and lease = $2 returning destination, subscription
), heard as (
    update push_subscription p set heard_at = $3, failing_since = null, failing_why = null
    from done where p.subscription = done.subscription
)
update destination d set delivered = delivered + 1, failing_since = null, stumbles = false from done where d.destination = done.destination
returning 1

-- name: later
with done as (
    update outbox set due_at = $3, reason = $4, lease = null, lease_until = null
    where id = $1 and lease = $2 returning destination, subscription
)
update destination d set retried = retried + 1, stumbles = stumbles or done.subscription is null from done where d.destination = done.destination
returning 1

-- name: dead
with done as (
    update outbox set state = 'dead', ended_at = $3, reason = $4, lease = null, lease_until = null
    where id = $1 and lease = $2 returning destination
)
update destination d set gave_up = gave_up + 1, failing_since = coalesce(failing_since, $3) from done where d.destination = done.destination
returning 1

-- name: missed
-- One browser took no nudge: it is no dead letter. The destination fails where no other browser takes any.
with done as (
    delete from outbox where id = $1 and lease = $2 returning destination, subscription
), marked as (
    update push_subscription p set failing_since = coalesce(p.failing_since, $3), failing_why = $4
    from done where p.subscription = done.subscription
)
update destination d
set gave_up = gave_up + 1, failing_since = case when exists (
        select from push_subscription p
        where p.failing_since is null and p.subscription <> done.subscription and exists (
            select from outbox o
            where o.subscription = p.subscription and o.destination = d.destination and o.state = 'sent')
    ) then failing_since else coalesce(failing_since, $3) end
from done where d.destination = done.destination
returning 1

-- name: left_out
-- What was written by what held then, and does not any more. Its words are not kept.
update outbox
set state = 'left_out', body = '{}', secret = null, ended_at = $3, lease = null, lease_until = null
where id = $1 and lease = $2 returning 1

-- name: unsubscribe
-- With it goes what else waits for that browser.
delete from push_subscription p using outbox o
where o.id = $1 and o.lease = $2 and p.subscription = o.subscription
returning 1

-- name: forget
delete from outbox where (state in ('sent', 'left_out') and ended_at < $1) or (state = 'dead' and ended_at < $2)

-- name: add
insert into destination
    (organisation, name, channel, lanes, conditions, actions, heartbeat_s, settings, secrets, purpose)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (organisation, name) do update
    set channel = excluded.channel, lanes = excluded.lanes, conditions = excluded.conditions,
        actions = excluded.actions, heartbeat_s = excluded.heartbeat_s,
        settings = excluded.settings, secrets = excluded.secrets, purpose = excluded.purpose, enabled = true
returning destination

-- name: add_new
insert into destination
    (organisation, name, channel, lanes, conditions, actions, heartbeat_s, settings, secrets, purpose)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (organisation, name) do nothing
returning destination

-- name: one
select d.destination, d.organisation, d.name, d.channel, d.lanes, d.conditions, d.actions, d.heartbeat_s,
    d.enabled, d.purpose, d.settings::text as settings, d.secrets, o.name as of_organisation
from destination d join organisation o using (organisation)
where d.destination = $1 and d.organisation = any ($2::bigint[])

-- name: hold
select from destination where destination = $1 for no key update

-- name: change
update destination
set lanes = $2, conditions = $3, actions = $4, heartbeat_s = $5, settings = $6, secrets = $7, purpose = $8
where destination = $1

-- name: switch
update destination set enabled = $2 where destination = $1

-- name: enable
update destination set enabled = $3 where organisation = $1 and name = $2 returning destination

-- name: destinations
select
    d.destination, d.organisation, d.name, d.channel, d.lanes, d.conditions, d.actions, d.heartbeat_s,
    d.enabled, d.delivered, d.retried, d.gave_up,
    (select count(*) from outbox o where o.destination = d.destination and o.state = 'waiting') as waiting,
    (select min(o.written_at) from outbox o
        where o.destination = d.destination and o.state = 'waiting') as waiting_since,
    (select count(*) from outbox o where o.destination = d.destination and o.state = 'dead') as dead,
    d.purpose,
    (select count(distinct o.home) from outbox o
        where o.destination = d.destination and o.state = 'left_out' and d.purpose is not null) as left_out
from destination d
order by d.organisation, d.name

-- name: dead_letters
select
    o.id, d.name as destination, o.subject, o.action, o.home, o.written_at, o.tries, o.ended_at, o.reason
from outbox o join destination d on d.destination = o.destination
where o.state = 'dead' and o.id < $2
order by o.id desc limit $1

-- name: told
-- What became of all that was to be told of an alert, the newest first; of nudges to browsers how many took them.
-- Where there is very much, what a hub reported anew is left out before a step is.
select d.name as destination, e.channel, e.action, e.version, e.key::text, min(e.written_at) as written_at,
    (array_agg(e.state order by array_position(array['sent', 'waiting', 'dead', 'left_out'], e.state)))[1] as state,
    min(e.ended_at) filter (where e.state = 'sent') as taken_at,
    min(e.ended_at) filter (where e.state = 'dead') as given_up_at,
    max(e.tries) as tries, max(e.reason) as reason, sum(e.browsers)::integer as browsers
from (
    select o.destination, c.channel, o.action, o.version, case when o.subscription is null then o.key end as key,
        o.written_at, o.state, o.ended_at, o.tries,
        case when o.state = 'waiting' and not c.enabled then 'it is turned off' else o.reason end as reason,
        case when o.subscription is not null then (o.state = 'sent')::integer end as browsers
    from outbox o join destination c on c.destination = o.destination
    where o.subject = 'alert/' || $1::bigint
    union all
    select destination, channel, action, version, key, written_at, state, ended_at, tries, reason, browsers
    from alert_told where alert = $1
) e
join destination d on d.destination = e.destination
group by d.name, e.destination, e.channel, e.action, e.version, e.key
order by e.action = 'report', min(e.written_at) desc, e.version desc, d.name
limit $2

-- name: again
update outbox
set state = 'waiting', tries = 0, first_at = null, due_at = null, ended_at = null
where id = $1 and state = 'dead' returning organisation

-- name: failing
-- Channels of which some destination took nothing since something to it was given up, with the newest
-- alert that says so. An alert stands for as long as it is not cleared or staff have not ended it.
select f.organisation, f.channel, f.names, f.since, f.latest,
    a.id as alert, a.text, a.cleared_at, a.state in ('resolved', 'withdrawn') as ended,
    coalesce(a.resolved_at, a.reported_at) as ended_at
from (
    select organisation, channel, array_agg(name order by name) as names,
        min(failing_since) as since, max(failing_since) as latest
    from destination where enabled and failing_since is not null
    group by organisation, channel
) f
left join lateral (
    select * from alert a
    where a.organisation = f.organisation and a.home is null and a.condition = $1 and a.subject = f.channel
    order by a.id desc limit 1
) a on true

-- name: over
select a.id, a.subject as channel from alert a
where a.home is null and a.condition = $1 and a.cleared_at is null
    and not exists (
        select from destination d
        where d.organisation = a.organisation and d.channel = a.subject
            and d.enabled and d.failing_since is not null)
