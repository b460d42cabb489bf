"""How quick any detector can be: Lorden's bound, from what a day of an illness can tell.

Whoever raises a false alert every `T` days on average cannot, on average, find a change sooner than
the days it takes for the evidence of the changed days, the Kullback-Leibler divergence of the
changed against the usual, to add up to `log T`. It is a bound for long delays and small false-alert
rates, and for the onset that suits the detector least; near one or two days it is a guide, not a
law. A detector that also knows how busy a day it was sees less spread in the counts than is
reckoned here, and may come out a little above 1.

What a day can tell is reckoned from the home's own days: of counts with a mean `m` and a variance
of `phi` times the mean, multiplied by `f`, it is `m (f log f - f + 1) / phi`; of a mean that is
normal with variance `v` and moves by `d`, it is `d * d / (2 v)`. The days of the ramp tell less,
and the days after the end nothing.

Source: Lorden, Procedures for reacting to a change in distribution, Annals of Mathematical
Statistics 42, 1971.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from contract import Kind
from detectors.features.journeys import Journeys
from detectors.models.change import DAYS_A_MONTH
from simulator.evaluation.courses import KEPT, SLOWER, VISITS, Home
from simulator.evaluation.episodes import LENGTH_DAYS, Episode, lived_in
from simulator.evaluation.floor_trials import as_recorded
from simulator.evaluation.floors.daily import NIGHT, PARTS, Measure
from simulator.evaluation.measures import Array

RAMPS = (1, 2, 3)
LEAST_MEAN = 0.05
LEAST_DISPERSION = 0.2
LEAST_TIMES = 5
MORNING_HOUR = 6

Told = dict[str, Array]
"""By severity, what the days of an episode tell up to each of them, in nats; shape (days,)."""
Telling = Callable[[float], float]
"""What a day tells on which an illness shows with a strength from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Bound:
    """How near a detector comes to what is possible.

    Attributes:
        a_day: What a full day tells in the home in the middle, in nats.
        days: The bound on the mean delay, averaged over homes; a home in which the whole episode
            does not tell enough counts with the length of the window.
        within: Share of homes in which the episode tells enough to be found at all, on average.
        measured: The mean delay in days, each miss taken as found at the end of its window.
        efficiency: The bound divided by what was measured; 1 is as quick as can be.
    """

    a_day: float
    days: float
    within: float
    measured: float
    efficiency: float


def of_counts(measure: Measure, home: Home) -> Told:
    """What an episode tells by the counts of nights and days."""
    days = lived_in(home.events, home.calendar)
    daily = as_recorded(home, measure)
    lived = np.array([daily.first + n in days for n in range(len(daily.rows))])
    parts = [daily.rows[lived, NIGHT + 1 : PARTS].sum(axis=1)]
    if measure.nights:
        parts.append(daily.rows[lived, NIGHT])
    moments = [_moments(part) for part in parts]

    def telling(factors: Sequence[float]) -> Telling:
        def day(strength: float) -> float:
            found = 0.0
            for (mean, dispersion), factor in zip(moments, factors, strict=True):
                f = 1.0 + (factor - 1.0) * strength
                found += mean * (f * log(f) - f + 1.0) / dispersion
            return found

        return day

    if measure.nights:
        return {name: _told(telling((d, n)), LENGTH_DAYS) for name, (n, d) in VISITS.items()}
    return {name: _told(telling((kept,)), LENGTH_DAYS) for name, kept in KEPT.items()}


def of_journeys(length: int) -> Callable[[Home], Told]:
    """What slower journeys tell by the mean of their day."""

    def told(home: Home) -> Told:
        variance = _variance_of_pace(home)

        def telling(factor: float) -> Telling:
            return lambda strength: log(1 + (factor - 1) * strength) ** 2 / (2 * variance)

        return {name: _told(telling(factor), length) for name, factor in SLOWER.items()}

    return told


def bound(
    homes: Sequence[Told], severity: str, false_alerts: float, measured: float
) -> Bound | None:
    """The bound at a rate of false alerts.

    Args:
        homes: What each home's episode tells.
        severity: Of the episode.
        false_alerts: Per person-month; None is answered where there were none.
        measured: The mean delay in days.
    """
    told = [home[severity] for home in homes if severity in home]
    if not told or false_alerts <= 0:
        return None
    needed = log(max(DAYS_A_MONTH / false_alerts, 1.0))
    days = [_days(one, needed) for one in told]
    found = float(np.mean([len(t) if d is None else d for d, t in zip(days, told, strict=True)]))
    return Bound(
        a_day=float(np.median([np.diff(one, prepend=0.0).max() for one in told])),
        days=found,
        within=sum(day is not None for day in days) / len(days),
        measured=measured,
        efficiency=found / measured if measured > 0 else 0.0,
    )


def bounds(
    homes: Sequence[Told], false_alerts: float, measured: Mapping[str, float]
) -> dict[str, Bound]:
    """The bound by severity, where there is one."""
    found = {
        severity: bound(homes, severity, false_alerts, days) for severity, days in measured.items()
    }
    return {severity: one for severity, one in found.items() if one is not None}


def _days(told: Array, needed: float) -> float | None:
    """After how many days so much has been told; None where it never has."""
    if told[-1] < needed:
        return None
    return float(np.interp(needed, [0.0, *told], np.arange(len(told) + 1)))


def _told(day: Telling, length: int) -> Array:
    """Cumulated over the days of the window, the mean over the ramps that are drawn."""
    curves = []
    for ramp in RAMPS:
        episode = Episode(0, ramp, length)
        curves.append(np.cumsum([day(episode.strength(n)) for n in range(length + 1)]))
    return np.asarray(np.mean(curves, axis=0))


def _moments(counts: Array) -> tuple[float, float]:
    """Mean, and variance divided by the mean."""
    if len(counts) < LEAST_TIMES:
        return LEAST_MEAN, 1.0
    mean = max(float(counts.mean()), LEAST_MEAN)
    return mean, max(float(counts.var(ddof=1)) / mean, LEAST_DISPERSION)


def _variance_of_pace(home: Home) -> float:
    """Variance of a day's mean log ratio of journeys to their usual."""
    journeys, by_day = Journeys(), defaultdict[int, list[float]](list)
    for event in home.events:
        moment = home.calendar.moment(event.at.timestamp())
        if event.kind != Kind.MOTION or moment.hour < MORNING_HOUR:
            continue
        slower = journeys.step(moment.t, event.place)
        if slower is not None:
            by_day[moment.day].append(slower)
    means = [float(np.mean(day)) for day in by_day.values() if len(day) >= LEAST_TIMES]
    return float(np.var(means, ddof=1)) if len(means) > LEAST_TIMES else 1.0
