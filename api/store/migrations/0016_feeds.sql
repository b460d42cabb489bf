-- What the centre tells others: reports.

-- A report asks for a period of one organisation.
create index alert_received on alert (organisation, received_at);
create index alert_history_at on alert_history (at);
