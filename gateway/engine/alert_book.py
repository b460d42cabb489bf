"""Folds assessments into alerts: opened once, updated while they last, cleared once.

What happens is a table of (does an alert stand?, the answer) -> action, and nothing else. Where two
conditions tell of the same thing, the alert that stands speaks for both, so that nobody is called
out twice for one silence.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum
from hashlib import sha256
from typing import NamedTuple

import msgspec

from contract import SEVERITY, Alert, Assessment, Condition, Phase, Severity, State

_LONGEST_ID = 128
_INSTANT = timedelta(milliseconds=1)
_DOUBT = timedelta(minutes=5)
"""An alert that was raised so much later was dated by a clock that stood ahead."""
ONE_SILENCE: frozenset[str] = frozenset({Condition.POSSIBLE_FALL, Condition.NO_MOVEMENT})
"""Conditions that tell of one and the same silence of a home."""
SPEAKS_FOR = timedelta(hours=12)
"""For so long after it was raised an alert speaks for another condition, too. Later it has been
dealt with or forgotten, and whoever still does not stir is an alert of their own."""


class Standing(Enum):
    """Whether an alert of a condition and subject stands open, or another speaks for it."""

    OPEN = "open"
    CLOSED = "closed"
    SPOKEN_FOR = "spoken_for"


class Action(Enum):
    """What an answer does to the alert of its condition and subject."""

    OPEN = "open"
    UPDATE = "update"
    HOLD = "hold"
    CLEAR = "clear"
    JOIN = "join"
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
    (Standing.SPOKEN_FOR, State.LEARNING): Action.NOTHING,
    (Standing.SPOKEN_FOR, State.NORMAL): Action.NOTHING,
    (Standing.SPOKEN_FOR, State.RAISED): Action.JOIN,
    (Standing.SPOKEN_FOR, State.BLIND): Action.NOTHING,
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
        own: The last raised answer of its own condition; None where another never joined it.
        joined: The last raised answer of another condition that it speaks for.
    """

    alert: Alert
    said: str
    own: Assessment | None = None
    joined: Assessment | None = None


class AlertBook:
    """The alerts of one home."""

    def __init__(self) -> None:
        self._entries: dict[Key, Entry] = {}
        self._actions: dict[Action, Callable[[Key, Assessment], Entry | None]] = {
            Action.OPEN: self._open,
            Action.UPDATE: self._update,
            Action.HOLD: self._hold,
            Action.CLEAR: self._clear,
            Action.JOIN: self._join,
            Action.NOTHING: lambda _key, _assessment: None,
        }

    def take(self, assessment: Assessment) -> Alert | None:
        """Takes in an answer; the new version of its alert where the answer changed it."""
        key = Key(assessment.condition, assessment.subject)
        standing, other = self._standing(key), self._speaker(key, assessment)
        if standing is Standing.CLOSED and other is not None:
            standing, key = Standing.SPOKEN_FOR, other
        # A state that is not in the table is a newer word, and changes nothing.
        action = ACTIONS.get((standing, assessment.state), Action.NOTHING)
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

    def _speaker(self, key: Key, assessment: Assessment) -> Key | None:
        """Whose alert speaks for a condition: one of the same silence, not in doubt, not old."""
        if key.condition not in ONE_SILENCE:
            return None
        for condition in sorted(ONE_SILENCE - {key.condition}):
            other = Key(condition, key.subject)
            entry = self._entries.get(other)
            if entry is None or self._standing(other) is Standing.CLOSED:
                continue
            alert = entry.alert
            if alert.text == entry.said and assessment.at - alert.raised_at < SPEAKS_FOR:
                return other
        return None

    def _open(self, key: Key, assessment: Assessment) -> Entry:
        raised_at = assessment.at.astimezone(UTC)
        before = self._entries.get(key)
        ahead = _DOUBT if before is None else before.alert.raised_at - raised_at
        if before is not None and ahead < _DOUBT:  # cleared and raised at once: still two alerts
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
        return self._told(key, assessment, self._entries[key].joined, assessment)

    def _join(self, key: Key, assessment: Assessment) -> Entry | None:
        """Tells what another condition says of the same thing, on the alert that stands."""
        alert, own = self._entries[key].alert, self._entries[key].own
        if own is None:
            own = msgspec.structs.replace(
                assessment,
                condition=alert.condition,
                score=alert.score,
                evidence=alert.evidence,
                excluded=alert.excluded,
                text=alert.text,
                prompt=alert.prompt,
            )
        return self._told(key, own, assessment, assessment)

    def _told(
        self, key: Key, own: Assessment, joined: Assessment | None, news: Assessment
    ) -> Entry | None:
        """The alert as its own condition and the one that joined it have it; None without news."""
        alert = self._entries[key].alert
        both = [own] if joined is None else [own, joined]
        text = " ".join(one.text for one in both)
        after = msgspec.structs.replace(
            alert,
            score=max(one.score for one in both),
            evidence=[item for one in both for item in one.evidence],
            excluded=list(dict.fromkeys(item for one in both for item in one.excluded)),
            text=text,
            prompt=own.prompt,
        )
        if after == alert:
            return None
        return Entry(_next(after, news), text, None if joined is None else own, joined)

    def _hold(self, key: Key, assessment: Assessment) -> Entry | None:
        entry = self._entries[key]
        doubt = f"It cannot be said now whether this still holds: {assessment.reason or 'no data'}"
        text = f"{entry.said} {doubt.rstrip('.')}.".lstrip()
        if text == entry.alert.text:
            return None
        after = msgspec.structs.replace(entry.alert, text=text)
        return msgspec.structs.replace(entry, alert=_next(after, assessment))

    def _clear(self, key: Key, assessment: Assessment) -> Entry:
        entry = self._entries[key]
        text = f"{entry.said} {assessment.reason}".rstrip()
        after = msgspec.structs.replace(entry.alert, phase=Phase.CLEARED, text=text)
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
