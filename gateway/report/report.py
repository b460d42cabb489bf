"""How a hub fares, out of its journal, read beside the running hub."""

from contextlib import closing
from datetime import UTC, datetime
from itertools import islice

import msgspec

from contract import Alert, HubHealth, Phase, RecordKind, decode
from gateway.beside import beside
from gateway.doctor.service import is_running
from gateway.health.heartbeat import heartbeat
from gateway.journal import Journal
from gateway.journal.inspection import Inspection
from gateway.settings import Files, Settings
from gateway.watch.detector_faults import lately
from gateway.watch.unsteady import KEY as UNSTEADY

_SHOWN = 5
_PORTION = 1000


class Trouble(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the hub stands with somebody.

    Attributes:
        since: When it last changed, in epoch seconds; None if nothing is known yet.
        why: What is wrong; empty where all is well.
    """

    since: float | None = None
    why: str = ""


class Refused(msgspec.Struct, frozen=True):
    """A message in quarantine."""

    at: datetime
    topic: str
    reason: str


class Report(msgspec.Struct, frozen=True):
    """How a hub fares.

    Attributes:
        epoch: Names its journal.
        records: How many the journal holds.
        received: How many of them the centre has.
        receipt_at: When the centre last said so, in epoch seconds.
        health: As in its heartbeats, but now.
        clock_behind_s: How far the newest event is ahead of the hub's clock; what is heard while it
            is far ahead is kept, but not detected upon.
        clock: Whether the hub knows what time it is.
        broker, centre: How it stands with them.
        open_alerts: Alerts that stand.
        quarantine: The newest messages that could not be used.
        running: Whether a hub holds the journal now; None where that cannot be seen.
        stuck: The jobs that last did not get on, and when; None where that never was.
        paused_until: Until when recording is paused, in epoch seconds; None where it is not.
        remarks: What has to be known first, such as a pause or a configuration of the centre.
        failed: Detectors that failed in the last days, and when each did last.
    """

    epoch: str
    records: int
    received: int
    receipt_at: float | None
    health: HubHealth
    clock_behind_s: float
    clock: Trouble
    broker: Trouble
    centre: Trouble | None
    open_alerts: list[Alert]
    quarantine: list[Refused]
    running: bool | None = None
    stuck: Trouble | None = None
    paused_until: float | None = None
    remarks: list[str] = []
    failed: list[Trouble] = []


class OpenAlerts:
    """The alerts that stand, kept up with the journal."""

    def __init__(self) -> None:
        self._seq = 0
        self._alerts: dict[str, Alert] = {}

    def read(self, inspection: Inspection) -> list[Alert]:
        """Those that stand now; only what is new is read."""
        while found := inspection.after(self._seq, (RecordKind.ALERT,), _PORTION):
            for self._seq, _, body in found:
                alert = decode(body, Alert)
                if alert.phase == Phase.OPEN:
                    self._alerts[alert.id] = alert
                else:
                    self._alerts.pop(alert.id, None)
        return list(self._alerts.values())


class Reporter:
    """Reads the journal beside the running hub, again and again, and each time what is new.

    Args:
        settings: The hub's own file; what the centre has set is laid over it.
        files: Where its journal is. Where another takes its place, that one is read.
    """

    def __init__(self, settings: Settings, files: Files) -> None:
        self._settings = settings
        self._files = files
        self._reading: tuple[int, Journal, Inspection, OpenAlerts] | None = None

    def report(self, now: float) -> Report:
        """How the hub fares at `now`, in epoch seconds.

        Raises:
            JournalError: There is no journal, or it cannot be read.
        """
        journal, inspection, alerts = self._open()
        settings, files = self._settings, self._files
        holds = beside(settings, journal)
        pause = holds.pause(now)
        notes = {name: Trouble(at, text) for name, (at, text) in journal.notes().items()}
        started = notes.get("started", Trouble())
        running = is_running(files.journal)
        centre = _standing(notes.get("centre", Trouble()), running)
        open_alerts = alerts.read(inspection)
        broker = _unsteady(open_alerts) or notes.get("broker", Trouble())
        health = heartbeat(
            journal,
            holds.sensors(journal),
            files.journal.parent,
            started_at=started.since or now,
            now=now,
            configuration=holds.effective.version,
        )
        return Report(
            epoch=journal.identity.epoch,
            records=journal.last_seq,
            received=journal.outbox.cursor,
            receipt_at=journal.outbox.receipt_at,
            health=_as_told(health, inspection.newest_health()),
            clock_behind_s=max(0.0, (journal.clock()[0] or 0.0) - now),
            clock=notes.get("clock", Trouble()),
            broker=_standing(broker, running),
            centre=centre if settings.centre else None,
            open_alerts=open_alerts,
            quarantine=[
                Refused(datetime.fromtimestamp(one.at, UTC), one.topic, one.reason)
                for one in journal.quarantine(_SHOWN)
            ],
            running=running,
            stuck=notes.get("stuck"),
            paused_until=None if pause is None else pause.until,
            remarks=list(holds.remarks(now)),
            failed=[Trouble(one.at, one.text) for one in lately(journal, now)],
        )

    def newest_events(self, most: int) -> list[bytes]:
        """The newest events, the newest first, as they stand in the journal.

        Raises:
            JournalError: There is no journal, or it cannot be read.
        """
        _, inspection, _ = self._open()
        records = inspection.before(inspection.last_seq(), (RecordKind.EVENT,))
        return [body for _, body in islice(records, most)]

    def close(self) -> None:
        """Closes the journal; the next report opens it anew."""
        if self._reading is not None:
            _, journal, inspection, _ = self._reading
            journal.close()
            inspection.close()
            self._reading = None

    def _open(self) -> tuple[Journal, Inspection, OpenAlerts]:
        path = self._files.journal
        try:
            number = path.stat().st_ino
        except OSError:  # opening it says why
            number = -1
        if self._reading is not None and self._reading[0] != number:
            self.close()
        if self._reading is None:
            opened = Journal.open_read_only(path), Inspection(path), OpenAlerts()
            self._reading = (number, *opened)
        return self._reading[1:]


def report(settings: Settings, files: Files, now: float) -> Report:
    """How the hub fares at `now`, once.

    Raises:
        JournalError: There is no journal, or it cannot be read.
    """
    with closing(Reporter(settings, files)) as reporter:
        return reporter.report(now)


def _as_told(now: HubHealth, last: HubHealth | None) -> HubHealth:
    """The heartbeat of now, with what only the hub's own process knows as it last told it."""
    own = last.machine.memory_used_bytes if last and last.machine else None
    if now.machine is None:
        return now
    machine = msgspec.structs.replace(now.machine, memory_used_bytes=own)
    return msgspec.structs.replace(now, machine=machine)


def _unsteady(stand: list[Alert]) -> Trouble | None:
    """That the link to the broker comes and goes, which no word of one moment tells."""
    since = (one.raised_at for one in stand if (one.condition, one.subject) == UNSTEADY)
    why = "lost again and again; is something else connected under this hub's name?"
    return next((Trouble(one.timestamp(), why) for one in since), None)


def _standing(last: Trouble, running: bool | None) -> Trouble:
    """How a hub stands with somebody now; one that does not run with nobody, whatever it noted."""
    if running is not False or last.since is None:
        return last
    before = f"; before, {last.why}" if last.why else ""
    return Trouble(last.since, f"not in touch, as the hub does not run{before}")
