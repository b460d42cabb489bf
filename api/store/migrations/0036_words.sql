-- What staff write of an alert or a call in their own words is sealed like all else that may name somebody.
-- A replica of an earlier version goes on writing to `note` and `reason`; what stands there is read before
-- `words`, and is the newer of the two: whoever knows `words` empties them.
alter table alert_history add column words bytea;
alter table alert add column words bytea;  -- why it is suspended, shelved or escalated
alter table cohort_contact add column words bytea;
alter table cohort_contact alter column note set default '';

create or replace view alert_shown with (security_invoker = true) as
select
    a.id, a.version, a.report_version, a.home, h.label, h.time_zone, a.condition, a.subject, a.severity, a.lane,
    a.score, a.text, a.prompt, a.raised_at, a.reported_at, a.received_at, a.cleared_at, a.state,
    a.claimed_at, a.lease_until, a.lapsed_at, a.resolved_at, a.outcome,
    s.id as staff, s.username, s.display_name, s.role,
    a.organisation, a.unseen_since, a.returns_at, a.reason, a.level, a.escalated_at,
    o.id as offered_id, o.username as offered_username, o.display_name as offered_name, o.role as offered_role,
    a.again_at, a.words
from alert a
left join home h on h.home = a.home
left join staff s on s.id = coalesce(a.holder, a.lapsed_holder, a.resolved_by, a.shelved_by)
left join staff o on o.id = a.offered_to;

-- History is never overwritten, but its words may be sealed anew, or at last: the same words, by this
-- function alone.
create or replace function refuse_change_but_erasure() returns trigger language plpgsql as $$
begin
    if (tg_op = 'DELETE' and current_setting('telecare.erasing', true) = 'on'
            or tg_op = 'UPDATE' and tg_table_name in ('consent', 'alert_history')
                and current_setting('telecare.resealing', true) = 'on')
        and current_user = (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid)
    then
        return null;  -- it is asked once for a statement, which goes on
    end if;
    raise exception '% is append-only', tg_table_name;
end $$;

create function reseal_history(which bigint, was bytea, sealed bytea) returns boolean
language plpgsql security definer
set search_path = public, pg_temp
set telecare.resealing = 'on'
as $$
begin
    update alert_history set words = sealed, note = '' where id = which and (note <> '' or words = was);
    return found;
end $$;
revoke execute on function reseal_history from public;
grant execute on function reseal_history to telecare_centre;
