-- A hub that was cut off tells of a call and of its end at once: what is over is looked at, too.
drop index alert_said_more;
create index alert_said_more on alert (home)
    where state = 'resolved' and lane = 1 and report_version > seen_version;
update alert set seen_version = report_version
where state = 'resolved' and lane = 1 and cleared_at is not null;  -- long over, and known to be
