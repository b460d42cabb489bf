"""Alerts of the same events under two profiles, set beside one another."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import msgspec

from contract import Alert, Phase, Severity, encode

APART: dict[str, timedelta] = {Severity.ADVISORY: timedelta(days=3)}
"""Alerts this near to one another are about the same thing; of others only those that overlap. An
advisory alert is judged once a day over days, so that a little more caution moves it by days."""


class Found(StrEnum):
    """Under which profile an alert is raised."""

    BOTH = "both"
    ONLY_NOW = "only_now"
    ONLY_CHANGED = "only_changed"


class Match(NamedTuple):
    """One thing that is told under either profile, or under both.

    Attributes:
        now: The alert as the profile stands.
        changed: The alert with the change.
    """

    now: Alert | None
    changed: Alert | None

    @property
    def alert(self) -> Alert:
        """One of them, to name it by."""
        found = self.now or self.changed
        assert found is not None  # noqa: S101 - there is always one
        return found

    @property
    def found(self) -> Found:
        """Under which profile it is told."""
        if self.now is None:
            return Found.ONLY_CHANGED
        return Found.BOTH if self.changed is not None else Found.ONLY_NOW

    @property
    def sooner(self) -> timedelta:
        """By how much the change brings it forward; zero where it is told under one alone."""
        if self.now is None or self.changed is None:
            return timedelta()
        return self.now.raised_at - self.changed.raised_at


class Counts(NamedTuple):
    """How many alerts, or days, there are under each profile."""

    now: int
    changed: int


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What a change would have made of the last days of one home.

    Attributes:
        home: Which home.
        time_zone: Its own.
        recorded_since: Its first event.
        since: Where the days begin that are counted; what is before them was learned from.
        until: Its last event.
        matches: What was raised in those days, and what stood open when they began.
        budgets: False alerts a month that are borne on the last day, now and with the change, by
            condition; only those that differ.
        doubts: On how many of the days a condition could not say anything; only where they differ.
    """

    home: str
    time_zone: str
    recorded_since: datetime
    since: datetime
    until: datetime
    matches: list[Match]
    budgets: dict[str, tuple[float, float]]
    doubts: dict[str, Counts]

    def raised(self, condition: str | None = None) -> Counts:
        """How many alerts were raised within the days, of one condition or of all."""
        of_it = [one for one in self.matches if condition in {None, one.alert.condition}]
        return Counts(
            sum(self.counts(one.now) for one in of_it),
            sum(self.counts(one.changed) for one in of_it),
        )

    def stood_open(self) -> Counts:
        """How many alerts stood open when the days began. They are not among the raised."""
        return Counts(
            sum(one.now is not None and not self.counts(one.now) for one in self.matches),
            sum(one.changed is not None and not self.counts(one.changed) for one in self.matches),
        )

    def counts(self, alert: Alert | None) -> bool:
        """Whether an alert was raised within the days."""
        return alert is not None and alert.raised_at >= self.since

    def lines(self) -> Iterator[bytes]:
        """One JSON object for each match."""
        for one in self.matches:
            yield msgspec.json.encode(
                {
                    "home": self.home,
                    "condition": one.alert.condition,
                    "subject": one.alert.subject,
                    "found": one.found,
                    "open_before": {
                        "now": one.now is not None and not self.counts(one.now),
                        "changed": one.changed is not None and not self.counts(one.changed),
                    },
                    "now": _raw(one.now),
                    "changed": _raw(one.changed),
                }
            )


def matched(now: Sequence[Alert], changed: Sequence[Alert], since: datetime) -> list[Match]:
    """Sets the alerts of two runs beside one another, each once, by time.

    Args:
        now: Of one home, in their last version, by the time raised.
        changed: Likewise.
        since: What was over before this is left out.
    """
    rest = list(changed)
    found: list[Match] = []
    for one in now:
        same = next((other for other in rest if _same(one, other)), None)
        if same is not None:
            rest.remove(same)
        found.append(Match(one, same))
    found += (Match(None, other) for other in rest)
    recent = [one for one in found if any(_is_of_the_days(alert, since) for alert in one)]
    return sorted(recent, key=_place)


def _same(one: Alert, other: Alert) -> bool:
    if (one.condition, one.subject) != (other.condition, other.subject):
        return False
    first, second = sorted((one, other), key=lambda alert: alert.raised_at)
    apart = APART.get(first.severity, timedelta())
    return first.phase == Phase.OPEN or second.raised_at - first.updated_at <= apart


def _is_of_the_days(alert: Alert | None, since: datetime) -> bool:
    return alert is not None and (alert.phase == Phase.OPEN or alert.updated_at >= since)


def _place(match: Match) -> tuple[datetime, str, str]:
    return match.alert.raised_at, match.alert.condition, match.alert.subject


def _raw(alert: Alert | None) -> msgspec.Raw | None:
    return None if alert is None else msgspec.Raw(encode(alert))
