"""The named queries of this room."""

from dataclasses import dataclass

from api.store.queries import load


@dataclass(frozen=True)
class _Sql:
    all: str
    add_home: str
    add_hub: str
    lock_hub: str
    renew_code: str
    successor: str
    revoke: str
    end_silence: str
    retire_predecessor: str
    rotate: str
    lock_claim: str
    claim: str
    hub: str
    erased: str
    told_to_forget: str
    retired: str
    seen: str
    open_journals: str
    forgot: str
    lock_journal: str
    receive: str
    add_events: str
    add_assessments: str
    add_health: str
    newest_health: str
    add_starts: str
    add_others: str
    add_refused: str
    upsert_alerts: str
    add_reports: str


SQL = load(_Sql)
