"""All that the database has, so that it can be said that nothing has changed."""

from collections.abc import Iterable

import asyncpg

_TABLES = """
select n.nspname as room, c.relname as name
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname in ('public', 'series') and c.relname <> 'throttle'
order by 1, 2
"""
_OF_VISITORS = {"session", "second_factor", "export_job"}
"""Where the rows of those who ask may change: when they were last here, which code they used."""
_OF_CHAINS = {"audit", "audit_chain"}
"""What others did is in their own organisation's."""


async def rows(connection: asyncpg.Connection, visitors: Iterable[int]) -> dict[str, str]:
    """A digest of each table, but for what is of `visitors` and in the audit log of others."""
    parts = []
    for table in await connection.fetch(_TABLES):
        where = "true"
        if table["name"] in _OF_VISITORS:
            where = "t.staff <> all ($1::bigint[])"
        elif table["name"] in _OF_CHAINS:
            where = "t.chain = 1"
        parts.append(
            f"select '{table['name']}' as name,"  # noqa: S608 - names of the catalogue
            " md5(coalesce(string_agg(t::text, ',' order by t::text), '')) as digest"
            f' from "{table["room"]}"."{table["name"]}" t where {where}'
        )
    found = await connection.fetch(" union all ".join(parts), list(visitors))
    return {row["name"]: row["digest"] for row in found}


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The tables that are not as they were."""
    return sorted(name for name in before if before[name] != after.get(name))
