-- What the centre's database tells of the centre as a whole. Nothing here names anybody.

-- name: hubs
-- Silent is whom the watch found so; a hub that was never heard is neither.
select
    count(*) filter (where s.hub is null) as heard,
    count(*) filter (where s.hub is not null) as silent
from hub b
left join silence s on s.hub = b.hub and s.over_at is null
where b.public_key is not null and b.revoked_at is null

-- name: alerts
select
    (array['urgent', 'advisory', 'technical'])[a.lane] as priority, a.state, count(*) as n,
    extract(epoch from $1::timestamptz - min(coalesce(a.waiting_since, a.received_at)))::float8 as oldest
from alert a
where a.state <> 'resolved' and a.state <> 'withdrawn'
group by 1, 2

-- name: missed
-- Of what waits now: each duty that is measured in seconds and that is broken.
select d.priority, d.level, count(*) as n
from alert a
join duty d on d.kind = 'seconds'
    and d.priority = case a.lane when 2 then 'advisory' when 3 then 'technical' else 'urgent' end
    and coalesce(d.organisation, 0) = coalesce(
        (select o.organisation from duty o where o.organisation = a.organisation limit 1), 0
    )
where a.state in ('raised', 'escalated') and a.state <> 'resolved'
    and coalesce(a.waiting_since, a.received_at) <= $1::timestamptz - make_interval(secs => d.within_s)
group by 1, 2

-- name: outbox
select
    count(*) filter (where state = 'waiting') as waiting,
    count(*) filter (where state = 'dead') as dead,
    coalesce(extract(epoch from $1::timestamptz - min(written_at) filter (where state = 'waiting')), 0)::float8
        as oldest
from outbox where state <> 'sent'
