"""Folds assessments into alerts: opened once, updated while they last, cleared once.

What happens is a table of (does an alert stand?, the answer) -> action, and nothing else.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum
from hashlib import sha256
from typing import NamedTuple

import msgspec

from contract import SEVERITY, Alert, Assessment, Phase, Severity, State

_LONGEST_ID = 128
_INSTANT = timedelta(milliseconds=1)


class Standing(Enum):
    """Whether an alert of a condition and subject stands open."""

    OPEN = "open"
    CLOSED = "closed"


class Action(Enum):
    """What an answer does to the alert of its condition and subject."""

    OPEN = "open"
    UPDATE = "update"
    HOLD = "hold"
    CLEAR = "clear"
    NOTHING = "nothing"


ACTIONS: dict[tuple[Standing, str], Action] = {
    (Standing.CLOSED, State.LEARNING): Action.NOTHING,
    (Standing.CLOSED, State.NORMAL): Action.NOTHING,
    (Standing.CLOSED, State.RAISED): Action.OPEN,
    (Standing.CLOSED, State.BLIND): Action.NOTHING,
    (Standing.OPEN, State.LEARNING): Action.HOLD,
    (Standing.OPEN, State.NORMAL): Action.CLEAR,
    (Standing.OPEN, State.RAISED): Action.UPDATE,
    (Standing.OPEN, State.BLIND): Action.HOLD,
}


class Key(NamedTuple):
    """What there is at most one open alert of."""

    condition: str
    subject: str


class Entry(msgspec.Struct, frozen=True):
    """The last alert of a key.

    Attributes:
        alert: Its last version; without its evidence and its words once it is cleared.
        said: Its text when it was last raised, before anything was added to it.
    """

    alert: Alert
    said: str


class AlertBook:
    """The alerts of one home."""

    def __init__(self) -> None:
        self._entries: dict[Key, Entry] = {}
        self._actions: dict[Action, Callable[[Key, Assessment], Entry | None]] = {
            Action.OPEN: self._open,
            Action.UPDATE: self._update,
            Action.HOLD: self._hold,
            Action.CLEAR: self._clear,
            Action.NOTHING: lambda _key, _assessment: None,
        }

    def take(self, assessment: Assessment) -> Alert | None:
        """Takes in an answer; the new version of its alert where the answer changed it."""
        key = Key(assessment.condition, assessment.subject)
        # A state that is not in the table is a newer word, and changes nothing.
        action = ACTIONS.get((self._standing(key), assessment.state), Action.NOTHING)
        entry = self._actions[action](key, assessment)
        if entry is None:
            return None
        self._entries[key] = _kept(entry)
        return entry.alert

    def entries(self) -> list[Entry]:
        """Everything in the book, for a checkpoint."""
        return list(self._entries.values())

    def standing(self) -> list[Alert]:
        """The alerts that stand open."""
        return [one.alert for one in self._entries.values() if one.alert.phase == Phase.OPEN]

    def restore(self, entries: list[Entry]) -> None:
        """Goes on from the entries of a checkpoint."""
        self._entries = {
            Key(entry.alert.condition, entry.alert.subject): entry for entry in entries
        }

    def _standing(self, key: Key) -> Standing:
        entry = self._entries.get(key)
        stands = entry is not None and entry.alert.phase == Phase.OPEN
        return Standing.OPEN if stands else Standing.CLOSED

    def _open(self, key: Key, assessment: Assessment) -> Entry:
        raised_at = assessment.at.astimezone(UTC)
        before = self._entries.get(key)
        if before is not None:  # cleared and raised within one instant: still two alerts
            raised_at = max(raised_at, before.alert.raised_at + _INSTANT)
        alert = Alert(
            id=alert_id(assessment.home, key, raised_at),
            home=assessment.home,
            condition=assessment.condition,
            subject=assessment.subject,
            severity=SEVERITY.get(assessment.condition, Severity.TECHNICAL),
            raised_at=raised_at,
            updated_at=raised_at,
            score=assessment.score,
            evidence=assessment.evidence,
            excluded=assessment.excluded,
            text=assessment.text,
            prompt=assessment.prompt,
        )
        return Entry(alert, assessment.text)

    def _update(self, key: Key, assessment: Assessment) -> Entry | None:
        alert = self._entries[key].alert
        after = msgspec.structs.replace(
            alert,
            score=assessment.score,
            evidence=assessment.evidence,
            excluded=assessment.excluded,
            text=assessment.text,
            prompt=assessment.prompt,
        )
        return Entry(_next(after, assessment), assessment.text) if after != alert else None

    def _hold(self, key: Key, assessment: Assessment) -> Entry | None:
        entry = self._entries[key]
        doubt = f"It cannot be said now whether this still holds: {assessment.reason or 'no data'}"
        text = f"{entry.said} {doubt.rstrip('.')}.".lstrip()
        if text == entry.alert.text:
            return None
        after = msgspec.structs.replace(entry.alert, text=text)
        return Entry(_next(after, assessment), entry.said)

    def _clear(self, key: Key, assessment: Assessment) -> Entry:
        entry = self._entries[key]
        after = msgspec.structs.replace(entry.alert, phase=Phase.CLEARED, text=entry.said)
        return Entry(_next(after, assessment), entry.said)


def alert_id(home: str, key: Key, raised_at: datetime) -> str:
    """The alert's name: the same whenever the same journal is gone through again."""
    since = raised_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    name = ":".join(part for part in (home, *key, since) if part)
    if len(name) <= _LONGEST_ID:
        return name
    digest = sha256(name.encode()).hexdigest()[:32]
    return f"{name[: _LONGEST_ID - len(digest) - 1]}~{digest}"


def _kept(entry: Entry) -> Entry:
    """What there is to remember: of an alert that is over, only that it was."""
    if entry.alert.phase == Phase.OPEN:
        return entry
    over = msgspec.structs.replace(entry.alert, evidence=[], excluded=[], text="", prompt="")
    return Entry(over, "")


def _next(alert: Alert, assessment: Assessment) -> Alert:
    at = max(assessment.at.astimezone(UTC), alert.updated_at)
    return msgspec.structs.replace(alert, version=alert.version + 1, updated_at=at)
