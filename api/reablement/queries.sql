-- Programmes of reablement, and what a home's sensors told meanwhile.

-- name: home
select time_zone from home where home = $1

-- name: shown
-- Of a home, or all; or one. What is running comes first, then what ended last.
select r.id as programme, r.home, h.label, h.time_zone, r.starts, r.weeks, r.ended_at, r.sequel,
    s.display_name as ended_by
from reablement r
join home h on h.home = r.home
left join staff s on s.id = r.ended_by
where ($1::text is null or r.home = $1) and ($2::bigint is null or r.id = $2)
order by r.ended_at desc nulls first, r.starts desc, r.id desc
limit $3

-- name: begin
insert into reablement (home, starts, weeks, begun_by, begun_at)
values ($1, $2, $3, $4, $5)
on conflict do nothing
returning id

-- name: end
update reablement set ended_at = $2, ended_by = $3, sequel = $4 where home = $1 and ended_at is null returning id

-- name: signs
-- All that was heard, thermometers included: by these a day out is told from a silent hub, and by the rest from an empty home.
select at, kind, place, value from event
where home = $1 and at >= $2 and at < $3 and quality in ('ok', 'late') and kind <> 'link'
order by at
