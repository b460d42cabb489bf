"""The named queries of this room."""

from dataclasses import dataclass

from api.store.queries import load


@dataclass(frozen=True)
class _Sql:
    note: str
    chains: str
    entries: str
    newest: str


SQL = load(_Sql)
