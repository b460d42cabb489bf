-- Hourly counts on plain PostgreSQL: a table that each insert of events keeps up to date.

create index event_home on event (home, at desc);
create index assessment_home on assessment (home, at desc);

create table hourly_counts (
    home text not null,
    hour timestamptz not null,
    place text not null,
    kind text not null,
    n bigint not null,  -- events
    total double precision not null,  -- the sum of their values
    primary key (home, hour, place, kind)
);

create function count_events() returns trigger language plpgsql as $$
begin
    insert into hourly_counts as c (home, hour, place, kind, n, total)
    select home, date_bin('1 hour', at, 'epoch'), place, kind, count(*), sum(value)
    from added
    where quality <> 'replayed'
    group by 1, 2, 3, 4
    order by 1, 2, 3, 4
    on conflict (home, hour, place, kind) do update
        set n = c.n + excluded.n, total = c.total + excluded.total;
    return null;
end $$;
create trigger count_events after insert on event referencing new table as added
    for each statement execute function count_events();
