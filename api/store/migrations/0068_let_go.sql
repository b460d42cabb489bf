-- What is told of equipment and not over, by the journal that told it: when its hub is let go, nobody
-- else can say that it is.
create index alert_not_over on alert (report_journal) where cleared_at is null and lane = 3;
