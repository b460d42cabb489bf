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
