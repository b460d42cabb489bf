-- Of a receiver whose last answer was none one message is tried at a time: with several that hang no place was left for
-- those who are well.
create index outbox_failing on outbox (destination) where state = 'waiting' and reason is not null;
