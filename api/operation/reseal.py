"""Seals anew, with the key that seals now, what an earlier one sealed; the words stay the same.

Each batch is one transaction: it locks its rows, opens and seals them, and notes it in the audit
log. What is done bears the new key's name and is not looked at again, so a run that was cut short
is gone on with by the next.
"""

from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import asyncpg

from api.audit.note import note
from api.clock import Clock
from api.operation.kept import KEPT, UNCHANGING, Kept, kept_of, put
from api.store.cover import OPEN
from api.store.database import Connection, Database
from api.store.reach import CENTRE
from api.store.sealed import Seal, Unsealable

BATCH = 200
"""Rows that are locked at a time."""


class Done(NamedTuple):
    """What a batch came to.

    Attributes:
        looked: Rows that were looked at.
        sealed: Of these, how many are now sealed with the newest key.
    """

    looked: int
    sealed: int


class Reseal:
    """Seals the database's secrets anew.

    Args:
        database: In which they are.
        clock: For the audit log.
        seal: With the new key, and those that still open what there is.
    """

    def __init__(self, database: Database, clock: Clock, seal: Seal) -> None:
        self._database = database
        self._clock = clock
        self._seal = seal

    async def left(self) -> dict[str, int]:
        """How much is not sealed with the newest key, by column; where there is any."""
        found = {}
        async with self._database.transaction(CENTRE) as connection:
            for kept in KEPT:
                if count := await connection.fetchval(_count(kept), self._seal.mark):
                    found[kept.name] = count
        return found

    async def run(self, *, batch: int = BATCH) -> AsyncIterator[Done]:
        """Seals all of it, a batch at a time.

        What does not open with any of the keys is left as it is, and is among :meth:`left` after.
        """
        for kept in KEPT:
            after: list[Any] = []
            while step := await self._batch(kept, after, batch):
                done, after = step
                yield done

    async def _batch(
        self, kept: Kept, after: list[Any], batch: int
    ) -> tuple[Done, list[Any]] | None:
        """One batch behind the row `after`; what it came to and its last row. None at the end."""
        async with self._database.transaction(CENTRE) as connection:
            rows = await connection.fetch(_select(kept, after), self._seal.mark, batch, *after)
            if not rows:
                return None
            sealed = [await self._again(connection, kept, row) for row in rows]
            said = f"{sum(sealed)} of {len(rows)} sealed with the key {self._seal.mark.hex()}"
            await note(connection, self._clock(), "centre.reseal", "column", kept.name, detail=said)
        return Done(len(rows), sum(sealed)), [rows[-1][name] for name in kept.key]

    async def _again(self, connection: Connection, kept: Kept, row: asyncpg.Record) -> bool:
        before, where = kept_of(row), kept.place(row)
        if before.startswith(OPEN):  # written down while the centre had no key
            words = before[len(OPEN) :]
        else:
            try:
                words = self._seal.open(before, where)
            except Unsealable:
                return False
        return await put(connection, kept, row, self._seal.close(words, where))


def _waits(kept: Kept) -> str:
    """What is there, and does not bear the newest key's name, which is `$1`."""
    value = kept.column
    sealed = f"octet_length({value}) > 0 and substring({value} from 1 for 5) <> $1::bytea"
    return f"({kept.plain} <> '' or {sealed})" if kept.plain else sealed


def _count(kept: Kept) -> str:
    return f"select count(*) from {kept.table} where {_waits(kept)}"  # noqa: S608 - names of ours


def _select(kept: Kept, after: list[Any]) -> str:
    """A batch's rows, locked, behind those of which `$3` and so on is the last."""
    keys = ", ".join(kept.key)
    marks = ", ".join(f"${number}" for number in range(3, 3 + len(after)))
    behind = f" and ({keys}) > ({marks})" if after else ""
    lock = "" if kept.table in UNCHANGING else " for update"
    return (
        f"select {kept.columns} from {kept.table} "  # noqa: S608 - names of ours
        f"where {_waits(kept)}{behind} order by {keys} limit $2{lock}"
    )
