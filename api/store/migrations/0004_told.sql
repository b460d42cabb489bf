-- What a hub proves to have, apart from what was only sent to it.

alter table hub
    -- The highest version and number it has named in a question.
    add column known_configuration integer not null default 0,
    add column known_commands integer not null default 0,
    -- When it named one that the centre had not given out, and what it was.
    add column ahead_at timestamptz,
    add column ahead text not null default '';

-- When it was first put into an answer; whether that arrived, `told_at` says.
alter table command add column sent_at timestamptz;
update command
set sent_at = told_at, told_at = case when answered_at is null then null else told_at end;

-- Rises by one each time staff put settings.
alter table home_settings add column edition integer not null default 1;
