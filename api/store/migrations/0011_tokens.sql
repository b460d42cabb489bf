-- Tokens for programs: each acts for a member of staff, within its scopes and for a time.
create table api_token (
    id bigint generated always as identity primary key,
    staff bigint not null references staff on delete cascade,
    name text not null,
    token_hash bytea not null unique,
    scopes text[] not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    last_used_at timestamptz
);
create index api_token_staff on api_token (staff);
alter table api_token enable row level security;
create policy whole on api_token to telecare_centre using (true);
grant select, insert, update, delete on api_token to telecare_centre;

alter table session add column last_used_at timestamptz;
create index session_staff on session (staff);
