"""One contender over all homes: its figures, each with the interval over resampled homes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detectors.models.change import DAYS_A_MONTH
from simulator.evaluation.measures import (
    RESAMPLES,
    Array,
    HomeResult,
    Tally,
    tally,
    weights,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the interval that holds it in 95 of 100 resamplings of the homes."""

    value: float
    low: float
    high: float


def figure(value: float, draws: Array) -> Figure:
    """A figure from its value and what the resamplings gave."""
    low, high = np.percentile(draws, (2.5, 97.5))
    return Figure(value, float(low), float(high))


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Hits among the episodes of one severity.

    Attributes:
        episodes: How many.
        share: Of episodes with an alert in time.
        chance: The share whose window held an alert without the episode.
        delay: Mean seconds from onset to the alert, of the hits.
        restricted: The same with each miss taken as a hit at the very end of its window.
        judged: How many episodes were judged, not blind, on at least half of their days.
        judged_share: Of those, the share with an alert in time.
        by_home: Of each home's episodes, the share with an alert in time.
        delays: Those of all episodes, None where there was no alert.
        missed: How many were not hit, by why; see :data:`REASONS`.
    """

    episodes: int
    share: Figure
    chance: float
    delay: float | None
    restricted: float
    judged: int
    judged_share: Figure
    by_home: dict[str, float]
    delays: list[float | None]
    missed: dict[str, int]


@dataclass(frozen=True, slots=True)
class Summary:
    """One contender over all homes.

    Attributes:
        budget: False alerts per person-month that were asked for.
        default: Whether a hub asks for that unless told otherwise.
        homes, months, episodes: How much there was; alerts are set against these person-months.
        false_alerts: A person-month.
        p90: The 90th percentile of that over homes.
        worst: Of the home that fares worst.
        by_home: Of each home.
        coverage: Share of days with an answer.
        settled: The same of the days after day 14.
        sensitivity: By severity.
    """

    budget: float
    default: bool
    homes: int
    months: float
    episodes: int
    false_alerts: Figure
    p90: float
    worst: float
    by_home: dict[str, float]
    coverage: float
    settled: float
    sensitivity: dict[str, Sensitivity]


def summarise(
    results: Sequence[HomeResult],
    rng: np.random.Generator,
    *,
    budget: float = 0.0,
    default: bool = False,
    resamples: int = RESAMPLES,
) -> Summary:
    """Adds up homes; `results` holds at least one."""
    every, seen = tally(results), tally(results, judged=True)
    draws = weights(len(results), rng, resamples)
    once = np.ones(len(results))
    by_home = {r.home: r.alerts / r.exposed * DAYS_A_MONTH for r in results if r.exposed}
    rates = list(by_home.values()) or [0.0]
    return Summary(
        budget=budget,
        default=default,
        homes=len(results),
        months=float(every.exposed.sum()) / DAYS_A_MONTH,
        episodes=sum(len(result.trials) for result in results),
        false_alerts=figure(float(every.rates(once)[0]), every.rates(draws)[:, 0]),
        p90=float(np.percentile(rates, 90)),
        worst=max(rates),
        by_home=by_home,
        coverage=float(every.judged.sum() / max(every.days.sum(), 1.0)),
        settled=sum(r.settled[0] for r in results) / max(sum(r.settled[1] for r in results), 1),
        sensitivity={
            name: _sensitivity(results, name, every, seen, draws, budget=budget)
            for name in every.episodes
        },
    )


def _sensitivity(
    results: Sequence[HomeResult],
    severity: str,
    every: Tally,
    seen: Tally,
    draws: Array,
    *,
    budget: float,
) -> Sensitivity:
    once = np.ones(len(results))
    trials = [t for r in results for t in r.trials if t.severity == severity]
    hits = [t.delay for t in trials if t.hit and t.delay is not None]
    held = [t.delay if t.hit and t.delay is not None else t.window for t in trials]
    return Sensitivity(
        episodes=len(trials),
        share=_share(every, severity, once, draws),
        chance=sum(t.chance for t in trials) / max(len(trials), 1),
        delay=sum(hits) / len(hits) if hits else None,
        restricted=sum(held) / max(len(held), 1),
        judged=int(seen.episodes[severity].sum()),
        judged_share=_share(seen, severity, once, draws),
        by_home=_by_home(every, severity),
        delays=[t.delay for t in trials],
        missed=dict(Counter(t.missed(budget) for t in trials if not t.hit)),
    )


def _by_home(every: Tally, severity: str) -> dict[str, float]:
    hits, episodes = every.hits[severity][:, 0], every.episodes[severity]
    return {
        home: float(hit / count)
        for home, hit, count in zip(every.homes, hits, episodes, strict=True)
        if count
    }


def _share(one: Tally, severity: str, once: Array, draws: Array) -> Figure:
    return figure(float(one.shares(severity, once)[0]), one.shares(severity, draws)[:, 0])
