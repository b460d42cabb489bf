"""The named queries of this room."""

from dataclasses import dataclass

from api.store.queries import load


@dataclass(frozen=True)
class _Sql:
    hubs: str
    alerts: str
    missed: str
    outbox: str


SQL = load(_Sql)
