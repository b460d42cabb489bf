-- Hubs that are not heard, and what staff are told of it.

-- An alert of the centre's own may be about many homes at once.
alter table alert alter column home drop not null;
create index alert_of_many on alert (id) where home is null;

-- Each time a hub fell silent. The row outlasts restarts, so that nothing is told twice.
create table silence (
    hub text not null references hub,
    heard_at timestamptz not null,  -- when it was last heard, or set up if it never was
    found_at timestamptz not null,
    over_at timestamptz,  -- when it was heard again
    alert bigint references alert,  -- its own
    outage bigint references alert,  -- that of the many with which it fell silent
    primary key (hub, heard_at)
);
create index silence_open on silence (hub) where over_at is null;
create index silence_alert on silence (alert);
create index silence_outage on silence (outage);

-- Whose turn it is to look is settled by the lock on this row. Silence counts only from `since`: while
-- the centre itself was down it heard nobody.
create table watch (
    one boolean primary key default true check (one),
    since timestamptz,
    beat_at timestamptz
);
insert into watch default values;

create or replace view alert_shown as
select
    a.id, a.version, a.report_version, a.home, h.label, h.time_zone, a.condition, a.subject, a.severity, a.lane,
    a.score, a.text, a.prompt, a.raised_at, a.reported_at, a.received_at, a.cleared_at, a.state,
    a.claimed_at, a.lease_until, a.lapsed_at, a.resolved_at, a.outcome,
    s.id as staff, s.username, s.display_name, s.role
from alert a
left join home h on h.home = a.home
left join staff s on s.id = coalesce(a.holder, a.lapsed_holder, a.resolved_by);
