"""The journal: events as they become durable, the engine's answers, the hub's heartbeats."""

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

from contract import (
    Alert,
    Assessment,
    HubHealth,
    Message,
    RecordKind,
    SensorEvent,
    decode,
)
from gateway.clock.clock_sync import boot_id
from gateway.journal.bodies import row_of
from gateway.journal.database import JournalError, connect_read_only, transaction
from gateway.journal.deliveries import read_deliveries, write_deliveries
from gateway.journal.epochs import last_seq
from gateway.journal.going_back import go_back
from gateway.journal.held import Held
from gateway.journal.intake import Delivery, Intake, Quarantined
from gateway.journal.leap import Leap, read_leaps, read_started
from gateway.journal.notes import Note, read_notes, write_notes
from gateway.journal.opening import end_session, nobody_waits, open_sound
from gateway.journal.outbox import Outbox
from gateway.journal.reached import Reached, read_reached, write_reached
from gateway.journal.retention import Keep, thin_out
from gateway.journal.set_aside import QUARANTINE_KEPT, read_quarantine, write_quarantine
from gateway.journal.set_back import SetBack, set_backs
from gateway.journal.settling import Owner
from gateway.journal.states import forget_states, read_states, write_states
from gateway.journal.sums import DamagedError, memory_sum, whole
from gateway.journal.switches import Switch, note_switch, read_switches, switched

T = TypeVar("T")

_ROWS = "select seq, kind, urgent, written_at, body, sum from journal"


class Identity(NamedTuple):
    """Whose journal it is, and which one of theirs."""

    hub: str
    home: str
    epoch: str


class EngineMemory(NamedTuple):
    """The engine's checkpoint after the record numbered `offset`, and how far it was driven."""

    offset: int
    driven: float | None
    checkpoint: bytes


