"""What is usual of a person's days, and how odd another is: a scorer fed by days that are kept.

A scorer sees the running mean of the last few days rather than each by itself: what lasts some days
adds up, what chance brings on one day does not. Beside it, a few key measures are watched for a
lasting change of routine.

Everything in here can be built anew from the kept days, and is, after a restart: so any scorer
survives one to the last bit without its own state on disk (docs/adr/0014).
"""

from collections.abc import Callable, Iterable, Sequence
from math import isfinite

import numpy as np

from detectors.features.kept_days import LEARNED, VISITED, KeptDay
from detectors.features.measures import BY_NAME
from detectors.scorers.scorer import Drift, Scorer, Vector

WEIGHT = 0.4
"""What today's value weighs in the running mean: about the last four days are heard."""
SPREAD = (WEIGHT / (2.0 - WEIGHT)) ** 0.5
"""Standard deviation of such a mean, as a share of a day's."""
FIRST_SCORE = 6
"""Days that are learned before one is scored."""
KEYS: tuple[str, ...] = (
    "activity",
    "activity_spread",
    "bathroom_visits",
    "first_movement",
    "intake_gap",
    "pace",
)
"""Measures in which a lasting change is looked for: few, so that chance has few turns."""
REFERENCE_DAYS = 14
FAR_OFF = 50.0
"""What is added to every measure, in a day's standard deviations, for a day that is far off."""
STILL_OFF = 0.75
"""Standard deviations from its first fortnight from which on a measure is still away from it."""
FARTHEST = 3.0
"""Standard deviations from the reference to which a day is drawn in before it is looked at."""


class Series:
    """One key measure against its own first fortnight, and the drift detector that watches it."""

    def __init__(self, drift: Drift) -> None:
        self._drift = drift
        self._first: list[float] = []
        self._level, self._spread = 0.0, 1.0

    def shifted(self, even: float) -> bool:
        """Takes in a day's value; whether it makes a lasting change certain."""
        if len(self._first) < REFERENCE_DAYS:
            self._first.append(even)
            if len(self._first) == REFERENCE_DAYS:
                self._level = float(np.median(self._first))
                self._spread = max(float(np.std(self._first, ddof=1)), 1.0)
            return False
        self._drift.update(self.distance(even))
        return self._drift.drift_detected

    def distance(self, even: float) -> float:
        """Standard deviations from the reference, drawn in."""
        return min(max((even - self._level) / self._spread, -FARTHEST), FARTHEST)


class Baseline:
    """The usual of one person's days.

    Args:
        make_scorer: Makes a fresh scorer.
        make_drift: Makes a fresh drift detector; None where none is wanted.
        days: What has been kept, oldest first.
    """

    def __init__(
        self,
        make_scorer: Callable[[], Scorer],
        make_drift: Callable[[], Drift | None],
        days: Iterable[KeptDay] = (),
    ) -> None:
        self._scorer = make_scorer()
        self._make_drift = make_drift
        self._series: dict[str, Series] = {}
        self._mean: Vector = {}
        self._learned = 0
        for day in days:
            self.take(day)

    @property
    def mean(self) -> Vector:
        """The running means, on the even scales of the measures."""
        return self._mean

    def still_off(self, measures: Iterable[str], days: Sequence[KeptDay]) -> bool:
        """Whether any of the measures has stayed away from its first fortnight in these days."""
        return any(
            abs(float(np.median(distances))) >= STILL_OFF
            for name in measures
            if (series := self._series.get(name)) is not None
            and (
                distances := [
                    series.distance(BY_NAME[name].even(one.measures[name]))
                    for one in days
                    if name in one.measures
                ]
            )
        )

    def score(self, day: KeptDay) -> float | None:
        """How odd the last days are, `day` the newest of them. Changes nothing.

        None where the scorer cannot say yet. Some of river's answer 0 while they warm up, which
        would read as "usual"; so a scorer must tell the day from one that is far off in everything.
        """
        if self._learned < FIRST_SCORE:
            return None
        moved = self._moved(_even(day))
        score = self._scorer.score_one(moved)
        far = self._scorer.score_one({name: value + FAR_OFF for name, value in moved.items()})
        return score if score != far and isfinite(score) else None

    def take(self, day: KeptDay) -> list[str]:
        """Takes in a day as what it stands for; the key measures whose change it makes certain."""
        even = _even(day)
        if day.standing != VISITED:
            self._mean = self._mean | (moved := self._moved(even))
            if day.standing == LEARNED:
                self._scorer.learn_one(moved)
                self._learned += 1
        return self._shifts(even)

    def _moved(self, even: Vector) -> Vector:
        """The running means once this day is among them, of the measures that it has."""
        mean = self._mean
        return {
            name: mean[name] + WEIGHT * (value - mean[name]) if name in mean else value
            for name, value in even.items()
        }

    def _shifts(self, even: Vector) -> list[str]:
        return [
            name
            for name in KEYS
            if name in even and (series := self._of(name)) and series.shifted(even[name])
        ]

    def _of(self, name: str) -> Series | None:
        if name not in self._series:
            drift = self._make_drift()
            if drift is None:
                return None
            self._series[name] = Series(drift)
        return self._series[name]


def _even(day: KeptDay) -> Vector:
    """The day's measures on their even scales."""
    return {name: BY_NAME[name].even(value) for name, value in day.measures.items()}
