-- Nobody who was let go, looks after other organisations now or may not do it any more comes to hold an
-- alert, to be offered one, or to have a task: also not by what was asked a moment before. A reference to
-- staff alone is content with whoever is in the table.

create function works_here(who bigint, place bigint) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    -- Who is being changed just now may be let go. To wait would be to hold on to alerts that whoever
    -- lets them go is about to take from them: each would wait for the other.
    perform from staff where id = who for key share nowait;
    if not exists (
        select from staff s
        where s.id = who and s.disabled_at is null
            and s.role in ('operator', 'supervisor', 'administrator')
            and (s.everywhere or exists (
                select from staff_organisation o where o.staff = s.id and o.organisation = place))
    ) then
        -- The same is to be tried again, and is then told what is wrong.
        raise exception 'staff % does not look after this', who using errcode = 'serialization_failure';
    end if;
exception when lock_not_available then
    raise exception 'staff % are being changed', who using errcode = 'serialization_failure';
end $$;
revoke execute on function works_here from public;

create or replace function holder_is_here() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform works_here(new.holder, new.organisation);
    return new;
end $$;

create function offered_to_is_here() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform works_here(new.offered_to, new.organisation);
    return new;
end $$;
create trigger offered_to_is_here before update of offered_to on alert
    for each row when (new.offered_to is not null and new.offered_to is distinct from old.offered_to)
    execute function offered_to_is_here();

create function assignee_is_here() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if tg_op = 'INSERT' or new.assignee is distinct from old.assignee then
        perform works_here(new.assignee, h.organisation)
        from home h where h.home = new.home;
    end if;
    return new;
end $$;
create trigger assignee_is_here before insert or update of assignee on follow_up
    for each row when (new.assignee is not null and new.ended_at is null)
    execute function assignee_is_here();
