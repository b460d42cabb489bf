"""The room's queries, by name."""

from dataclasses import dataclass

from api.store.queries import load


@dataclass(frozen=True)
class _Sql:
    key: str
    add_key: str
    count: str
    subscribe: str
    subscriptions: str
    unsubscribe: str
    forget: str
    outlet: str
    try_out: str
    owned: str


SQL = load(_Sql)
