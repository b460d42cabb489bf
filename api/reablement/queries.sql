-- Programmes of reablement, and what a home's sensors told meanwhile.

-- name: home
select home, label, time_zone from home where home = $1

-- name: running
select starts, weeks from reablement where home = $1 and ended_at is null

-- name: begin
insert into reablement (home, starts, weeks, begun_by, begun_at)
values ($1, $2, $3, $4, $5)
on conflict do nothing
returning id

-- name: end
update reablement set ended_at = $2 where home = $1 and ended_at is null returning id

-- name: signs
select at, kind, place, value from event
where home = $1 and at >= $2 and at < $3 and quality in ('ok', 'late') and kind <> 'link'
order by at
