-- Plans, contacts, attempts, the key safe and follow-up tasks.

-- name: home
select home, label, time_zone, organisation from home where home = $1

-- name: organisation
select organisation from organisation where organisation = $1

-- name: plans
-- The newest version of each plan of a home or of an organisation.
select distinct on (condition, priority) p.*, s.display_name as put_name
from response_plan p left join staff s on s.id = p.put_by
where ($1::text is not null and p.home = $1) or ($1::text is null and p.organisation = $2)
order by condition, priority, version desc

-- name: plan_versions
select p.*, s.display_name as put_name
from response_plan p left join staff s on s.id = p.put_by
where p.home is not distinct from $1 and p.organisation is not distinct from $2
    and p.condition = $3 and p.priority = $4
order by version desc limit $5

-- name: plan_lock
select pg_advisory_xact_lock(hashtextextended($1, 7))

-- name: plan_add
insert into response_plan (home, organisation, condition, priority, version, steps, put_by, put_at)
values ($1, $2, $3, $4, $5, $6, $7, $8) returning plan

-- name: plan_one
select p.*, '' as put_name from response_plan p where plan = $1

-- name: alert
select id, home, organisation, condition, lane, state, holder, version, time_zone, label
from (
    select a.id, a.home, a.organisation, a.condition, a.lane, a.state, a.holder, a.version,
        h.time_zone, h.label
    from alert a left join home h on h.home = a.home where a.id = $1
) as found

-- name: contacts
select * from contact where home = $1 and removed_at is null order by position, contact

-- name: contact_add
insert into contact (home, person, keyholder, position, body, changed_by, changed_at)
values ($1, $2, $3, $4, $5, $6, $7) returning contact

-- name: contact_put
update contact
set person = $4, keyholder = $5, position = $6, body = $7, changed_by = $8, changed_at = $9,
    version = version + 1
where contact = $2 and home = $1 and version = $3 and removed_at is null returning contact

-- name: contact_drop
select remove_contact($1, $2, $3, $4, $5)

-- name: stay
-- Nobody of the home is erased between the look at whom to write to and the message to them.
select h.home from home h join alert a on a.home = h.home where a.id = $1 for key share of h

-- name: attempts
-- Those before it was resolved and raised anew are told, but count for no step any more.
select t.*, s.username, s.display_name, s.role, c.body as called, t.version > coalesce((
    select max(e.version) from alert_history e
    where e.alert = $1 and e.before = 'resolved' and e.after = 'raised'
), 0) as counts
from response_attempt t left join staff s on s.id = t.staff left join contact c on c.contact = t.contact
where t.alert = $1 order by t.attempt

-- name: attempt_by_key
select * from response_attempt where alert = $1 and key = $2

