"""What trials come to: false alerts, hits, delay, chance, coverage, and their spread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from detectors.models.change import DAYS_A_MONTH

DAY_S = 86_400.0
SAME_ALERT_S = 3 * DAY_S
"""Alerts of one condition so close together are one."""
RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Trial:
    """One injected episode.

    Attributes:
        severity: As its subject names it.
        delay: Seconds from onset to the alert; None where there was none.
        chance: Whether the same window of the untouched home holds an alert anyway.
    """

    severity: str
    delay: float | None
    chance: bool


@dataclass(slots=True)
class HomeResult:
    """One contender in one home.

    Attributes:
        home: Whose.
        alerts: On untouched days, those close together taken as one.
        judged, days: Days with an answer, and days in all.
        exposed: Days that false alerts are set against: the judged ones, for what is judged over
            days; all, for what may alert at any minute.
        trials: The injected episodes.
    """

    home: str
    alerts: int
    judged: int
    days: int
    exposed: int
    trials: list[Trial] = field(default_factory=list)


def merged(times: Sequence[float]) -> int:
    """How many alerts there were, each within three days of one before taken as the same."""
    count, last = 0, float("-inf")
    for t in sorted(times):
        if t - last > SAME_ALERT_S:
            count += 1
            last = t
    return count


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the interval that holds it in 95 of 100 resamplings of the homes."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Hits among the episodes of one severity.

    Attributes:
        share: Of episodes with an alert in their window.
        chance: The share whose window held an alert without the episode.
        delay: Mean seconds from onset to the alert, of the hits.
        delays: Those of all episodes, None where there was no alert.
    """

    share: Figure
    chance: float
    delay: float | None
    delays: list[float | None]


@dataclass(frozen=True, slots=True)
class Summary:
    """One contender over all homes.

    Attributes:
        homes, months, episodes: How much there was; alerts are set against these person-months.
        false_alerts: A person-month.
        worst: The 90th percentile of that over homes.
        coverage: Share of days with an answer.
        sensitivity: By severity.
    """

    homes: int
    months: float
    episodes: int
    false_alerts: Figure
    worst: float
    coverage: float
    sensitivity: dict[str, Sensitivity]


def summarise(results: Sequence[HomeResult], rng: np.random.Generator) -> Summary:
    """Adds up homes; `results` holds at least one."""
    severities = list(dict.fromkeys(t.severity for r in results for t in r.trials))
    months = sum(result.exposed for result in results) / DAYS_A_MONTH
    rates = [_rate([result]) for result in results if result.exposed]
    return Summary(
        homes=len(results),
        months=months,
        episodes=sum(len(result.trials) for result in results),
        false_alerts=_figure(results, _rate, rng),
        worst=float(np.percentile(rates, 90)) if rates else 0.0,
        coverage=sum(r.judged for r in results) / max(sum(r.days for r in results), 1),
        sensitivity={name: _sensitivity(results, name, rng) for name in severities},
    )


def _sensitivity(
    results: Sequence[HomeResult], severity: str, rng: np.random.Generator
) -> Sensitivity:
    def share(some: Sequence[HomeResult]) -> float:
        trials = [t for r in some for t in r.trials if t.severity == severity]
        return sum(t.delay is not None for t in trials) / max(len(trials), 1)

    trials = [t for r in results for t in r.trials if t.severity == severity]
    delays = [t.delay for t in trials if t.delay is not None]
    return Sensitivity(
        share=_figure(results, share, rng),
        chance=sum(t.chance for t in trials) / max(len(trials), 1),
        delay=sum(delays) / len(delays) if delays else None,
        delays=[t.delay for t in trials],
    )


def _rate(results: Sequence[HomeResult]) -> float:
    """False alerts per person-month."""
    exposed = sum(result.exposed for result in results)
    return sum(result.alerts for result in results) / max(exposed, 1) * DAYS_A_MONTH


def _figure(
    results: Sequence[HomeResult],
    measure: Callable[[Sequence[HomeResult]], float],
    rng: np.random.Generator,
) -> Figure:
    """The measure, with a bootstrap over homes."""
    draws = rng.integers(len(results), size=(RESAMPLES, len(results)))
    found = [measure([results[i] for i in draw]) for draw in draws]
    low, high = np.percentile(found, (2.5, 97.5))
    return Figure(measure(results), float(low), float(high))
