-- Of a receiver whose last answer was none one message is tried at a time: with several that hang no place was left for
-- those who are well. Browsers have one destination in common: there it is each browser's own affair.
alter table destination add column stumbles boolean not null default false;
