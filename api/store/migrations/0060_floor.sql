-- The floor as it is now looks at the last hours of what staff did, whatever alerts that was about.
create index alert_history_by_staff on alert_history (at) where staff is not null;
