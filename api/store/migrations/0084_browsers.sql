-- A browser that takes no nudge is its owner's affair: theirs to see, and nobody else's dead letter.
alter table push_subscription
    add column heard_at timestamptz,  -- when its push service last took a nudge
    add column failing_since timestamptz,  -- it has taken none since this one; null while it does
    add column failing_why text;
