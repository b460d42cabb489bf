-- The same on TimescaleDB: hypertables in chunks of a week and of a home's share, compressed after a
-- week, and counts as continuous aggregates that also see what was not yet rolled up.

create schema series;

create table series.event (like event);
select create_hypertable('series.event', 'at', chunk_time_interval => interval '7 days', create_default_indexes => false);
select add_dimension('series.event', 'home', number_partitions => 4);
create index event_home on series.event (home, at desc);
alter table series.event set (
    timescaledb.compress, timescaledb.compress_segmentby = 'home', timescaledb.compress_orderby = 'at desc'
);
select add_compression_policy('series.event', interval '7 days');

create table series.assessment (like assessment);
select create_hypertable('series.assessment', 'at', chunk_time_interval => interval '30 days', create_default_indexes => false);
create index assessment_home on series.assessment (home, at desc);
alter table series.assessment set (
    timescaledb.compress, timescaledb.compress_segmentby = 'home', timescaledb.compress_orderby = 'at desc'
);
select add_compression_policy('series.assessment', interval '30 days');

create table series.health (like health);
select create_hypertable('series.health', 'at', chunk_time_interval => interval '7 days', create_default_indexes => false);
create index health_latest on series.health (hub, at desc);
alter table series.health set (
    timescaledb.compress, timescaledb.compress_segmentby = 'hub', timescaledb.compress_orderby = 'at desc'
);
select add_compression_policy('series.health', interval '7 days');

-- Chunks come by themselves, as events come.
create function series.add_months(first timestamptz, last timestamptz) returns void
language sql as $$ select $$;

-- Lets go of what is older than it is to be kept, a whole chunk at a time. The number that went.
create function series.forget(kind text, before timestamptz) returns bigint language plpgsql as $$
begin
    if kind = 'counts' then
        perform drop_chunks('series.daily_counts'::regclass, before);
        return (select count(*) from drop_chunks('series.hourly_counts'::regclass, before));
    end if;
    return (select count(*) from drop_chunks(format('series.%I', kind)::regclass, before));
end $$;

insert into series.event select * from event;
insert into series.assessment select * from assessment;
insert into series.health select * from health;

create materialized view series.hourly_counts
with (timescaledb.continuous, timescaledb.materialized_only = false) as
select home, time_bucket(interval '1 hour', at) as hour, place, kind, count(*) as n, sum(value) as total
from series.event
where quality <> 'replayed'
group by 1, 2, 3, 4
with no data;

-- A day begins at midnight in London; other zones are counted from the hours.
create materialized view series.daily_counts
with (timescaledb.continuous, timescaledb.materialized_only = false) as
select
    home, time_bucket(interval '1 day', hour, 'Europe/London') as day, place, kind,
    sum(n)::bigint as n, sum(total) as total
from series.hourly_counts
group by 1, 2, 3, 4
with no data;

-- Events may come late by any time, but what was let go must not be counted as nothing.
select add_continuous_aggregate_policy(
    'series.hourly_counts',
    start_offset => interval '700 days', end_offset => interval '1 hour', schedule_interval => interval '30 minutes'
);
select add_continuous_aggregate_policy(
    'series.daily_counts',
    start_offset => interval '690 days', end_offset => interval '1 day', schedule_interval => interval '2 hours'
);
-- In one go: in batches, newer versions look only at the newest chunks, and late events stay uncounted.
select alter_job(job_id, config => config || '{"buckets_per_batch": 0}')
from timescaledb_information.jobs
where proc_name = 'policy_refresh_continuous_aggregate' and hypertable_schema = 'series';
drop materialized view hourly_counts;
