-- A hub whose card forgot the end of what it wrote counts an alert's versions from there again. What
-- it then says is new, though its number is not: from a later journal on, versions count beyond those
-- that are known. `report_version` only ever rises, since staff say by it what they have seen.
alter table alert
    add column report_journal bigint,  -- whose word the newest is; null before this was kept
    add column report_base integer not null default 0;  -- what that journal's own versions count from
