-- Residents, what is on record of them, what they agreed to, and when nobody watches.

-- name: home
select home, time_zone from home where home = $1

-- name: lock_home
select home, time_zone from home where home = $1 for no key update

-- name: residents
select resident, sealed, version, age, added_at, changed_at from resident
where home = $1 order by added_at, resident

-- name: lock_home_whole
-- Also against rows about it that somebody is about to add.
select home from home where home = $1 for update

-- name: lock_resident
select r.resident, r.sealed, r.version, r.age, r.added_at, r.changed_at
from resident r where r.home = $1 and r.resident = $2::text::uuid for update

-- name: add_resident
insert into resident (resident, home, sealed, age, aged_on, added_at, changed_at, changed_by)
values ($1::text::uuid, $2, $3, $4, $5, $6, $6, $7)

-- name: change_resident
update resident
set sealed = $2, age = $3, aged_on = $4, changed_at = $5, changed_by = $6, version = version + 1
where resident = $1::text::uuid

-- name: to_be_aged
-- Homes in which somebody's age was not reckoned today: a birthday may have passed.
select h.organisation, r.home from resident r join home h on h.home = r.home
where r.aged_on < $1 group by 1, 2 order by 1, 2 limit 200

-- name: age_resident
update resident set age = $2, aged_on = $3 where resident = $1 and aged_on < $3

-- name: profiles
-- Every version, the newest first.
select p.resident, p.version, p.profile::text as profile, p.put_at, s.display_name as by
from risk_profile p
join resident r on r.resident = p.resident
left join staff s on s.id = p.put_by
where r.home = $1
order by p.resident, p.version desc

-- name: add_profile
insert into risk_profile (resident, version, profile, put_at, put_by)
values ($1::text::uuid, $2, $3::text::json, $4, $5)

-- name: newest_profile
select coalesce(max(version), 0) from risk_profile where resident = $1::text::uuid

-- name: consents
-- Every version, the newest first.
select
    c.resident, c.version, c.state, c.conditions, c.sensors, c.purposes, c.given_by, c.given_on,
    c.expires_on, c.sealed, c.put_at, s.display_name as by
from consent c
join resident r on r.resident = c.resident
left join staff s on s.id = c.put_by
where r.home = $1
order by c.resident, c.version desc

