-- Staff come by an invitation, change, and go.

alter table staff
    -- Of what lets them in and how far they reach: who was shown in as they were before is not let in.
    add column version integer not null default 1,
    add column last_here_at timestamptz;  -- when they last signed in

-- A link by which somebody chooses a password, once. The next one takes the place of the one before;
-- one that has expired stays to tell that nobody came.
create table invitation (
    staff bigint primary key references staff on delete cascade,
    token_hash bytea not null unique,
    expires_at timestamptz not null
);
alter table invitation enable row level security;
create policy whole on invitation to telecare_centre using (true);
grant select, insert, update, delete on invitation to telecare_centre;

create or replace view member as
select
    s.id, s.username, s.display_name as name, s.role, s.password_hash, s.disabled_at,
    case when s.everywhere then array(select organisation from organisation order by 1)
        else array(select m.organisation from staff_organisation m where m.staff = s.id order by 1)
    end as organisations,
    s.everywhere, s.version, s.last_here_at
from staff s;

-- Pages that are open hear at once that somebody's rights have changed.
create function tell_staff() returns trigger language plpgsql as $$
begin
    perform pg_notify('telecare', json_build_object('staff', new.id)::text);
    return null;
end $$;
create trigger tell after update of version on staff
    for each row when (new.version <> old.version) execute function tell_staff();

-- Nobody who was let go, or looks after other organisations now, comes to hold an alert, also not by what
-- they asked a moment before. The lock waits for whoever changes them just now, so what follows it sees
-- them as they are then; the error says that the same is to be tried again.
create function holder_is_here() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform from staff where id = new.holder for key share;
    if not exists (
        select from staff s where s.id = new.holder and s.disabled_at is null and (s.everywhere or exists (
            select from staff_organisation o where o.staff = s.id and o.organisation = new.organisation))
    ) then
        raise exception 'staff % does not look after this', new.holder using errcode = 'serialization_failure';
    end if;
    return new;
end $$;
create trigger holder_is_here before update of holder on alert
    for each row when (new.holder is not null and new.holder is distinct from old.holder)
    execute function holder_is_here();
create index follow_up_assignee on follow_up (assignee) where ended_at is null;
