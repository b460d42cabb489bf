"""Looks through every chain of the audit log for what was changed, removed or put in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from api.audit.chain import LET_GO, Entry, Head, faults, said_of
from api.audit.sql import SQL
from api.refusals import Invalid
from api.store.database import Database
from api.store.reach import CENTRE

AT_ONCE = 2000
"""Entries that are in memory at the same time."""


class Begin(NamedTuple):
    """The first entry that is kept of a chain whose oldest ones were let go after their time."""

    chain: int
    number: int
    at: datetime


@dataclass
class Verdict:
    """What a look through the log found.

    Attributes:
        heads: Where each chain ends; kept elsewhere, they show later if a chain was cut short or
            written anew as a whole.
        begins: Where chains begin that have lost entries to their age; others begin with entry 1.
        faults: One sentence for each fault; empty where all is well.
    """

    heads: list[Head] = field(default_factory=list)
    begins: list[Begin] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def entries(self) -> int:
        """How many entries there are to be looked at."""
        gone = sum(begin.number - 1 for begin in self.begins)
        return sum(head.entries for head in self.heads) - gone


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
    look = _Look(chain, known, verdict)
    while True:
        async with database.transaction(CENTRE) as connection:
            rows = await connection.fetch(SQL.entries, chain, look.last.entries, AT_ONCE)
        found = [_entry(row) for row in rows if row["number"] is not None]
        look.on(rows[0], found)
        if len(found) < AT_ONCE:
            break
    verdict.heads.append(look.last)
    verdict.faults += [*_end(rows[0], look.last), *look.beginning(), *look.earlier()]


class _Look:
    """A look through one chain, some entries at a time."""

    def __init__(self, chain: int, known: Head | None, verdict: Verdict) -> None:
        self.last = self._start = Head(chain, 0, b"")
        self._known = known
        self._verdict = verdict
        self._first: Entry | None = None
        self._said: set[str] = set()  # of the entries by which the chain says where it begins
        self._seen = known is None or not known.entries

    def on(self, row: Mapping[str, Any], found: list[Entry]) -> None:
        """Looks at what follows the entries before, and at where the chain begins by now."""
        chain, begins = self.last.chain, row["start_entries"] or 0
        self._start = Head(chain, begins, row["start_hash"] or b"")
        if begins > self.last.entries:  # let go before this look, or in the midst of it
            self.last = self._start
        entries = [one for one in found if one.number > begins]
        self._verdict.faults += [
            f"chain {chain}, entry {one.number}: put in before where the chain begins"
            for one in found
            if one.number <= begins
        ]
        self._verdict.faults += faults(entries, self.last)
        self._said.update(one.detail for one in entries if one.action == LET_GO)
        stood = [self._start, *(Head(chain, one.number, one.hash) for one in entries)]
        self._seen = self._seen or self._known in stood
        if entries:
            self._first = self._first or entries[0]
            self.last = stood[-1]

    def beginning(self) -> list[str]:
        """What is wrong where the chain begins: no entry of its own says that earlier ones went."""
        chain, gone, _ = self._start
        if not gone:
            return []
        if self._first is not None and self._first.number == gone + 1:
            self._verdict.begins.append(Begin(chain, gone + 1, self._first.at))
        if said_of(self._start) in self._said:
            return []
        return [
            f"chain {chain}, entry 1 to {gone}: missing, and no entry says that they were let go"
        ]

    def earlier(self) -> list[str]:
        """What is not as it was at an earlier look."""
        if self._seen or self._known is None:
            return []
        named = f"chain {self._known.chain}, entry {self._known.entries}"
        if self._known.entries < self._start.entries:
            return [f"{named}: let go since an earlier look; is that as old as its time?"]
        return [f"{named}: not the one that was there at an earlier look"]


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
