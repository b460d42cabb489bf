-- The second factor of staff: a secret that their app shares, encrypted by the centre's key, and
-- codes for the day on which they have lost it.
create table second_factor (
    staff bigint primary key references staff on delete cascade,
    secret bytea not null,     -- AES-GCM: nonce, then the sealed secret
    begun_at timestamptz not null,
    confirmed_at timestamptz,  -- from then on it is asked for
    last_step bigint not null default 0  -- a code of this time or before is not taken again
);
create table recovery_code (
    staff bigint not null references second_factor on delete cascade,
    code_hash bytea not null,
    used_at timestamptz,
    primary key (staff, code_hash)
);
alter table second_factor enable row level security;
alter table recovery_code enable row level security;
create policy whole on second_factor to telecare_centre using (true);
create policy whole on recovery_code to telecare_centre using (true);
grant select, insert, update, delete on second_factor, recovery_code to telecare_centre;
