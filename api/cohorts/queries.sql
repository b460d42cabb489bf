-- Cohorts: saved filters, what is known of an organisation's homes, who was called.

-- name: all
select cohort, organisation, name, criteria, quiet_days from cohort order by organisation, cohort

-- name: one
select cohort, organisation, name, criteria, quiet_days from cohort where cohort = $1

-- name: add
insert into cohort (organisation, name, criteria, quiet_days, added_by)
values ($1, $2, $3::text::json, $4, $5)
on conflict do nothing
returning cohort

-- name: remove
delete from cohort where cohort = $1 returning cohort

-- name: homes
-- All of them, or the one that is asked for.
select home, label, time_zone from home
where organisation = $1 and ($2::text is null or home = $2) order by label, home

-- name: temperatures
select c.home, sum(c.total) / sum(c.n) as celsius
from daily_counts c
where c.home = any ($1::text[]) and c.kind = 'temperature' and c.day >= $2 and c.day < $3
    and c.place not in ('fridge', 'freezer', 'outside', 'outdoors', 'garden', 'hot_water')
group by c.home
having sum(c.n) > 0

-- name: counts
-- Of each day on which the home was heard: how often what $4 is about was used.
select c.home, (c.day at time zone 'Europe/London')::date as day,
    coalesce(sum(case when c.kind = 'opening' then c.total else c.n end) filter (where case $4
        when 'bathroom' then c.place in ('bathroom', 'toilet') and c.kind in ('motion', 'flush')
        when 'kitchen' then c.kind = 'appliance' or (c.kind = 'opening' and c.place = 'fridge')
            or (c.kind = 'motion' and c.place = 'kitchen')
        else (c.kind = 'appliance' and c.place = 'kettle') or (c.kind = 'opening' and c.place = 'fridge')
    end), 0)::float8 as used
from daily_counts c
where c.home = any ($1::text[]) and c.day >= $2 and c.day < $3 and c.kind <> 'link'
group by 1, 2

-- name: raised
select distinct on (home, condition) home, condition, raised_at as at, text from alert
where home = any ($1::text[]) and raised_at >= $2 and condition = any ($3)
    and state <> 'withdrawn' and (outcome is null or outcome not in ('false_alarm', 'test'))
order by home, condition, raised_at desc, id desc

-- name: bathrooms
-- Homes of which a sensor sees the bathroom and was heard since $2.
select distinct s.home from sensor s
where s.home = any ($1::text[]) and s.place = 'bathroom' and s.kind = 'motion' and s.last_at >= $2

-- name: nights
-- Trips to the bathroom from 23 to 06 by the home's clock: activations ten minutes apart are two. Events are read of
-- those nights alone that may have $4 trips by the counts of the hour, where a home has $5 such nights. A clock that is
-- put back at either end has its hour twice.
with night as (
    select h.home, h.time_zone, d::date as night,
        least(
            (d - interval '1 hour') at time zone h.time_zone,
            ((d - interval '2 hours') at time zone h.time_zone) + interval '1 hour') as begins,
        greatest(
            (d + interval '6 hours') at time zone h.time_zone,
            ((d + interval '7 hours') at time zone h.time_zone) - interval '1 hour') as ends
    from home h
    cross join lateral generate_series(
        ($2::timestamptz at time zone h.time_zone)::date::timestamp,
        ($3::timestamptz at time zone h.time_zone)::date::timestamp + interval '1 day', interval '1 day') d
    where h.home = any ($1::text[])
),
counted as materialized (
    select n.*, (
        select sum(c.n) from hourly_counts c
        where c.home = n.home and c.hour > n.begins - interval '1 hour' and c.hour < n.ends
            and c.place = 'bathroom' and c.kind = 'motion'
    ) as activations
    from night n
),
worth as (
    select c.*, count(*) filter (where c.activations >= $4) over (partition by c.home) >= $5 as enough from counted c
)
select w.home, w.night, t.trips
from worth w
cross join lateral (
    select count(*)::integer as trips
    from (
        select e.at, lag(e.at) over (order by e.at) as before from event e
        where e.home = w.home and e.at >= greatest(w.begins - interval '10 minutes', $2) and e.at < least(w.ends, $3)
            and e.place = 'bathroom' and e.kind = 'motion' and e.quality in ('ok', 'late')
    ) s
    cross join lateral (select (s.at at time zone w.time_zone) + interval '1 hour' as local) l
    where (s.before is null or s.at - s.before > interval '10 minutes')
        and l.local::date = w.night and extract(hour from l.local) < 7
) t
where w.enough and w.activations >= $4

-- name: unshared
select left_out($1)

-- name: contacts
select c.home, h.label, c.at, s.display_name as by, c.outcome, c.note, c.words, c.why, c.until, c.cohort,
    k.name as from_list
from cohort_contact c
join cohort k on k.cohort = c.cohort
join home h on h.home = c.home
join staff s on s.id = c.by
where c.cohort = $1
order by c.at desc, c.id desc
limit $2

-- name: lasts
-- The newest call of each, because of whichever list, also of one that was removed since.
select distinct on (c.home) c.home, h.label, c.at, s.display_name as by, c.outcome, c.note, c.words, c.why, c.until,
    c.cohort, k.name as from_list
from cohort_contact c
left join cohort k on k.cohort = c.cohort
join home h on h.home = c.home
join staff s on s.id = c.by
where c.home = any ($1::text[])
order by c.home, c.at desc, c.id desc

-- name: quiet
-- Until when calls because of this list leave somebody in peace, and those because of others.
select c.home, max(c.until) filter (where c.cohort = $2) as ours,
    max(least(c.until, c.at + $4::interval)) filter (where c.cohort is distinct from $2) as others
from cohort_contact c
where c.home = any ($1::text[]) and c.until > $3
group by c.home

-- name: lock
-- Who records a call to a home waits for who records another, because of whichever list.
select pg_advisory_xact_lock(2118970414, hashtext($1))

-- name: called
insert into cohort_contact (cohort, home, at, by, outcome, words, why, until)
values ($1, $2, $3, $4, $5, $6, $7, $8)
