-- From here on an alert may be suspended, escalated, shelved and withdrawn: no replica is left that
-- would not know the words.
alter table alert
    drop constraint alert_state_check,
    drop constraint alert_check,
    drop constraint alert_check1,
    drop constraint alert_check2,
    add constraint alert_state_known check (state in (
        'raised', 'escalated', 'claimed', 'suspended', 'shelved', 'resolved', 'withdrawn')),
    add constraint alert_held check ((state in ('claimed', 'suspended')) = (holder is not null)),
    add constraint alert_leased check ((state = 'claimed') = (lease_until is not null)),
    add constraint alert_ended check ((state = 'resolved') = (outcome is not null)),
    add constraint alert_comes_back check ((state in ('suspended', 'shelved')) = (returns_at is not null)),
    add constraint alert_level check ((state = 'escalated') = (level > 0));
