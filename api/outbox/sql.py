"""The outbox's queries, by name."""

from dataclasses import dataclass

from api.store.queries import load


@dataclass(frozen=True)
class _Sql:
    beat: str
    claim: str
    unclaim: str
    renew: str
    sent: str
    later: str
    dead: str
    missed: str
    left_out: str
    unsubscribe: str
    forget: str
    add: str
    add_new: str
    one: str
    hold: str
    change: str
    switch: str
    enable: str
    destinations: str
    dead_letters: str
    told: str
    again: str
    failing: str
    over: str


SQL = load(_Sql)
