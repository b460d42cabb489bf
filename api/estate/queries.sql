-- The estate. Whose hubs these are, the reach of the transaction says.

-- name: hubs
-- Those that are at work, or awaited by a home. What the hub tells of itself is read by whoever asks.
select b.hub, b.home, h.label, h.time_zone, b.public_key is null as awaited, b.claim_expires_at,
    b.last_seen_at, s.heard_at is not null as silent, b.health::text as health,
    coalesce(r.state in ('refused', 'reverted'), false) as refuses
from hub b
join home h on h.home = b.home
left join silence s on s.hub = b.hub and s.over_at is null
left join lateral (
    select c.state from configuration_report c where c.hub = b.hub order by c.version desc limit 1
) r on true
where b.revoked_at is null
