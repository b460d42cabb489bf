-- Homes, their hubs, their sensors and their days.

-- name: all
select h.home, h.label, h.time_zone,
    (select count(*) from alert a where a.home = h.home and a.state <> 'resolved' and a.state <> 'withdrawn') as waiting,
    (select max(b.last_seen_at) from hub b where b.home = h.home) as last_seen_at
from home h
where h.home > $1
order by h.home
limit $2

-- name: one
select home, label, time_zone from home where home = $1

-- name: relabel
update home set label = $2 where home = $1 returning home

-- name: hubs
select b.hub, b.claimed_at is not null as claimed, b.claim_expires_at as code_expires_at, b.key_at,
    b.revoked_at, coalesce(b.revoked_why, '') as revoked_why, coalesce(b.replaces, '') as replaces, b.last_seen_at, b.health_at, b.health,
    -- what lies between 1 and the highest number seen, less what was received
    coalesce((
        select sum(upper(gap) - lower(gap))
        from journal j,
            unnest(int8multirange(int8range(1, upper(j.received))) - j.received) as gap
        where j.hub = b.hub and not isempty(j.received)
    ), 0)::bigint as missing
from hub b
where b.home = $1
order by b.hub

-- name: sensors
select sensor, kind, place, last_at, battery from sensor where home = $1 order by place, sensor, kind

-- name: days
-- $2 are the midnights that the local days begin with, and the one that ends the last.
select
    width_bucket(hour, $2::timestamptz[]) as day,
    place,
    kind,
    -- of a thing with two states, only the ones count: opened, entered, pressed
    (case when kind in ('opening', 'presence', 'button', 'link') then sum(total) else sum(n) end)::bigint as count,
    sum(total)::double precision as total
from hourly_counts
where home = $1 and hour >= ($2::timestamptz[])[1] and hour < $3
group by 1, 2, 3
order by 1, 2, 3

-- name: london_days
-- The same where the local days are the ones that are rolled up.
select
    width_bucket(day, $2::timestamptz[]) as day,
    place,
    kind,
    (case when kind in ('opening', 'presence', 'button', 'link') then sum(total) else sum(n) end)::bigint as count,
    sum(total)::double precision as total
from daily_counts
where home = $1 and day >= ($2::timestamptz[])[1] and day < $3
group by 1, 2, 3
order by 1, 2, 3

-- name: activity
select date_bin('15 minutes', at, 'epoch') as at, place, count(*) as n
from event
where home = $1 and at >= $2
    and quality <> 'replayed'
    and (kind in ('motion', 'appliance', 'flush') or (kind in ('opening', 'presence', 'button') and value > 0))
group by 1, 2
order by 1, 2
