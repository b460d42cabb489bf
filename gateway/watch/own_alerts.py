"""Alerts that a hub raises about itself and its sensors: no detector's, for no event tells of them.

What stands open is read from the journal, so that an alert is raised once and cleared once, also
where the hub was restarted in between.
"""

import msgspec

from contract import SEVERITY, Alert, Condition, Phase, Severity, utc
from gateway.engine.alert_book import Key, alert_id
from gateway.journal import Journal
from gateway.journal.settling import OWN
from gateway.journal.told import newest_alerts

MEMORY_WEEK_S = 7 * 86_400.0
"""Memory in which nothing more was found damaged for so long: the alert of it is cleared."""


class OwnAlerts:
    """What one hub has to say of itself.

    Args:
        journal: Where it stands, open.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        told = newest_alerts(journal, lambda one: one.condition in OWN)
        self._open = [one for one in told if one.phase == Phase.OPEN]
        self._told_at: dict[Key, float] = {}
        for one in told:
            self._note(one)

    def stands(self, condition: str, subject: str = "") -> bool:
        """Whether an alert stands open."""
        return any((one.condition, one.subject) == (condition, subject) for one in self._open)

    def told_at(self, key: Key) -> float:
        """When something was last told, in epoch seconds; minus infinity where it never was."""
        return self._told_at.get(key, float("-inf"))

    def open_of(self, condition: str) -> list[Key]:
        """What stands open of a condition."""
        return [Key(one.condition, one.subject) for one in self._open if one.condition == condition]

    def raised(self, key: Key, text: str, prompt: str, now: float) -> None:
        """Opens an alert, or says on the one that stands what is new."""
        before = next((one for one in self._open if (one.condition, one.subject) == key), None)
        if before is None:
            home, at = self._journal.identity.home, utc(now)
            alert = Alert(
                id=alert_id(home, key, at),
                home=home,
                condition=key.condition,
                subject=key.subject,
                severity=SEVERITY.get(key.condition, Severity.TECHNICAL),
                raised_at=at,
                updated_at=at,
                text=text,
                prompt=prompt,
            )
        else:
            alert = _next(before, now, text=text, prompt=prompt)
        self._tell(before, alert, now)

    def cleared(self, key: Key, why: str, now: float) -> None:
        """Clears what stands open of something, with the reason."""
        for before in [one for one in self._open if (one.condition, one.subject) == key]:
            text = f"{before.text} {why}".strip()
            self._tell(before, _next(before, now, text=text, phase=Phase.CLEARED), now)

    def look(self, now: float) -> None:
        """Clears what is over by `now` though nobody says so."""
        for one in list(self._open):
            quiet = now - one.updated_at.timestamp()
            if one.condition == Condition.HUB_MEMORY and quiet >= MEMORY_WEEK_S:
                key = Key(one.condition, one.subject)
                self.cleared(key, "Nothing more was found damaged for a week.", now)

    def _tell(self, before: Alert | None, alert: Alert, now: float) -> None:
        self._journal.write_together([alert], lambda _db: None, now)
        if before is not None:
            self._open.remove(before)
        if alert.phase == Phase.OPEN:
            self._open.append(alert)
        self._note(alert)

    def _note(self, alert: Alert) -> None:
        self._told_at[Key(alert.condition, alert.subject)] = alert.updated_at.timestamp()


def _next(alert: Alert, now: float, **changes: str) -> Alert:
    at = max(utc(now), alert.updated_at)
    return msgspec.structs.replace(alert, version=alert.version + 1, updated_at=at, **changes)
