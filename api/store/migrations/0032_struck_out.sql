-- What staff wrote down of one of a home's people goes with them: their entry among the contacts, tasks that
-- name them, and the words of attempts and looks that do. Who opens the words says which, for the database
-- cannot read them; nobody else may delete a task. Once nobody is on record, the person's entry goes by itself.
create function strike_out(
    whose text, contacts bigint[], tasks bigint[], attempts bigint[], looks bigint[]
) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    here bigint;
    gone bigint := 0;
begin
    perform from home h where h.home = whose and h.organisation = any (reach()) for update;
    if not found then
        return 0;
    end if;
    delete from contact c where c.home = whose and (
        c.contact = any (contacts)
        or c.person and not exists (select from resident r where r.home = whose));
    get diagnostics gone = row_count;
    delete from follow_up f where f.home = whose and f.follow_up = any (tasks);
    get diagnostics here = row_count;
    gone := gone + here;
    update response_attempt t set note = null where t.home = whose and t.attempt = any (attempts);
    update key_safe_look k set reason = '' where k.home = whose and k.look = any (looks);
    return gone;
end $$;
revoke execute on function strike_out from public;
grant execute on function strike_out to telecare_organisation;
