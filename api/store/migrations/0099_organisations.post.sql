-- From here on each place and each member of staff is given its organisation by name.
alter table home alter column organisation drop default;
alter table staff alter column everywhere set default false;
