"""Seals anew, with the key that seals now, what an earlier one sealed; the words stay the same.

Each batch is one transaction: it locks its rows, opens and seals them, and notes it in the audit
log. What is done bears the new key's name and is not looked at again, so a run that was cut short
is gone on with by the next.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, NamedTuple

import asyncpg

from api.alerts.rows import place_of_alert
from api.audit.note import note
from api.clock import Clock
from api.cohorts.service import place_of_calls
from api.identity.second_factor import place_of_factor
from api.outbox.worker import place, place_of_message, place_of_subscription
from api.people.sealing import place_of, place_of_said
from api.push.service import PLACE_OF_KEY
from api.response.checklist import place_of_note
from api.response.contacts import place_of_contacts
from api.response.follow_ups import place_of_tasks
from api.response.key_safe import place_of_looks, place_of_safe
from api.response.plans import place_of_plans
from api.store.cover import OPEN, kept_in
from api.store.database import Connection, Database
from api.store.reach import CENTRE
from api.store.sealed import Seal, Unsealable

BATCH = 200
"""Rows that are locked at a time."""
UNCHANGING: Mapping[str, str] = {
    "consent": "select reseal_consent($1, $2, $3, $4)",
    "alert_history": "select reseal_history($1, $2, $3)",
}
"""Of these the centre may change nothing else, by these functions, and so may not lock them."""


class Kept(NamedTuple):
    """A column in which something is sealed.

    Attributes:
        key: The columns by which a row is found.
        needed: Those that its place is made of, beside the key.
        place: What a row's value is sealed to.
        plain: Where earlier versions wrote the same as plain text, which is sealed as well.
    """

    table: str
    column: str
    key: tuple[str, ...]
    needed: tuple[str, ...]
    place: Callable[[asyncpg.Record], str]
    plain: str = ""

    @property
    def name(self) -> str:
        """As the audit log names it."""
        return f"{self.table}.{self.column}"


class Done(NamedTuple):
    """What a batch came to.

    Attributes:
        looked: Rows that were looked at.
        sealed: Of these, how many are now sealed with the newest key.
    """

    looked: int
    sealed: int


KEPT: tuple[Kept, ...] = (
    Kept("second_factor", "secret", ("staff",), (), lambda row: place_of_factor(row["staff"])),
    Kept(
        "destination", "secrets", ("destination",), ("organisation", "name", "channel"),
        lambda row: place(row["organisation"], row["name"], row["channel"]),
    ),
    Kept("outbox", "secret", ("id",), ("attempt",), lambda row: place_of_message(row["attempt"])),
    Kept("push_key", "sealed", ("one",), (), lambda _: PLACE_OF_KEY),
    Kept(
        "push_subscription", "sealed", ("subscription",), ("endpoint",),
        lambda row: place_of_subscription(row["endpoint"]),
    ),
    Kept("resident", "sealed", ("resident",), (), lambda row: place_of(f"{row['resident']}")),
    Kept(
        "consent", "sealed", ("resident", "version"), (),
        lambda row: place_of_said(f"{row['resident']}", row["version"]),
    ),
    Kept(
        "response_plan", "steps", ("plan",), ("home", "organisation"),
        lambda row: place_of_plans(row["home"], row["organisation"]),
    ),
    Kept("contact", "body", ("contact",), ("home",), lambda row: place_of_contacts(row["home"])),
    Kept(
        "response_attempt", "note", ("attempt",), ("alert",),
        lambda row: place_of_note(row["alert"]),
    ),
    Kept("key_safe", "body", ("home",), (), lambda row: place_of_safe(row["home"])),
    Kept("key_safe_look", "reason", ("look",), ("home",), lambda row: place_of_looks(row["home"])),
    Kept("follow_up", "what", ("follow_up",), ("home",), lambda row: place_of_tasks(row["home"])),
    Kept("follow_up", "note", ("follow_up",), ("home",), lambda row: place_of_tasks(row["home"])),
    # In the order in which ingest and steps lock a home's alerts, so that nobody waits in a ring.
    Kept(
        "alert", "words", ("raised_at", "ref", "id"), (), lambda row: place_of_alert(row["id"]),
        "reason",
    ),
    Kept(
        "alert_history", "words", ("id",), ("alert",), lambda row: place_of_alert(row["alert"]),
        "note",
    ),
    Kept(
        "cohort_contact", "words", ("id",), ("home",), lambda row: place_of_calls(row["home"]),
        "note",
    ),
)  # fmt: skip
"""Every column in which the centre seals something; a test looks for others."""


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
        before, where = kept_in(row["plain_value"], row["sealed_value"]) or b"", kept.place(row)
        if before.startswith(OPEN):  # written down while the centre had no key
            words = before[len(OPEN) :]
        else:
            try:
                words = self._seal.open(before, where)
            except Unsealable:
                return False
        sealed, key = self._seal.close(words, where), [row[name] for name in kept.key]
        if by_function := UNCHANGING.get(kept.table):
            return bool(await connection.fetchval(by_function, *key, before, sealed))
        await connection.execute(_update(kept), sealed, *key)
        return True


def _waits(kept: Kept) -> str:
    """What is there, and does not bear the newest key's name, which is `$1`."""
    value = kept.column
    sealed = f"octet_length({value}) > 0 and substring({value} from 1 for 5) <> $1::bytea"
    return f"({kept.plain} <> '' or {sealed})" if kept.plain else sealed


def _count(kept: Kept) -> str:
    return f"select count(*) from {kept.table} where {_waits(kept)}"  # noqa: S608 - names of ours


def _update(kept: Kept) -> str:
    found = " and ".join(f"{name} = ${at}" for at, name in enumerate(kept.key, 2))
    emptied = f", {kept.plain} = ''" if kept.plain else ""
    return f"update {kept.table} set {kept.column} = $1{emptied} where {found}"  # noqa: S608 - names of ours


def _select(kept: Kept, after: list[Any]) -> str:
    """A batch's rows, locked, behind those of which `$3` and so on is the last."""
    keys = ", ".join(kept.key)
    marks = ", ".join(f"${number}" for number in range(3, 3 + len(after)))
    behind = f" and ({keys}) > ({marks})" if after else ""
    lock = "" if kept.table in UNCHANGING else " for update"
    plain = kept.plain or "''"
    values = f"{kept.column} as sealed_value, {plain} as plain_value"
    columns = ", ".join((*kept.key, *kept.needed, values))
    return (
        f"select {columns} from {kept.table} "  # noqa: S608 - names of ours
        f"where {_waits(kept)}{behind} order by {keys} limit $2{lock}"
    )
