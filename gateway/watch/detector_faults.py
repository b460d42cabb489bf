"""Detectors that failed: told to the centre, by `doctor` and by `status`, and not to the log alone.

The word of a failure is written in one transaction with what the engine says there. So it is told
wherever the process ends, and once.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from contract import Condition
from detectors.features.places import plain
from gateway.engine import Fault
from gateway.engine.alert_book import Key
from gateway.journal import Journal
from gateway.journal.notes import Note
from gateway.watch.own_alerts import OwnAlerts

DAY_S = 86_400.0
"""A detector that has not failed for so long is well."""
LATELY_S = 7 * DAY_S
"""`doctor` and `status` tell of a failure for so long."""
REMEDY = (
    "tell whoever looks after the hub's software: journalctl -u telecare-hub -p err says why, and "
    "a newer version may mend it"
)

_NAME = "failed_"
_PROMPT = (
    "Look after the person as if this were not watched for, and tell whoever looks after the hub's "
    "software: its log says why."
)


class Failure(NamedTuple):
    """The last failure of a detector.

    Attributes:
        condition: What it watches for.
        at: When it failed, by the hub's clock, in epoch seconds.
        text: At what, and what became of it.
    """

    condition: str
    at: float
    text: str


def passed_over(fault: Fault) -> str:
    """What is said of a failure, but where the detector begins afresh."""
    if not fault.made:
        return not_made(fault.condition)
    heard = _heard(fault)
    if fault.stopped:
        return _said(fault.condition, f"failed at {heard}, and passed over that")
    return _said(fault.condition, f"failed at {heard}, as it learned or its memory was to be kept")


def not_made(condition: str) -> str:
    """What is said where there is none, for as long as that is so."""
    return _said(condition, "could not be made, and is tried again when the hub starts again")


def begun_afresh(condition: str) -> str:
    """What is said where it could not be brought back, or failed too often."""
    return _said(condition, "failed again and again, or at what it had learned, and begins afresh")


def notes_of(said: Iterable[tuple[str, str]], at: float) -> list[Note]:
    """What is to be written of failures, by condition."""
    return [Note(f"{_NAME}{condition}", at, text) for condition, text in said]


def failures(journal: Journal) -> list[Failure]:
    """The last failure of each detector that ever failed."""
    return [
        Failure(name.removeprefix(_NAME), at, text)
        for name, (at, text) in journal.notes().items()
        if name.startswith(_NAME)
    ]


def lately(journal: Journal, now: float) -> list[Failure]:
    """Those of the last days."""
    return [one for one in failures(journal) if now - one.at <= LATELY_S]


def look(journal: Journal, own: OwnAlerts, now: float) -> None:
    """Tells the centre of detectors that failed, each once, and of those that are well again.

    Args:
        journal: Where that stands, open.
        own: Raises the hub's own alerts.
        now: The hub's clock, in epoch seconds.
    """
    for one in failures(journal):
        key = Key(Condition.DETECTOR_FAILED, one.condition)
        is_over = abs(now - one.at) >= DAY_S  # also what a clock dated that stood ahead
        if own.stands(*key):
            if is_over:
                own.cleared(key, "It has not failed again for a day.", now)
        elif not is_over or own.told_at(key) < one.at:
            own.raised(key, one.text, _PROMPT, now)


def _heard(fault: Fault) -> str:
    if fault.at is None:
        return "the start"
    at = datetime.fromtimestamp(fault.at, UTC)
    return f"what was heard by {at:%H:%M} UTC on {at.day} {at:%B %Y}"


def _said(condition: str, what: str) -> str:
    return f"The detector for {plain(condition)} {what}. All others go on."
