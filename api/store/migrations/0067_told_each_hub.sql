-- A pause or an absence is told to each hub at work in its home, also to one that comes while it goes on.
create function untold(which spell) returns setof text language sql stable as $$
    select b.hub from hub b
    where b.home = which.home and b.public_key is not null and b.revoked_at is null
        and not exists (
            select from spell_command t join command c on c.id = t.command
            where t.spell = which.spell and t.begins and c.hub = b.hub
        )
    order by b.hub
$$;