-- name: add_consent
insert into consent (
    resident, version, state, conditions, sensors, purposes, given_by, given_on, expires_on,
    sealed, put_at, put_by
)
values ($1::text::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- name: newest_consent
select version, state, conditions, sensors, purposes, given_by, given_on, expires_on
from consent where resident = $1::text::uuid order by version desc limit 1

-- name: run_out
-- Homes in which the last day of a consent is over.
select h.organisation, r.home
from resident r
join home h on h.home = r.home
cross join lateral (
    select state, expires_on from consent n
    where n.resident = r.resident order by n.version desc limit 1
) c
where c.state = 'given' and c.expires_on < ($1::timestamptz at time zone h.time_zone)::date
group by 1, 2 order by 1, 2 limit 200

-- name: run_out_of
select c.*
from resident r
cross join lateral (
    select * from consent n where n.resident = r.resident order by n.version desc limit 1
) c
where r.home = $1 and c.state = 'given' and c.expires_on < $2

-- name: on_record
-- The newest of everybody in a home, for its configuration.
select r.age, p.profile::text as profile, c.state, c.conditions, c.expires_on
from resident r
left join lateral (
    select profile from risk_profile n where n.resident = r.resident order by n.version desc limit 1
) p on true
left join lateral (
    select state, conditions, expires_on from consent n
    where n.resident = r.resident order by n.version desc limit 1
) c on true
where r.home = $1
order by r.added_at, r.resident

-- name: allowed
select consented($1, $2, $3)

-- name: sharing
-- Each home, and whether its people have agreed to $1 on the day that it is there at $2.
select h.home, consented(h.home, $1, ($2::timestamptz at time zone h.time_zone)::date) as agreed
from home h
where ($3::bigint is null or h.organisation = $3) and ($4::text is null or h.home = $4)

-- name: fitted
select distinct kind from sensor where home = $1 order by kind

-- name: hubs
select hub from hub where home = $1 and public_key is not null and revoked_at is null order by hub

-- name: untold
-- The home's hubs at work that were not told that it began.
select hub from spell s cross join lateral untold(s) hub where s.spell = $1

-- name: begun
-- What goes on in a home. What somebody has in hand is left to the next turn of the clock.
select * from spell where home = $1 and begun_at is not null and ended_at is null and until > $2
order by spell
for update skip locked

-- name: add_spell
insert into spell (home, kind, wish, starts_at, until, set_at, set_by)
values ($1, $2, $3, $4, $5, $6, $7)
returning *

-- name: overlapping
-- One of the same sort that goes on, or is planned, at some time in between.
select s.kind, s.starts_at, s.until from spell s
where s.home = $1 and s.ended_at is null and s.until > $5
    and (s.kind = 'pause') = ($2 = 'pause') and s.starts_at < $4 and s.until > $3
order by s.starts_at limit 1

-- name: sort
-- All of one sort that left the home unwatched, or will.
select starts_at, coalesce(ended_at, until) as until from spell
where home = $1 and (kind = 'pause') = ($2 = 'pause') and coalesce(ended_at, until) > starts_at

-- name: lock_spell
select * from spell where home = $1 and spell = $2 for update

-- name: begin_spell
update spell set begun_at = coalesce(begun_at, $2) where spell = $1

-- name: end_spell
update spell set ended_at = $2, ended_by = $3 where spell = $1

-- name: spell_told
insert into spell_command (spell, command, begins) values ($1, $2, $3)

-- name: spells
select s.spell, s.kind, s.wish, s.starts_at, s.until, s.set_at, s.begun_at, s.ended_at,
    w.display_name as set_by, e.display_name as ended_by, exists (select from untold(s)) as untold
from spell s
left join staff w on w.id = s.set_by
left join staff e on e.id = s.ended_by
where s.home = $1
order by s.spell desc limit $2

-- name: spell_commands
-- What hubs were told that are at work still: what one that was let go said of it holds nowhere.
select t.spell, t.begins, c.id, c.hub, c.number, c.kind, c.body::text as body, c.issued_at,
    c.expires_at, c.sent_at, c.told_at, c.state, c.said, c.alert, c.answered_at
from spell_command t
join command c on c.id = t.command
join hub b on b.hub = c.hub and b.revoked_at is null
join spell s on s.spell = t.spell
where s.home = $1 and s.spell >= $2
order by t.spell, c.hub, c.number

-- name: superseded
-- Whether a hub was told something of the kind since: then that holds.
select exists (
    select from spell_command t
    join command c on c.id = t.command
    join command n on n.hub = c.hub and n.kind = c.kind and n.number > c.number
    where t.spell = $1 and t.begins and c.hub = $2
)

-- name: due
select s.*, h.organisation from spell s join home h on h.home = s.home
where s.ended_at is null and (
    s.until <= $1 or s.starts_at <= $1 and (s.begun_at is null or exists (select from untold(s)))
)
order by h.organisation, s.spell limit 100
for update of s skip locked

-- name: to_talk_about
-- Residents without a consent, or with one that is over or ends soon.
select h.home, h.label, r.resident, c.state, c.expires_on
from resident r
join home h on h.home = r.home
left join lateral (
    select state, expires_on from consent n where n.resident = r.resident order by n.version desc limit 1
) c on true
where c.state is null or c.state <> 'given' or c.expires_on <= $1
order by c.expires_on nulls first, h.home limit 500

-- name: without_residents
select h.home, h.label from home h
where not exists (select from resident r where r.home = h.home)
order by h.home limit 500

-- name: going_on
-- Pauses and absences that go on, or ended after a moment, in every home.
select s.spell, s.home, s.kind, s.ended_at, h.label, exists (select from untold(s)) as untold
from spell s join home h on h.home = s.home
where s.begun_at is not null and (s.ended_at is null or s.ended_at > $1)
order by s.until, s.spell limit 500

-- name: going_on_commands
-- What the hubs were told of them.
select t.spell, t.begins, c.id, c.hub, c.number, c.kind, c.body::text as body, c.issued_at,
    c.expires_at, c.sent_at, c.told_at, c.state, c.said, c.alert, c.answered_at
from spell_command t
join command c on c.id = t.command
join hub b on b.hub = c.hub and b.revoked_at is null
where t.spell = any ($1::bigint[])
order by t.spell, c.hub, c.number

-- name: away
-- When homes were left alone on record, pauses among it, as far as it lies between $2 and $3. Whether a hub was told is
-- not asked: who was away was away.
select home, greatest(starts_at, $2) as begins, least(until, ended_at, $3) as ends from spell
where home = any ($1::text[]) and starts_at < $3 and least(until, ended_at) > greatest(starts_at, $2)

-- name: situations
-- What staff know of homes by their newest configuration.
select h.home, h.time_zone, c.context
from home h
cross join lateral (
    select content -> 'context' as context from configuration where home = h.home order by version desc limit 1
) c
where h.home = any ($1::text[]) and json_typeof(c.context) = 'array'

-- name: export
declare whole no scroll cursor for select source, line::text as line from export_home($1)

-- name: export_more
fetch 500 from whole

-- name: erase_home
select erase_home($1, $2)

-- name: erase_resident
select erase_resident($1, $2::text::uuid)

-- name: strike_out
select strike_out($1, $2, $3, $4, $5, $6, $7)

-- name: organisation
select organisation from home where home = $1

-- name: forget_hubs
delete from erased_hub where erased_at < $1
