"""The statements of this room."""

from dataclasses import dataclass

from api.store.queries import load


@dataclass(frozen=True)
class _Sql:
    turn: str
    beat: str
    heard_by_now: str
    silent_by_now: str
    end: str
    quiet: str
    estate: str
    found_lately: str
    add: str
    trace: str
    waiting_alert: str
    own: str
    outages: str
    left_over: str
    hubs: str
    restarting: str
    settled: str
    forgotten: str
    told_forgotten: str


SQL = load(_Sql)
