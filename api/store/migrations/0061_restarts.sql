-- A hub whose process ends and is started again, for ever, is heard at each start and so is not silent.
alter table hub
    add column starts timestamptz[] not null default '{}',  -- its last ones, by its own clock, the newest last
    add column start_heard_at timestamptz;  -- when the centre was first told of the newest
grant update (starts, start_heard_at) on hub to telecare_organisation;
create index alert_restarts on alert (subject) where condition = 'hub_restarts' and cleared_at is null;
