-- Organisations by number and name.

-- name: add
insert into organisation (name) values ($1) on conflict (name) do nothing returning organisation, name

-- name: all
select organisation, name from organisation order by name

-- name: rename
-- By the name that was looked at: of two at once the second sees the first's.
update organisation set name = $3 where organisation = $1 and name = $2 returning organisation, name

-- name: standing
select o.organisation, o.name,
    (select count(*) from home h where h.organisation = o.organisation) as homes,
    (select count(*) from hub b join home h on h.home = b.home
        where h.organisation = o.organisation and b.public_key is not null and b.revoked_at is null) as hubs,
    (select count(*) from member m
        where m.disabled_at is null and o.organisation = any (m.organisations)) as staff,
    (select count(*) from destination d where d.organisation = o.organisation and d.enabled) as destinations,
    exists (select from duty d where d.organisation = o.organisation) as own_duties
from organisation o
where o.organisation = any ($1::bigint[])
order by o.name