-- name: attempt_add
insert into response_attempt (
    alert, home, version, key, plan, built_in, step, kind, contact, result, note, staff, at, due_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning attempt

-- name: words
-- All that is sealed of one home.
select 'contact' as source, contact as number, null::bigint as alert, body as sealed from contact where home = $1
union all select 'key_safe', 0, null, body from key_safe where home = $1
union all select 'key_safe_look', look, alert, reason from key_safe_look where home = $1
union all select 'response_plan', plan, null, steps from response_plan where home = $1
union all select 'response_attempt', attempt, alert, note from response_attempt
    where home = $1 and note is not null
union all select 'follow_up', follow_up, alert, what from follow_up where home = $1
union all select 'follow_up', follow_up, alert, note from follow_up where home = $1 and note is not null
union all select 'alert', id, id, words from alert where home = $1 and words is not null
union all select 'alert_history', e.id, e.alert, e.words from alert_history e join alert a on a.id = e.alert
    where a.home = $1 and e.words is not null
union all select 'cohort_contact', id, null, case when note = '' then words else '\x00' || convert_to(note, 'UTF8') end
    from cohort_contact where home = $1 and (words is not null or note <> '')
order by 1, 2

-- name: sends
-- Whether there is somewhere to send a prompt.
select exists (
    select from destination
    where organisation = $1 and enabled and channel = any ($2::text[]) and 'prompt' = any (actions)
)

-- name: takers
-- Responders and services that can be told by the centre itself.
select name from destination
where organisation = $1 and enabled and 'request' = any (actions)

-- name: send
select send_prompt($1, $2, $3, $4, $5)

-- name: send_request
select send_request($1, $2, $3, $4, $5)

-- name: ended
-- Messages of which the outbox knows the end, with their alerts' rows, which are held.
select a.*, t.attempt, t.result, o.state as became, o.reason as because
from response_attempt t
join outbox o on o.attempt = t.attempt
join alert a on a.id = t.alert
where (t.result = 'sent' and o.state <> 'waiting') or (t.result = 'failed' and o.state = 'sent')
order by a.organisation, a.id, t.attempt limit 200
for update of a skip locked

-- name: became
update response_attempt
set result = $2, reason = $3, due_at = case when $2 = 'failed' then null else due_at end
where attempt = $1

-- name: due
-- Alerts whose next step's time has come; of each the newest attempt says so.
select a.id, a.organisation, t.attempt
from response_attempt t
join alert a on a.id = t.alert
where t.due_at <= $1 and not t.due_told
order by a.organisation, a.id, t.attempt limit 500
for update of a skip locked

-- name: told
update response_attempt set due_told = true where attempt = $1

-- name: touch
-- News of an alert that is no step: who has it open fetches it anew.
update alert set version = version + 1
where id = $1 and state <> 'resolved' and state <> 'withdrawn'

-- name: calling
-- Open alerts whose plan asks for something now: a message failed, or the time set has come.
select distinct on (t.alert) t.alert, t.result, t.due_at
from response_attempt t
join alert a on a.id = t.alert
where a.state <> 'resolved' and a.state <> 'withdrawn' and a.state <> 'shelved'
order by t.alert, t.attempt desc

-- name: key_safe
select k.*, s.display_name as changed_name
from key_safe k left join staff s on s.id = k.changed_by where k.home = $1

-- name: key_safe_put
insert into key_safe (home, body, changed_by, changed_at) values ($1, $2, $3, $4)
on conflict (home) do update
set body = excluded.body, changed_by = excluded.changed_by, changed_at = excluded.changed_at,
    version = key_safe.version + 1
where key_safe.version = $5
returning version, xmax = 0 as added

-- name: key_safe_drop
delete from key_safe where home = $1 and version = $2 returning home

-- name: open_alerts
-- Alerts of a home that are not over, with who has them.
select id, case when lease_until > $2 or lease_until is null then holder end as holder
from alert
where home = $1 and state in ('raised', 'escalated', 'claimed', 'suspended', 'shelved')

-- name: look_add
insert into key_safe_look (home, alert, staff, at, hide_at, reason)
values ($1, $2, $3, $4, $5, $6) returning look

-- name: looks
select k.*, h.label, h.time_zone, s.display_name, n.display_name as seen_name
from key_safe_look k
join home h on h.home = k.home
join staff s on s.id = k.staff
left join staff n on n.id = k.seen_by
order by k.seen_at is not null, k.look desc limit $1

-- name: looks_unseen
select count(*) from key_safe_look where seen_at is null

-- name: look_seen
update key_safe_look set seen_by = $2, seen_at = $3
where look = $1 and seen_at is null and staff <> $2 returning home

-- name: look_of
select home, staff, seen_at from key_safe_look where look = $1

-- name: follow_ups
-- The local day of a home decides what is due there.
select f.*, h.label, h.time_zone, ($4::timestamptz at time zone h.time_zone)::date as today,
    s.username, s.display_name as assignee_name
from follow_up f
join home h on h.home = f.home
left join staff s on s.id = f.assignee
where f.ended_at is null and ($1::bigint is null or f.assignee = $1)
    and ($2::text is null or f.home = $2)
    and f.due_on <= ($4::timestamptz at time zone h.time_zone)::date + $3::integer
order by f.due_on, f.follow_up limit $5

-- name: follow_up_one
select f.*, h.label, h.time_zone, ($2::timestamptz at time zone h.time_zone)::date as today,
    s.username, s.display_name as assignee_name
from follow_up f
join home h on h.home = f.home
left join staff s on s.id = f.assignee
where f.follow_up = $1

-- name: follow_up_lock
select * from follow_up where follow_up = $1 for update

-- name: follow_up_add
insert into follow_up (home, alert, due_on, assignee, what, added_by, added_at)
values ($1, $2, $3, $4, $5, $6, $7) returning follow_up

-- name: follow_up_change
update follow_up set assignee = $2, due_on = $3, version = version + 1 where follow_up = $1

-- name: follow_up_end
update follow_up
set outcome = $2, note = $3, ended_by = $4, ended_at = $5, version = version + 1
where follow_up = $1

-- name: colleague
select id from member
where username = $1 and disabled_at is null and $2 = any (organisations) and role = any ($3::text[])

-- name: colleagues
select username, name from member
where disabled_at is null and $1 = any (organisations) and role = any ($2::text[])
order by name, username limit 500
