"""The named queries of this room."""

from dataclasses import dataclass

from api.store.queries import load


@dataclass(frozen=True)
class _Sql:
    queue: str
    shelf: str
    totals: str
    one: str
    body: str
    of_home: str
    silent: str
    history: str
    since: str
    lock: str
    colleague: str
    colleagues: str
    organisation: str
    whole: str
    put: str
    keep: str
    remember: str
    lapsed: str
    returning: str
    said_more: str
    again: str
    unanswered: str
    joining: str
    nuisances: str
    open_of_home: str
    duties: str
    within_reach: str
    drop_duties: str
    add_duty: str
    held_beyond: str
    tasks_beyond: str


SQL = load(_Sql)
