-- When the broker delivered it, by the hub's clock: what came in a broker's last minute it may deliver
-- again. Null in what was written before that was noted.
alter table deliveries add column at real;

-- A sum over how far the centre has received; null in what was written before there was one.
alter table uplink add column sum integer;
