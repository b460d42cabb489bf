-- A token opens no more than its owner could open by signing in: where their role must have a second factor, one of
-- theirs, or the word of the provider whom they had come in by when they made it.
alter table api_token add column by_provider boolean not null default false;
-- Of the ones made before, who comes in by the provider made theirs so.
update api_token t set by_provider = true where exists (select from staff_identity i where i.staff = t.staff);
