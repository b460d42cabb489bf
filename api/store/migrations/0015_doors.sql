-- Who may come in: hubs whose keys change, which are let go or follow one another; and staff by a
-- provider's word or by a passkey.

-- Hubs ---------------------------------------------------------------------------------------------

alter table hub add column key_at timestamptz;  -- since when its present key holds; null: since the claim
alter table hub add column revoked_at timestamptz;
alter table hub add column revoked_why text check (revoked_why in ('revoked', 'replaced'));
alter table hub add column replaces text references hub;  -- which is retired once this one speaks
alter table hub add constraint hub_revoked check ((revoked_at is null) = (revoked_why is null));
-- Of one hub there is one successor at a time.
create unique index hub_successor on hub (replaces) where revoked_at is null;

drop trigger tell on hub;
create trigger tell after update of health_at, claimed_at, revoked_at on hub
    for each row execute function tell_hub();

-- Staff add hubs within their organisations, and let them go.
grant insert (home, label, time_zone, organisation) on home to telecare_organisation;
grant insert (hub, home, claim_hash, claim_expires_at, replaces) on hub to telecare_organisation;
grant update (claim_hash, claim_expires_at, revoked_at, revoked_why) on hub to telecare_organisation;
grant update (over_at) on silence to telecare_organisation;

-- Staff --------------------------------------------------------------------------------------------

alter table session add column signed_in_by text not null default 'password';
-- What they signed in with was as good as a second factor, by the provider's word or by itself.
alter table session add column strong boolean not null default false;

-- Who somebody is to an OpenID provider.
create table staff_identity (
    issuer text not null,
    subject text not null,
    staff bigint not null references staff on delete cascade,
    added_at timestamptz not null,
    primary key (issuer, subject)
);

create table passkey (
    id bigint generated always as identity primary key,
    staff bigint not null references staff on delete cascade,
    credential bytea not null unique,
    public_key bytea not null,  -- COSE; the private key never leaves its device
    sign_count bigint not null,
    name text not null,
    synced boolean not null,    -- whether its device says that it is kept on others, too
    added_at timestamptz not null,
    last_used_at timestamptz
);
create index passkey_staff on passkey (staff);

-- What a passkey is to sign, each once. Of a sign-in nobody knows yet whose it is.
create table passkey_challenge (
    challenge bytea primary key,
    staff bigint references staff on delete cascade,
    expires_at timestamptz not null
);

do $$
declare
    named text;
begin
    foreach named in array array['staff_identity', 'passkey', 'passkey_challenge'] loop
        execute format('alter table %I enable row level security', named);
        execute format('create policy whole on %I to telecare_centre using (true)', named);
        execute format('grant select, insert, update, delete on %I to telecare_centre', named);
    end loop;
end $$;
