-- Organisations by number and name.

-- name: add
insert into organisation (name) values ($1) on conflict (name) do nothing returning organisation, name

-- name: all
select organisation, name from organisation order by name
