-- The queue is in order of since when an alert waits: since it was raised, by the hub's clock, but no
-- longer than since it came. A hub whose clock is years ahead had its calls stand last.
create index alert_in_order on alert (organisation, lane, least(raised_at, received_at), raised_at, id)
    where state <> 'resolved';
