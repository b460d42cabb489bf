"""The named queries of this room."""

from dataclasses import dataclass

from api.store.queries import load


@dataclass(frozen=True)
class _Sql:
    home: str
    organisation: str
    plans: str
    plan_versions: str
    plan_lock: str
    plan_add: str
    plan_one: str
    alert: str
    contacts: str
    contact_add: str
    contact_put: str
    contact_drop: str
    stay: str
    attempts: str
    attempt_by_key: str
    attempt_add: str
    words: str
    sends: str
    takers: str
    send: str
    send_request: str
    ended: str
    became: str
    due: str
    told: str
    touch: str
    calling: str
    key_safe: str
    key_safe_put: str
    key_safe_drop: str
    open_alerts: str
    look_add: str
    looks: str
    looks_unseen: str
    look_seen: str
    look_of: str
    follow_ups: str
    follow_up_one: str
    follow_up_lock: str
    follow_up_add: str
    follow_up_change: str
    follow_up_end: str
    colleague: str
    colleagues: str


SQL = load(_Sql)
