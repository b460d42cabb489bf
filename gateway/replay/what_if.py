"""A dry run: what another profile would have raised over the last days of a home.

Both profiles are shown the same events from the first one on, so that each has learned what it
would have learned; only what was raised within the last days is counted.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from contract import Alert, SensorEvent, utc
from detectors.budgets import BUDGETS, budget
from detectors.moment import Calendar
from detectors.profile import HomeProfile
from gateway.engine import DetectorFactory, Fault
from gateway.engine.outputs import ignore
from gateway.replay.comparison import Comparison, Counts, matched
from gateway.replay.doubts import Doubts
from gateway.replay.home_run import MakeRun, recorded

DAYS = 30


class Trial:
    """One home under two profiles.

    Args:
        now: The home as it stands.
        changed: The home with the change.
        detectors: Makes each detector.
        on_fault: Told of each detector that failed, under either profile.
        make_run: Makes the course of the home under a profile.
    """

    def __init__(
        self,
        now: HomeProfile,
        changed: HomeProfile,
        detectors: Sequence[DetectorFactory],
        on_fault: Callable[[Fault], None] = ignore,
        make_run: MakeRun = recorded,
    ) -> None:
        self._profiles = now, changed
        self._doubts = [Doubts(one.time_zone) for one in self._profiles]
        self._runs = [
            make_run(one, detectors, on_fault, doubts.note)
            for one, doubts in zip(self._profiles, self._doubts, strict=True)
        ]
        self._first: float | None = None

    def take(self, events: Sequence[SensorEvent]) -> int:
        """Shows some events to both; how many came too late."""
        if self._first is None and events:
            self._first = events[0].at.timestamp()
        return max(run.take(events) for run in self._runs)  # the same for both

    def comparison(self, days: int = DAYS) -> Comparison:
        """What the change makes of the last days, counted back from the last event.

        Raises:
            ValueError: There was no event.
        """
        if self._first is None:
            raise ValueError("no event of the home; there is nothing to compare")
        for run in self._runs:
            run.finish()
        until = self._runs[0].watermark.newest
        since = utc(until) - timedelta(days=days)
        now, changed = (_by_time(run.alerts.values()) for run in self._runs)
        return Comparison(
            home=self._profiles[0].home,
            time_zone=self._profiles[0].time_zone,
            recorded_since=utc(self._first),
            since=since,
            until=utc(until),
            matches=matched(now, changed, since),
            budgets=_budgets(*self._profiles, until),
            doubts=self._differing_doubts(since.timestamp()),
        )

    def _differing_doubts(self, since: float) -> dict[str, Counts]:
        now, changed = (one.since(since) for one in self._doubts)
        pairs = {name: Counts(now.get(name, 0), changed.get(name, 0)) for name in {*now, *changed}}
        return {name: pair for name, pair in sorted(pairs.items()) if pair.now != pair.changed}


def what_if(
    events: Iterable[SensorEvent],
    now: HomeProfile,
    changed: HomeProfile,
    detectors: Sequence[DetectorFactory],
    days: int = DAYS,
) -> Comparison:
    """What another profile would have raised over the last days of a home.

    Args:
        events: All that is stored of the home, sorted by time as a replay wants it.
        now: The home's profile as it stands.
        changed: The profile that is tried.
        detectors: Makes each detector, as :data:`detectors.registry.DETECTORS`.
        days: How many, counted back from the last event.

    Raises:
        ValueError: There are no events, or the profiles are of two homes.
    """
    if now.home != changed.home:
        raise ValueError(f"profiles of {now.home!r} and {changed.home!r}; both must be one home's")
    trial = Trial(now, changed, detectors)
    trial.take(list(events))
    return trial.comparison(days)


def _by_time(alerts: Iterable[Alert]) -> list[Alert]:
    return sorted(alerts, key=lambda one: (one.raised_at, one.condition, one.subject))


def _budgets(
    now: HomeProfile, changed: HomeProfile, until: float
) -> dict[str, tuple[float, float]]:
    """The budgets that differ on the last day."""
    pairs = {
        condition: tuple(
            budget(condition, one, Calendar(one.time_zone).moment(until).day)
            for one in (now, changed)
        )
        for condition in BUDGETS
    }
    return {name: (one, other) for name, (one, other) in pairs.items() if one != other}
