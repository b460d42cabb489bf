"""The named queries of this room."""

from dataclasses import dataclass

from api.store.queries import load


@dataclass(frozen=True)
class _Sql:
    add: str
    join: str
    member: str
    by_username: str
    set_password: str
    arrive: str
    open_session: str
    session: str
    end_session: str
    forget_sessions: str
    attempt: str
    give_back: str
    attempted: str
    forgive: str
    forget: str
    use_session: str
    sessions: str
    revoke_session: str
    add_token: str
    count_tokens: str
    token: str
    use_token: str
    tokens: str
    revoke_token: str
    factor: str
    lock_factor: str
    begin_factor: str
    spend_step: str
    confirm_factor: str
    drop_factor: str
    has_second_factor: str
    number: str
    add_recovery: str
    use_recovery: str
    recovery_left: str
    by_identity: str
    add_identity: str
    as_provider_says: str
    leave_all: str
    passkeys: str
    credentials: str
    has_passkey: str
    add_challenge: str
    spend_challenge: str
    forget_challenges: str
    add_passkey: str
    rename_passkey: str
    remove_passkey: str
    drop_passkeys: str
    lock_passkey: str
    use_passkey: str
    session_opened: str
    end_sessions: str
    revoke_tokens: str
    end_sessions_by: str
    end_other_sessions: str
    renew_session: str
    own: str
    change_password: str
    invited: str
    choose_password: str
    spend_invitation: str
    drop_invitation: str
    invite: str
    shown: str
    lock_staff: str
    lock_one: str
    chiefs: str
    everywhere: str
    alter: str
    disable: str
    enable: str
    show_anew: str
    set_unknown_password: str
    drop_challenges: str


SQL = load(_Sql)
