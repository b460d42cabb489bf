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
select home, label, time_zone from home where organisation = $1 order by label, home

-- name: temperatures
select c.home, sum(c.total) / sum(c.n) as celsius
from daily_counts c join home h on h.home = c.home
where h.organisation = $1 and c.kind = 'temperature' and c.day >= $2 and c.day < $3
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
from daily_counts c join home h on h.home = c.home
where h.organisation = $1 and c.day >= $2 and c.day < $3 and c.kind <> 'link'
group by 1, 2

-- name: raised
select home, condition, max(raised_at) as at from alert
where organisation = $1 and home is not null and raised_at >= $2 and condition = any ($3)
    and state <> 'withdrawn' and (outcome is null or outcome not in ('false_alarm', 'test'))
group by home, condition

-- name: bathrooms
-- Homes of which a sensor sees the bathroom and was heard since $2.
select distinct s.home from sensor s join home h on h.home = s.home
where h.organisation = $1 and s.place = 'bathroom' and s.kind = 'motion' and s.last_at >= $2

-- name: nights
-- Trips to the bathroom from 23 to 06 by the home's clock: activations ten minutes apart are two.
with seen as (
    select e.home, e.at, h.time_zone, lag(e.at) over (partition by e.home order by e.at) as before
    from event e join home h on h.home = e.home
    where h.organisation = $1 and e.at >= $2 and e.at < $3 and e.place = 'bathroom' and e.kind = 'motion'
        and e.quality in ('ok', 'late')
),
trips as (
    select home, (at at time zone time_zone) + interval '1 hour' as local from seen
    where before is null or at - before > interval '10 minutes'
)
select home, local::date as night, count(*)::integer as trips from trips
where extract(hour from local) < 7
group by 1, 2

-- name: unshared
select left_out($1)

-- name: contacts
select c.home, h.label, c.at, s.display_name as by, c.outcome, c.note, c.words, c.why, c.until
from cohort_contact c
join home h on h.home = c.home
join staff s on s.id = c.by
where c.cohort = $1
order by c.at desc, c.id desc
limit $2

-- name: lasts
select distinct on (c.home) c.home, h.label, c.at, s.display_name as by, c.outcome, c.note, c.words, c.why, c.until
from cohort_contact c
join home h on h.home = c.home
join staff s on s.id = c.by
where c.cohort = $1
order by c.home, c.at desc, c.id desc

-- name: lock
-- Who records calls for one list waits for each other.
select pg_advisory_xact_lock(2118970414, $1::integer)

-- name: called
insert into cohort_contact (cohort, home, at, by, outcome, words, why, until)
values ($1, $2, $3, $4, $5, $6, $7, $8)
