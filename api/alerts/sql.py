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
    deeds: str
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
    nothing_new: str
    again: str
    unanswered: str
    joining: str
    nuisances: str
    left_behind: str
    orphaned: str
    duties: str
    within_reach: str
    lock_organisation: str
    drop_duties: str
    add_duty: str
    keep_past: str
    past_duties: str
    raise_own: str
    told_own: str
    report_own: str
    held_beyond: str
    tasks_held: str
    tasks_beyond: str


SQL = load(_Sql)
