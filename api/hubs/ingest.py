"""Takes in batches, each in one transaction, each record exactly once.

The lock on the journal's row is what makes it so: of two batches with the same numbers, sent at the
same time through any two replicas, the second waits and then finds nothing new. A transaction that
fails leaves neither records nor their numbers behind, so the hub's next try stores all of them.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from api.clock import Clock
from api.downlink import reports
from api.hubs.door import refuse_retired
from api.hubs.received import Received
from api.hubs.records import KeptAlert, KeptHealth, RefusedRecord, Sorted, sort_records
from api.hubs.sql import SQL
from api.operation import story
from api.refusals import DatabaseAway, Invalid
from api.store.again import once_more
from api.store.database import RETRY_AFTER, Connection, Database
from api.store.reach import of_home
from contract import Batch, Phase, Receipt, Record, RecordKind, Refusal

MAX_SEQ = 2**62
MAX_RANGES = 10_000
"""Ranges a journal may be in. A hub sends in order, so thousands of gaps are no honest journal."""
GAPS_TOLD = 100
"""Gaps told in a receipt at most; the next receipts tell the rest."""


@dataclass(frozen=True)
class _Sender:
    """Whose batch it is, and which of its journals."""

    hub: str
    home: str
    journal: int
    now: datetime


class Ingest:
    """Stores what hubs send.

    Args:
        database: Where it goes.
        clock: The centre's.
        arrived: Told of each home of which alerts came, in the same transaction.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        arrived: Callable[[Connection, str], Awaitable[object]] | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._arrived = arrived

    async def store(self, batch: Batch, home: str) -> Receipt:
        """Stores what is new in a batch of a hub in `home`.

        The order of the records does not matter, nor how often one comes: once stored, the number
        is taken.

        Raises:
            Invalid: The epoch, a number or a body cannot be kept, or the journal is all holes.
            Forbidden: The hub was let go meanwhile.
            DatabaseAway: Whether the batch was stored is unknown; sending it again is safe.
        """
        _check(batch)
        try:
            return await self._store_new(batch, home)
        except asyncpg.StatementTooComplexError as error:
            raise Invalid("A record is nested too deeply to be kept.") from error
        except asyncpg.InsufficientPrivilegeError as error:
            # Its home was erased while this was under way. At its next try it is told so.
            raise DatabaseAway("The home cannot be reached just now.", RETRY_AFTER) from error

    @once_more
    async def _store_new(self, batch: Batch, home: str) -> Receipt:
        async with self._database.transaction(of_home(home)) as connection:
            journal, received = await _lock(connection, batch, self._clock())
            fresh = _fresh(batch.records, received)
            after = received.add(record.seq for record in fresh)
            if len(after.ranges) > MAX_RANGES:
                raise Invalid(f"The journal has more than {MAX_RANGES} gaps. Send in order.")
            sender = _Sender(batch.hub, home, journal, self._clock())
            found = sort_records(fresh, batch.hub, home)
            await _insert(connection, sender, found)
            if found.alerts and self._arrived is not None:
                await self._arrived(connection, home)
            if fresh:
                ranges = [asyncpg.Range(low, high) for low, high in after.ranges]
                await connection.execute(SQL.receive, journal, ranges)
            seen = await connection.fetchval(SQL.seen, batch.hub, sender.now, bool(fresh))
            if seen is None:
                await refuse_retired(connection, batch.hub)  # let go while this was under way
        return Receipt(
            hub=batch.hub,
            epoch=batch.epoch,
            contiguous=after.contiguous,
            stored=len(fresh),
            gaps=after.gaps(GAPS_TOLD),
            refused=[Refusal(seq=one.seq, reason=one.reason) for one in found.refused],
            at=self._clock(),
        )


def _check(batch: Batch) -> None:
    if any("\0" in name for name in (batch.epoch, *batch.before)):
        raise Invalid("The name of an epoch must not hold a NUL character.")
    if any(record.seq > MAX_SEQ for record in batch.records):
        raise Invalid(f"seq must be at most {MAX_SEQ}.")


def _fresh(records: Iterable[Record], received: Received) -> list[Record]:
    """The records not received before; of a number that comes twice, the first."""
    new = {record.seq: record for record in reversed(list(records)) if record.seq not in received}
    return [new[seq] for seq in sorted(new)]


