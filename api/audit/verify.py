"""Looks through every chain of the audit log for what was changed, removed or put in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from api.audit.chain import Entry, Head, faults
from api.audit.sql import SQL
from api.refusals import Invalid
from api.store.database import Database
from api.store.reach import CENTRE

AT_ONCE = 2000
"""Entries that are in memory at the same time."""


@dataclass
class Verdict:
    """What a look through the log found.

    Attributes:
        heads: Where each chain ends; kept elsewhere, they show later if a chain was cut short or
            written anew as a whole.
        faults: One sentence for each fault; empty where all is well.
    """

    heads: list[Head] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


async def verify(
    database: Database, known: Mapping[int, Head] | None = None, *, only: int | None = None
) -> Verdict:
    """Looks through every chain, also while entries are added.

    Args:
        database: Whose log.
        known: Heads of an earlier look, by chain: these entries must still stand where they stood.
        only: The one chain to look through; None for every one.
    """
    verdict = Verdict()
    if only is not None:
        await _look(database, only, (known or {}).get(only), verdict)
        return verdict
    async with database.transaction(CENTRE) as connection:
        found = [row["chain"] for row in await connection.fetch(SQL.chains)]
    chains: set[int] = {*found, *(known or {})}
    for chain in sorted(chains):
        await _look(database, chain, (known or {}).get(chain), verdict)
    return verdict


async def _look(database: Database, chain: int, known: Head | None, verdict: Verdict) -> None:
    last, seen = Head(chain, 0, b""), False
    while True:
        async with database.transaction(CENTRE) as connection:
            rows = await connection.fetch(SQL.entries, chain, last.entries, AT_ONCE)
        entries = [_entry(row) for row in rows if row["number"] is not None]
        verdict.faults += faults(entries, last)
        if known is not None:
            seen = seen or any((one.number, one.hash) == known[1:] for one in entries)
        if entries:
            last = Head(chain, entries[-1].number, entries[-1].hash)
        if len(entries) < AT_ONCE:
            break
    verdict.heads.append(last)
    verdict.faults += _end(rows[0], last)
    if known is not None and known.entries and not seen:
        verdict.faults.append(
            f"chain {chain}, entry {known.entries}: not the one that was there at an earlier look"
        )


def _end(row: Mapping[str, Any], last: Head) -> list[str]:
    """What is wrong where a chain ends."""
    named, entries = f"chain {last.chain}", row["head_entries"]
    if entries is None:
        return [f"{named}: its head is missing"]
    if last.entries < entries:
        return [f"{named}, entry {last.entries + 1} to {entries}: missing"]
    if last.entries > entries:
        return [f"{named}, entry {entries + 1} to {last.entries}: put in behind the end"]
    if last.hash != row["head_hash"]:
        return [f"{named}, entry {last.entries}: not the one that was written last"]
    return []


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(*(row[name] for name in Entry._fields))


def write_heads(heads: list[Head]) -> str:
    """Heads as text, a line each: chain, entries, hash."""
    return "".join(f"{head.chain} {head.entries} {head.hash.hex()}\n" for head in heads)


def read_heads(text: str) -> dict[int, Head]:
    """Heads from what :func:`write_heads` wrote.

    Raises:
        Invalid: It is something else.
    """
    try:
        rows = [line.split() for line in text.splitlines() if line.strip()]
        heads = [Head(int(chain), int(n), bytes.fromhex(of)) for chain, n, of in rows]
    except ValueError as error:
        raise Invalid("Not a file of heads: each line has a chain, a count and a hash.") from error
    return {head.chain: head for head in heads}
