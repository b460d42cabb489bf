-- Whoever answers an alert reads beside it that the person is on record as away or not to be watched, and until when:
-- else a responder goes to an empty home. Of several the one that began first and is not over.
create or replace view alert_shown with (security_invoker = true) as
select
    a.id, a.version, a.report_version, a.home, h.label, h.time_zone, a.condition, a.subject, a.severity, a.lane,
    a.score, a.text, a.prompt, a.raised_at, a.reported_at, a.received_at, a.cleared_at, a.state,
    a.claimed_at, a.lease_until, a.lapsed_at, a.resolved_at, a.outcome,
    s.id as staff, s.username, s.display_name, s.role,
    a.organisation, a.unseen_since, a.returns_at, a.reason, a.level, a.escalated_at,
    o.id as offered_id, o.username as offered_username, o.display_name as offered_name, o.role as offered_role,
    a.again_at, a.words,
    w.kind as away_kind, w.starts_at as away_from, w.until as away_until
from alert a
left join home h on h.home = a.home
left join staff s on s.id = coalesce(a.holder, a.lapsed_holder, a.resolved_by, a.shelved_by)
left join staff o on o.id = a.offered_to
left join lateral (
    select p.kind, p.starts_at, p.until from spell p
    where p.home = a.home and p.ended_at is null
    order by p.starts_at, p.spell limit 1
) w on true;
