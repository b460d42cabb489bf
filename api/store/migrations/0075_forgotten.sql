-- A hub whose records begin at 1 again, and that knows of no earlier ones, has forgotten all it had kept.
alter table hub
    add column forgot_at timestamptz,  -- when that was noticed; null once staff are told
    add column forgot_since timestamptz;  -- when it had been heard last before that
grant update (forgot_at, forgot_since) on hub to telecare_organisation;