class Journal:
    """One open journal. Each `write_...` is one transaction, durable when it returns."""

    def __init__(self, connection: sqlite3.Connection, *, owned: bool = True) -> None:
        self._connection = connection
        self._owned = owned
        self.outbox = Outbox(connection)
        self.held = Held(connection)

    @classmethod
    def open(
        cls,
        path: Path,
        hub: str,
        home: str,
        *,
        now: Callable[[], float] = time.time,
        boot: str | None = None,
        tell: Callable[[], None] = nobody_waits,
    ) -> Self:
        """Opens the journal of a hub, or begins it. A damaged one is rebuilt from what can be read.

        Args:
            path: The file.
            hub: Whose it is to be.
            home: Which home that hub is in.
            now: The hub's clock, in epoch seconds.
            boot: Names the machine's present start; by default as the system does.
            tell: Called every now and then while it takes long.

        Raises:
            JournalError: It cannot be used, or is another hub's or home's.
        """
        boot = boot_id() if boot is None else boot
        connection = open_sound(path, Owner(hub, home, now()), boot, tell)
        journal = cls(connection)
        found = journal.identity
        if (found.hub, found.home) != (hub, home):
            connection.close()
            raise JournalError(
                f"{path}: is the journal of hub {found.hub!r} in home {found.home!r}, but the "
                f"settings say hub {hub!r} in home {home!r}; use another data folder"
            )
        return journal

    @classmethod
    def open_read_only(cls, path: Path) -> Self:
        """Opens it beside a running hub.

        Raises:
            JournalError: There is none, or it cannot be read.
        """
        return cls(connect_read_only(path), owned=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        if self._owned:
            end_session(self._connection)
        self._connection.close()

    @property
    def identity(self) -> Identity:
        """Whose journal it is.

        Raises:
            DamagedError: It does not say.
        """
        row = self._connection.execute("select hub, home, epoch from identity").fetchone()
        if row is None:
            raise DamagedError("whose it is cannot be read")
        return Identity(*row)

    @property
    def last_seq(self) -> int:
        """The number of the newest record; 0 before the first. It never falls."""
        return last_seq(self._connection)

    def changes(self) -> int:
        """How many rows this process has ever changed."""
        return self._connection.total_changes

    def write_intake(self, intake: Intake, now: float) -> None:
        """Stores what a batch of messages came to; after this they may be acknowledged."""
        with transaction(self._connection):
            self._append([*intake.events, *intake.told], now)
            write_states(self._connection, intake.devices)
            write_deliveries(self._connection, intake.deliveries)
            write_quarantine(self._connection, intake.quarantine)
            self._count(intake.counts)
            self._reach(intake.newest, intake.received)
            self.held.forget(intake.released)

    def write_outputs(
        self,
        outputs: Sequence[Assessment | Alert],
        memory: EngineMemory,
        counts: Counter[str],
        now: float,
        notes: Iterable[Note] = (),
    ) -> None:
        """Stores what the engine said together with where it stands, and words for `status`."""
        with transaction(self._connection):
            self._append(outputs, now)
            self._count(counts)
            write_notes(self._connection, notes)
            self._write_memory(memory)

    def set_back(self, one: SetBack, memory: EngineMemory) -> None:
        """Sets event time back, with all that was dated after it by a wrong clock.

        Args:
            one: To when.
            memory: Where the engine goes on.
        """
        with transaction(self._connection):
            go_back(self._connection, one)
            self._write_memory(memory)
            self._count(Counter(set_back=1))

    def set_backs(self) -> list[SetBack]:
        """When event time was set back, the earliest first."""
        return set_backs(self._connection)

    def leaps(self) -> list[Leap]:
        """Where the hub's clock leapt ahead, the earliest first."""
        return read_leaps(self._connection)

    def started_at(self, boot: str) -> float | None:
        """When the machine was started, as the hub's clock last stood; None of another start."""
        found = read_started(self._connection)
        return None if found is None or found[0] != boot else found[1]

    def switch_off(self, conditions: Collection[str]) -> None:
        """Notes what is switched off from now on; to be done before the engine works."""
        memory = self.engine_memory()
        upto, driven = (0, None) if memory is None else (memory.offset, memory.driven)
        with transaction(self._connection):
            one = Switch(self.last_seq, upto, driven, switched(conditions))
            note_switch(self._connection, one)

    def switches(self) -> list[Switch]:
        """What was switched off, the earliest first; nothing in what no hub has run with since."""
        return read_switches(self._connection)

    def _write_memory(self, memory: EngineMemory) -> None:
        row = (*memory, memory_sum(*memory))
        self._connection.execute("insert or replace into engine values (1, ?, ?, ?, ?)", row)

    def write_health(self, health: HubHealth, now: float) -> None:
        """Stores a heartbeat."""
        with transaction(self._connection):
            self._append([health], now)

    def write_together(
        self,
        messages: Sequence[Message],
        change: Callable[[sqlite3.Connection], object],
        now: float,
    ) -> None:
        """Stores records together with a change to another room's own tables, or neither."""
        with transaction(self._connection):
            change(self._connection)
            self._append(messages, now)

    def rows(self, query: str, *values: float | str) -> list[tuple[Any, ...]]:
        """Reads another room's own tables."""
        return list(self._connection.execute(query, values))

    def read(self, read: Callable[[sqlite3.Connection], T]) -> T:
        """The same by a function of its own."""
        return read(self._connection)

    def write_note(self, name: str, text: str, now: float) -> None:
        """Leaves word for `status`."""
        with transaction(self._connection):
            write_notes(self._connection, [Note(name, now, text)])

    def thin_out(self, keep: Keep, now: float) -> int:
        """Deletes a little of what is old and needed by nobody; how many records."""
        return thin_out(self._connection, keep, now)

    def events_after(self, seq: int, most: int) -> list[tuple[int, SensorEvent]]:
        """The next events after a record's number, each with its own.

        Raises:
            DamagedError: One is not as it was written; so wherever records are read.
        """
        query = f"{_ROWS} where kind = 'event' and seq > ? order by seq limit ?"
        rows = whole(self._connection.execute(query, (seq, most)))
        return [(row[0], decode(row[4], SensorEvent)) for row in rows]

    def events_until(self, seq: int) -> Iterator[SensorEvent]:
        """All events up to a record's number, the oldest first."""
        query = f"{_ROWS} where kind = 'event' and seq <= ? order by seq"
        for row in whole(self._connection.execute(query, (seq,))):
            yield decode(row[4], SensorEvent)

    def has_event_after(self, seq: int) -> bool:
        """Whether there is an event beyond a record's number."""
        query = "select exists (select 1 from journal where kind = 'event' and seq > ?)"
        return bool(self._row(query, seq)[0])

    def records(self, kind: RecordKind) -> Iterator[tuple[int, bytes]]:
        """All records of one kind, numbered, the oldest first."""
        query = f"{_ROWS} where kind = ? order by seq"
        for row in whole(self._connection.execute(query, (kind,))):
            yield row[0], row[4]

    def engine_memory(self) -> EngineMemory | None:
        """Where the engine stood; None if it never ran.

        Raises:
            DamagedError: That is not as it was written.
        """
        query = "select offset, driven, checkpoint, sum from engine"
        row = self._connection.execute(query).fetchone()
        if row is None:
            return None
        if row[3] not in {None, memory_sum(*row[:3])}:
            raise DamagedError("what the engine had learned is not as it was written")
        return EngineMemory(*row[:3])

    def devices(self) -> dict[str, bytes]:
        """The state of each device, but for those that are not as they were written."""
        return read_states(self._connection).states

    def forget_damaged_states(self) -> int:
        """Deletes the states of devices that are not as they were written; how many."""
        damaged = read_states(self._connection).damaged
        if damaged:
            with transaction(self._connection):
                forget_states(self._connection, damaged)
        return len(damaged)

    def deliveries(self) -> list[Delivery]:
        """The last deliveries, the oldest first."""
        return read_deliveries(self._connection)

    def clock(self) -> Reached:
        """How far event time has come, and the hub's clock at the last message."""
        return read_reached(self._connection)

    def counters(self) -> dict[str, int]:
        """What was accepted, ignored and refused since the journal began."""
        return dict(self._connection.execute("select name, count from counters order by name"))

    def quarantine(self, most: int = QUARANTINE_KEPT) -> list[Quarantined]:
        """The newest messages that could not be used, the newest first."""
        return read_quarantine(self._connection, most)

    def notes(self) -> dict[str, tuple[float, str]]:
        """What was left for `status`, with when."""
        return {name: (at, text) for name, at, text in read_notes(self._connection)}

    def _row(self, query: str, *values: int) -> tuple[Any, ...]:
        row: tuple[Any, ...] = self._connection.execute(query, values).fetchone()
        return row

    def _append(self, messages: Iterable[Message], now: float) -> None:
        self._connection.executemany(
            "insert into journal values (?, ?, ?, ?, ?, ?)",
            [row_of(seq, one, now) for seq, one in enumerate(messages, start=self.last_seq + 1)],
        )

    def _reach(self, newest: float | None, received: float | None) -> None:
        before = read_reached(self._connection)
        newest = before.newest if newest is None else newest
        received = before.received if received is None else received
        write_reached(self._connection, Reached(newest, received))

    def _count(self, counts: Counter[str]) -> None:
        self._connection.executemany(
            "insert into counters values (?, ?) "
            "on conflict do update set count = count + excluded.count",
            counts.items(),
        )
