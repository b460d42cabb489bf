-- A call for help that staff have resolved may be pressed anew, and must be looked at anew. What they
-- had seen by then is noted here by the database, so that no replica forgets it.
alter table alert
    add column again_at timestamptz;  -- when its hub last said something new of it after it was resolved
update alert set seen_version = report_version
where state = 'resolved' and lane = 1 and cleared_at is null;

create function know_what_was_seen() returns trigger language plpgsql as $$
begin
    if new.state = 'resolved' and new.seen_version is null then
        new.seen_version := new.report_version;
    end if;
    return new;
end $$;
create trigger know_what_was_seen before update on alert
    for each row execute function know_what_was_seen();
create index alert_said_more on alert (home)
    where state = 'resolved' and lane = 1 and cleared_at is null and report_version > seen_version;

-- Who is told of alerts that are raised is told of one that is raised anew.
create or replace function tell_others_of_step() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    told alert;
begin
    select * into told from alert where id = new.alert;
    perform tell_others(
        told, case when new.before = 'resolved' and new.after = 'raised' then 'raise' else new.action end,
        new.version, new.at);
    return null;
end $$;

create or replace view alert_shown with (security_invoker = true) as
select
    a.id, a.version, a.report_version, a.home, h.label, h.time_zone, a.condition, a.subject, a.severity, a.lane,
    a.score, a.text, a.prompt, a.raised_at, a.reported_at, a.received_at, a.cleared_at, a.state,
    a.claimed_at, a.lease_until, a.lapsed_at, a.resolved_at, a.outcome,
    s.id as staff, s.username, s.display_name, s.role,
    a.organisation, a.unseen_since, a.returns_at, a.reason, a.level, a.escalated_at,
    o.id as offered_id, o.username as offered_username, o.display_name as offered_name, o.role as offered_role,
    a.again_at
from alert a
left join home h on h.home = a.home
left join staff s on s.id = coalesce(a.holder, a.lapsed_holder, a.resolved_by, a.shelved_by)
left join staff o on o.id = a.offered_to;
