-- What hubs send by the million, on plain PostgreSQL: a partition for each month, and counts by hour
-- and by day that each insert keeps up to date.

create schema series;

create table series.event (like event) partition by range (at);
create table series.assessment (like assessment) partition by range (at);
create table series.health (like health) partition by range (at);
-- What is dated beyond the months there are, as by a clock that was never set.
create table series.event_other partition of series.event default;
create table series.assessment_other partition of series.assessment default;
create table series.health_other partition of series.health default;

-- Makes the months from that of `first` to that of `last`, and brings there what waited elsewhere.
create function series.add_months(first timestamptz, last timestamptz) returns void
language plpgsql set timezone = 'UTC' as $$
declare
    kind text;
    month timestamptz;
    part text;
begin
    foreach kind in array array['event', 'assessment', 'health'] loop
        for month in
            select m from generate_series(date_trunc('month', first), last, interval '1 month') as m
        loop
            part := format('%s_%s', kind, to_char(month, 'YYYY_MM'));
            continue when to_regclass(format('series.%I', part)) is not null;
            execute format('lock table series.%I in share row exclusive mode', kind || '_other');
            execute format('create table series.%I (like series.%I including defaults)', part, kind);
            execute format(
                'with moved as (delete from series.%I where at >= %L and at < %L returning *) '
                'insert into series.%I select * from moved',
                kind || '_other', month, month + interval '1 month', part);
            execute format(
                'alter table series.%I attach partition series.%I for values from (%L) to (%L)',
                kind, part, month, month + interval '1 month');
        end loop;
    end loop;
end $$;

-- Lets go of what is older than it is to be kept, a whole month at a time; what is dated beyond the
-- months by itself. The number of partitions, or rows of counts, that went.
create function series.forget(kind text, before timestamptz) returns bigint
language plpgsql set timezone = 'UTC' as $$
declare
    part text;
    gone bigint := 0;
begin
    if kind = 'counts' then
        delete from series.daily_counts where day < before;
        with old as (delete from series.hourly_counts where hour < before returning 1)
        select count(*) into gone from old;
        return gone;
    end if;
    for part in
        select c.relname
        from pg_inherits i
        join pg_class c on c.oid = i.inhrelid
        where i.inhparent = format('series.%I', kind)::regclass
            and c.relname < format('%s_%s', kind, to_char(before, 'YYYY_MM'))
            and c.relname <> kind || '_other'
    loop
        execute format('drop table series.%I', part);
        gone := gone + 1;
    end loop;
    execute format('delete from series.%I where at < $1', kind || '_other') using before;
    return gone;
end $$;

create index event_home on series.event (home, at desc);
create index assessment_home on series.assessment (home, at desc);
create index health_latest on series.health (hub, at desc);

-- Counts. A day begins at midnight in London; other zones are counted from the hours.
create table series.hourly_counts (
    home text not null,
    hour timestamptz not null,
    place text not null,
    kind text not null,
    n bigint not null,  -- events
    total double precision not null,  -- the sum of their values
    primary key (home, hour, place, kind)
);
create table series.daily_counts (
    home text not null,
    day timestamptz not null,
    place text not null,
    kind text not null,
    n bigint not null,
    total double precision not null,
    primary key (home, day, place, kind)
);

-- As its owner: who may add events may not touch the counts otherwise.
create function series.count_events() returns trigger
language plpgsql security definer set search_path = series, pg_temp as $$
begin
    insert into hourly_counts as c (home, hour, place, kind, n, total)
    select home, date_bin('1 hour', at, 'epoch'), place, kind, count(*), sum(value)
    from added
    where quality <> 'replayed'
    group by 1, 2, 3, 4
    order by 1, 2, 3, 4
    on conflict (home, hour, place, kind) do update
        set n = c.n + excluded.n, total = c.total + excluded.total;
    insert into daily_counts as c (home, day, place, kind, n, total)
    select home, date_trunc('day', at, 'Europe/London'), place, kind, count(*), sum(value)
    from added
    where quality <> 'replayed'
    group by 1, 2, 3, 4
    order by 1, 2, 3, 4
    on conflict (home, day, place, kind) do update
        set n = c.n + excluded.n, total = c.total + excluded.total;
    return null;
end $$;
create trigger count_events after insert on series.event referencing new table as added
    for each statement execute function series.count_events();

select series.add_months(coalesce(min(at), now()), now() + interval '3 months')
from (
    select at from event where at > now() - interval '2 years'
    union all select at from assessment where at > now() - interval '2 years'
) as there;
insert into series.event select * from event;  -- which counts them, too
insert into series.assessment select * from assessment;
insert into series.health select * from health;
drop table hourly_counts;
drop function count_events cascade;
