-- Indexes that others have taken the place of, and that each step of an alert and each message still wrote:
-- the queue is in the order of `alert_in_order` since 0034, messages go in that of `outbox_urgent_first` since 0077.
-- A version from before would only ask more slowly; it is gone all the same.
drop index alert_queue, alert_organisation_queue, outbox_next;