async def _lock(connection: Connection, batch: Batch, now: datetime) -> tuple[int, Received]:
    """The journal's number, by which a later epoch is known to be later, and what it has."""
    row = await connection.fetchrow(SQL.lock_journal, batch.hub, batch.epoch)
    if row is None and not batch.records:
        return 0, Received()  # whoever only asks begins nothing
    if row is None:
        await connection.execute(SQL.open_journals, batch.hub, [*batch.before, batch.epoch])
        if batch.first:
            await connection.execute(SQL.forgot, batch.hub, batch.epoch, now)
        row = await connection.fetchrow(SQL.lock_journal, batch.hub, batch.epoch)
    return row["journal"], Received([(each.lower, each.upper) for each in row["received"]])


async def _insert(connection: Connection, sender: _Sender, found: Sorted) -> None:
    await _events(connection, sender, found)
    await _assessments(connection, sender, found)
    await _alerts(connection, sender, found.alerts)
    await _health(connection, sender, found.health)
    wrong = await reports.keep(
        connection,
        sender.hub,
        sender.now,
        reports=[k.report for k in found.reports],
        results=[(k.seq, k.result) for k in found.results],
    )
    found.refused.extend(
        RefusedRecord(k.seq, RecordKind.COMMAND_RESULT, wrong[k.seq], k.body.encode())
        for k in found.results
        if k.seq in wrong
    )
    found.results[:] = [k for k in found.results if k.seq not in wrong]
    steps = [(k.seq, k.step) for k in found.steps]
    await reports.keep_steps(connection, sender.hub, sender.journal, steps)
    await _aside(connection, sender, found)


async def _events(connection: Connection, sender: _Sender, found: Sorted) -> None:
    rows = [
        (k.seq, e.at, e.sensor, e.kind, e.place, e.value, e.battery, e.quality, k.body)
        for k in found.events
        for e in (k.event,)
    ]
    await _unnest(connection, SQL.add_events, (sender.home, sender.journal), rows)


async def _assessments(connection: Connection, sender: _Sender, found: Sorted) -> None:
    rows = [
        (k.seq, a.at, a.condition, a.subject, a.state, a.score, k.body)
        for k in found.assessments
        for a in (k.assessment,)
    ]
    await _unnest(connection, SQL.add_assessments, (sender.home, sender.journal), rows)


async def _alerts(connection: Connection, sender: _Sender, kept: list[KeptAlert]) -> None:
    newest = {k.alert.id: k for k in sorted(kept, key=lambda k: k.alert.version)}
    rows = [
        (
            a.id, a.condition, a.subject, a.severity, a.score, a.text, a.prompt, a.raised_at,
            a.updated_at, a.updated_at if a.phase == Phase.CLEARED else None, a.version, k.body,
        )
        for k in newest.values()
        for a in (k.alert,)
    ]  # fmt: skip
    whose = (sender.home, sender.now, sender.journal)
    await _unnest(connection, SQL.upsert_alerts, whose, rows)
    reports = [(k.seq, k.alert.id, k.alert.version, k.alert.updated_at, k.body) for k in kept]
    if reports:
        columns = (list(column) for column in zip(*reports, strict=True))
        added = await connection.fetch(SQL.add_reports, sender.home, sender.journal, *columns)
        story.reported(added, sender.journal)


async def _health(connection: Connection, sender: _Sender, kept: list[KeptHealth]) -> None:
    rows = [(k.seq, k.health.at, k.body) for k in kept]
    await _unnest(connection, SQL.add_health, (sender.hub, sender.journal), rows)
    if kept:
        newest = max(kept, key=lambda k: k.health.at)
        await connection.execute(SQL.newest_health, sender.hub, newest.health.at, newest.body)
        told = (k.health.started_at for k in kept)  # in the order in which the hub wrote them
        starts = list(dict.fromkeys(at for at in told if at is not None))
        await connection.execute(SQL.add_starts, sender.hub, starts, sender.now)


async def _aside(connection: Connection, sender: _Sender, found: Sorted) -> None:
    whose = (sender.journal, sender.now)
    # What a hub says of configurations and commands is acted on above, and kept whole here.
    others = [
        *((k.seq, k.kind, k.body) for k in found.others),
        *((k.seq, RecordKind.CONFIGURATION, k.body) for k in found.reports),
        *((k.seq, RecordKind.COMMAND_RESULT, k.body) for k in found.results),
    ]
    await _unnest(connection, SQL.add_others, whose, others)
    refused = [(r.seq, r.kind, r.reason, r.body) for r in found.refused]
    await _unnest(connection, SQL.add_refused, whose, refused)


async def _unnest(
    connection: Connection, sql: str, first: tuple[Any, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """One statement for all rows, which go as one array a column behind the `first` arguments."""
    if rows:
        await connection.execute(sql, *first, *(list(column) for column in zip(*rows, strict=True)))
