"""A journal with a past, the files of which a test may damage; and what may be believed of it."""

import shutil
import sqlite3
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from contract import Alert, HubHealth, RecordKind, decode
from gateway.journal import Delivery, Intake, Journal
from gateway.journal.database import is_damage
from gateway.journal.intake import quarantined
from gateway.journal.journal import EngineMemory
from gateway.journal.opening import mark_suspect
from gateway.journal.settling import CONDITION
from tests.gateway.events import START, at, event

BEFORE, AFTER = "the boot before", "the boot after"
FRAME, LOG_HEADER = 24 + 4096, 32


@dataclass(repr=False)  # a whole journal would hide what failed
class Lived:
    """A journal's files as a power cut left them.

    Attributes:
        path: The file.
        bodies: Every record that was ever committed, by number.
        commits: After each commit, how long the log was, and how many records there were.
        cursor: What the centre had received.
    """

    path: Path
    bodies: dict[int, bytes]
    commits: list[tuple[int, int]]
    cursor: int

    @property
    def log(self) -> Path:
        return self.path.with_name("journal.sqlite-wal")

    def copy(self, folder: Path) -> "Lived":
        """The same files elsewhere, to be damaged."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        path = folder / self.path.name
        for part in ("", "-wal"):
            source = self.path.with_name(self.path.name + part)
            if source.exists():
                shutil.copy(source, path.with_name(path.name + part))
        return Lived(path, self.bodies, self.commits, self.cursor)

    def open(self, boot: str = AFTER) -> Journal:
        return Journal.open(self.path, "hub-1", "h1", boot=boot)

    def survive(self) -> "Survived":
        """Starts the hub until all of the journal can be read: at most once again is enough."""
        for _ in range(2):
            with self.open() as journal:
                try:
                    return _read(journal)
                except sqlite3.DatabaseError as error:
                    if not is_damage(error):
                        raise
                    mark_suspect(self.path)
        with self.open() as journal:
            return _read(journal)


@dataclass
class Survived:
    """What a start found.

    Attributes:
        bodies: The records that can be read, but for word of the damage, by number.
        alerts: Word of the damage.
        lost: What it says is lost.
        last: The last number.
        epochs: Their bases.
        cursor: What the centre is thought to have.
        offset: Where the engine goes on.
    """

    bodies: dict[int, bytes]
    alerts: list[Alert]
    lost: int
    last: int
    epochs: list[int]
    cursor: int
    offset: int


def _read(journal: Journal) -> Survived:
    """Reads all that the hub reads in its life."""
    bodies = {seq: body for kind in RecordKind for seq, body in journal.records(kind)}
    events = dict(journal.events_after(0, 10**6))
    assert len(list(journal.events_until(10**9))) == len(events)
    alerts = {seq: decode(bodies[seq], Alert) for seq, _ in journal.records(RecordKind.ALERT)}
    told = [seq for seq, alert in alerts.items() if alert.condition == CONDITION]
    sent = journal.outbox.records(journal.outbox.cursor, 10**6, 10**9)
    assert [one.seq for one in sent] == list(range(journal.outbox.cursor + 1, journal.last_seq + 1))
    for read in (journal.devices, journal.deliveries, journal.clock, journal.quarantine):
        read()
    memory = journal.engine_memory()
    return Survived(
        bodies={seq: body for seq, body in bodies.items() if seq not in told},
        alerts=[alerts[seq] for seq in told],
        lost=journal.counters().get("journal_lost", 0),
        last=journal.last_seq,
        epochs=[one.base for one in journal.outbox.epochs()],
        cursor=journal.outbox.cursor,
        offset=memory.offset if memory else 0,
    )


def live(folder: Path, *, days: int = 18, after: int = 6) -> Lived:
    """Lives for so many days, and then for some commits more that are only in the log."""
    path = folder / "journal.sqlite"
    with Journal.open(path, "hub-1", "h1", boot=BEFORE) as journal:
        for day in range(days):
            _hear(journal, day * 24)
        journal.outbox.move(journal.last_seq // 2, START)
    journal = Journal.open(path, "hub-1", "h1", boot=BEFORE)
    log = path.with_name("journal.sqlite-wal")
    commits = [(0, journal.last_seq)]
    for number in range(after):
        _hear(journal, (days + number) * 24)
        commits.append((log.stat().st_size, journal.last_seq))
    found = Lived(path, {}, commits, journal.outbox.cursor).copy(folder / "cut")
    records = journal.outbox.records(0, 10**6, 10**9)
    found.bodies.update({record.seq: bytes(record.body) for record in records})
    journal.close()
    return found


def _hear(journal: Journal, hours: float) -> None:
    """One commit of a day's life; now and then what the engine says of it."""
    number = round(hours / 24)
    if number % 3:
        events = [event(hours + n / 10) for n in range(9)]
        intake = Intake(events=events, counts=Counter(events=len(events)))
        intake.devices = {f"device-{number % 5}": b"x" * 300}
        intake.deliveries = [Delivery(number % 60_000 + n, b"d" * 16) for n in range(9)]
        intake.quarantine = [quarantined(START, "t", f"reason {number}", b"{}")]
        intake.newest = intake.received = START + hours * 3600
        journal.write_intake(intake, START)
    elif number % 2:
        journal.write_health(HubHealth(hub="hub-1", home="h1", at=at(hours)), START)
    else:
        alert = Alert(
            id=f"h1:uti_risk:{number}",
            home="h1",
            condition="uti_risk",
            severity="advisory",
            raised_at=at(hours),
            updated_at=at(hours),
            text="More visits than usual. " * 200,  # longer than a page
        )
        memory = EngineMemory(journal.last_seq, START + hours * 3600, b"memory" * 2000)
        journal.write_outputs([alert], memory, Counter(), START)
