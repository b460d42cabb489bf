-- A receiver that was away comes back to all that waited for it: who has called for help is told of first.
create index outbox_urgent_first on outbox (destination, (body ->> 'lane' is distinct from 'urgent'), id)
    where state = 'waiting';
