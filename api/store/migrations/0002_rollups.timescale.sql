-- The same on TimescaleDB: hypertables, compressed after a week, dropped after two years, and
-- hourly counts as a continuous aggregate that also sees what was not yet rolled up.

select create_hypertable('event', 'at', chunk_time_interval => interval '7 days', create_default_indexes => false);
create index event_home on event (home, at desc);
alter table event set (
    timescaledb.compress, timescaledb.compress_segmentby = 'home', timescaledb.compress_orderby = 'at desc'
);
select add_compression_policy('event', interval '7 days');
select add_retention_policy('event', interval '2 years');

select create_hypertable('assessment', 'at', chunk_time_interval => interval '30 days', create_default_indexes => false);
create index assessment_home on assessment (home, at desc);
alter table assessment set (
    timescaledb.compress, timescaledb.compress_segmentby = 'home', timescaledb.compress_orderby = 'at desc'
);
select add_compression_policy('assessment', interval '30 days');
select add_retention_policy('assessment', interval '2 years');

create materialized view hourly_counts
with (timescaledb.continuous, timescaledb.materialized_only = false) as
select
    home,
    time_bucket(interval '1 hour', at) as hour,
    place,
    kind,
    count(*) as n,
    sum(value) as total
from event
where quality <> 'replayed'
group by 1, 2, 3, 4
with no data;
select add_continuous_aggregate_policy(
    'hourly_counts',
    start_offset => null,  -- events may come late by any time
    end_offset => interval '1 hour',
    schedule_interval => interval '30 minutes'
);
