-- What the whole life of an alert needs. The words for its new states come with 0101, once no replica
-- runs that would not know them.

alter table alert
    add column offered_to bigint references staff,  -- to whom its holder would hand it over
    add column unseen_since timestamptz,  -- given to its holder then, who has not looked yet
    add column waiting_since timestamptz,  -- since when nobody has it, where not since it was received
    add column returns_at timestamptz,  -- of a suspended or shelved one
    add column reason text not null default '',  -- why it is suspended, shelved or escalated
    add column shelved_by bigint references staff,
    add column seen_version integer,  -- the report_version that was there when it was suspended
    add column level smallint not null default 0,  -- of an escalated one: 1 a supervisor, 2 the next
    add column escalated_at timestamptz;
create index alert_returns on alert (returns_at) where returns_at is not null;

-- What a centre has promised. Rows without an organisation are for those that have none of their own.
create table duty (
    id bigint generated always as identity primary key,
    organisation bigint references organisation on delete cascade,
    priority text not null check (priority in ('urgent', 'advisory', 'technical')),
    level smallint not null check (level between 1 and 2),  -- that is called once it is broken
    kind text not null check (kind in ('seconds', 'same_day', 'next_working_day')),
    within_s double precision check (within_s > 0),
    share double precision not null check (share > 0 and share <= 1),  -- of alerts, to be in time
    escalates boolean not null default false,
    check ((kind = 'seconds') = (within_s is not null)),
    check (kind = 'seconds' or not escalates)
);
create unique index duty_one on duty (coalesce(organisation, 0), priority, level);
insert into duty (priority, level, kind, within_s, share, escalates) values
    ('urgent', 1, 'seconds', 60, 0.975, true),
    ('urgent', 2, 'seconds', 180, 0.99, true),
    ('advisory', 1, 'same_day', null, 0.975, false),
    ('technical', 1, 'next_working_day', null, 0.975, false);

alter table duty enable row level security;
create policy whole on duty to telecare_centre using (true);
create policy own on duty to telecare_organisation
    using (organisation is null or organisation = any ((select reach())::bigint[]));
grant select, insert, update, delete on duty to telecare_centre;
grant select on duty to telecare_organisation;

create or replace view alert_shown with (security_invoker = true) as
select
    a.id, a.version, a.report_version, a.home, h.label, h.time_zone, a.condition, a.subject, a.severity, a.lane,
    a.score, a.text, a.prompt, a.raised_at, a.reported_at, a.received_at, a.cleared_at, a.state,
    a.claimed_at, a.lease_until, a.lapsed_at, a.resolved_at, a.outcome,
    s.id as staff, s.username, s.display_name, s.role,
    a.organisation, a.unseen_since, a.returns_at, a.reason, a.level, a.escalated_at,
    o.id as offered_id, o.username as offered_username, o.display_name as offered_name, o.role as offered_role
from alert a
left join home h on h.home = a.home
left join staff s on s.id = coalesce(a.holder, a.lapsed_holder, a.resolved_by, a.shelved_by)
left join staff o on o.id = a.offered_to;
