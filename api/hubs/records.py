"""Reads a batch's records, each by its kind, and puts aside what cannot be read.

Pure: bytes in, rows out. A record that is refused stops no other, and is kept as it came.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from contract import (
    Alert,
    Assessment,
    CommandResult,
    ConfigurationReport,
    ContractError,
    HubHealth,
    Record,
    RecordKind,
    SensorEvent,
    WalkStep,
    decode,
)
from contract.base import Message
from contract.events import problem

MAX_VERSION = 2**31 - 1
"""The highest version of an alert that the database's column holds."""

FIRST = datetime(1970, 1, 1, tzinfo=UTC)
BEYOND = datetime(2100, 1, 1, tzinfo=UTC)

M = TypeVar("M", bound=Message)


@dataclass(frozen=True, slots=True)
class Kept:
    """A record whose body goes into the database as it came."""

    seq: int
    body: str


@dataclass(frozen=True, slots=True)
class KeptEvent(Kept):
    """A sensor event."""

    event: SensorEvent


@dataclass(frozen=True, slots=True)
class KeptAssessment(Kept):
    """An assessment."""

    assessment: Assessment


@dataclass(frozen=True, slots=True)
class KeptAlert(Kept):
    """One version of an alert."""

    alert: Alert


@dataclass(frozen=True, slots=True)
class KeptHealth(Kept):
    """A hub's heartbeat."""

    health: HubHealth


@dataclass(frozen=True, slots=True)
class KeptReport(Kept):
    """What a hub made of a configuration."""

    report: ConfigurationReport


@dataclass(frozen=True, slots=True)
class KeptResult(Kept):
    """What a hub did about a command."""

    result: CommandResult


@dataclass(frozen=True, slots=True)
class KeptStep(Kept):
    """An activation in a walk test."""

    step: WalkStep


@dataclass(frozen=True, slots=True)
class KeptOther(Kept):
    """A record of a kind this version does not know."""

    kind: str


@dataclass(frozen=True, slots=True)
class RefusedRecord:
    """A record that could not be read, and why."""

    seq: int
    kind: str
    reason: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Sorted:
    """A batch's records by what is done with them."""

    events: list[KeptEvent] = field(default_factory=list)
    assessments: list[KeptAssessment] = field(default_factory=list)
    alerts: list[KeptAlert] = field(default_factory=list)
    health: list[KeptHealth] = field(default_factory=list)
    reports: list[KeptReport] = field(default_factory=list)
    results: list[KeptResult] = field(default_factory=list)
    steps: list[KeptStep] = field(default_factory=list)
    others: list[KeptOther] = field(default_factory=list)
    refused: list[RefusedRecord] = field(default_factory=list)


class _UnfitError(ValueError):
    """A record that reads well but may not be stored; says why."""


def sort_records(records: list[Record], hub: str, home: str) -> Sorted:
    """Reads every record a hub of `home` sent."""
    found = Sorted()
    for record in records:
        body = bytes(record.body)
        try:
            _READERS.get(record.kind, _other)(found, record, body, hub, home)
        except (ContractError, _UnfitError) as error:
            kind = record.kind.replace("\0", "\N{REPLACEMENT CHARACTER}")
            found.refused.append(RefusedRecord(record.seq, kind, str(error), body))
    return found


def _event(found: Sorted, record: Record, body: bytes, _hub: str, home: str) -> None:
    event = _read(body, SensorEvent, home)
    reason = problem(event)
    if reason:
        raise _UnfitError(reason)
    _check_time("at", event.at)
    found.events.append(KeptEvent(record.seq, body.decode(), event))


def _assessment(found: Sorted, record: Record, body: bytes, _hub: str, home: str) -> None:
    assessment = _read(body, Assessment, home)
    _check_time("at", assessment.at)
    found.assessments.append(KeptAssessment(record.seq, body.decode(), assessment))


def _alert(found: Sorted, record: Record, body: bytes, _hub: str, home: str) -> None:
    alert = _read(body, Alert, home)
    _check_time("raised_at", alert.raised_at)
    _check_time("updated_at", alert.updated_at)
    if alert.version > MAX_VERSION:
        raise _UnfitError(f"version must be at most {MAX_VERSION}")
    found.alerts.append(KeptAlert(record.seq, body.decode(), alert))


def _health(found: Sorted, record: Record, body: bytes, hub: str, home: str) -> None:
    health = _read_own(body, HubHealth, hub, home)
    _check_time("at", health.at)
    if health.started_at is not None:
        _check_time("started_at", health.started_at)
    found.health.append(KeptHealth(record.seq, body.decode(), health))


def _report(found: Sorted, record: Record, body: bytes, hub: str, home: str) -> None:
    report = _read_own(body, ConfigurationReport, hub, home)
    _check_time("at", report.at)
    found.reports.append(KeptReport(record.seq, body.decode(), report))


def _result(found: Sorted, record: Record, body: bytes, hub: str, home: str) -> None:
    result = _read_own(body, CommandResult, hub, home)
    _check_time("at", result.at)
    found.results.append(KeptResult(record.seq, body.decode(), result))


def _step(found: Sorted, record: Record, body: bytes, hub: str, home: str) -> None:
    step = _read_own(body, WalkStep, hub, home)
    _check_time("at", step.event.at)
    found.steps.append(KeptStep(record.seq, body.decode(), step))


def _other(found: Sorted, record: Record, body: bytes, _hub: str, _home: str) -> None:
    if "\0" in record.kind:
        raise _UnfitError("kind must not hold a NUL character")
    found.others.append(KeptOther(record.seq, body.decode(), record.kind))


_READERS: dict[str, Callable[[Sorted, Record, bytes, str, str], None]] = {
    RecordKind.EVENT: _event,
    RecordKind.ASSESSMENT: _assessment,
    RecordKind.ALERT: _alert,
    RecordKind.HEALTH: _health,
    RecordKind.CONFIGURATION: _report,
    RecordKind.COMMAND_RESULT: _result,
    RecordKind.WALK_STEP: _step,
}


def _read(body: bytes, message: type[M], home: str) -> M:
    if rb"\u0000" in body:  # no text column can hold it
        raise _UnfitError("a text must not hold a NUL character")
    read = decode(body, message)
    whose = read.home  # type: ignore[attr-defined]  # every message within a record has one
    if whose != home:
        raise _UnfitError(f"home must be {home}, where this hub is, not {whose}")
    return read


def _read_own(body: bytes, message: type[M], hub: str, home: str) -> M:
    read = _read(body, message, home)
    who = read.hub  # type: ignore[attr-defined]  # what a hub says of itself names it
    if who != hub:
        raise _UnfitError(f"hub must be {hub}, which sends it, not {who}")
    return read


def _check_time(name: str, at: datetime) -> None:
    try:
        fits = FIRST <= at < BEYOND
    except OverflowError:  # the ends of the calendar, brought to UTC
        fits = False
    if not fits:
        raise _UnfitError(f"{name} must be from {FIRST:%Y} to before {BEYOND:%Y}")
