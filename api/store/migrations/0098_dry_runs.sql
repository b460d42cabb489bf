-- What a hub found that a change would have made of its last days, for who asked.
alter table command add column answer json;
