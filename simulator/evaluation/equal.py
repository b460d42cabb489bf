"""Floors at equal false alerts: what a floor finds when it may raise as many as our detector does.

A floor has many limits. Between two of them one may be drawn by chance for each alert, so that what
it finds at any number of false alerts lies on the line between. Only limits that no other beats on
both counts are kept. The floor's limit is thus chosen with the judged homes in view, ours is not:
the comparison favours the floor.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simulator.evaluation.measures import Array, Tally, weights
from simulator.evaluation.summary import Figure, figure


@dataclass(frozen=True, slots=True)
class Against:
    """One floor beside our detector.

    Attributes:
        false_alerts: Those of our detector, and so the floor's.
        share: What the floor finds at them, by severity.
        difference: Ours less the floor's, over the same resampled homes, by severity.
        delay: Mean seconds to the floor's hits at the nearest limit that raises no more, by
            severity; None where it finds nothing.
    """

    false_alerts: float
    share: dict[str, float]
    difference: dict[str, Figure]
    delay: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Point:
    """A floor at one limit."""

    limit: float
    false_alerts: float
    share: dict[str, float]


def at_equal(rates: Array, shares: Array, rate: float) -> float:
    """The share found at `rate` false alerts.

    Args:
        rates: False alerts per person-month at each limit; shape (limits,).
        shares: What it finds there.
        rate: False alerts per person-month.
    """
    order = np.lexsort((shares, rates))
    return float(
        np.interp(
            rate,
            np.concatenate([[0.0], rates[order]]),
            np.maximum.accumulate(np.concatenate([[0.0], shares[order]])),
        )
    )


def against(ours: Tally, floor: Tally, rng: np.random.Generator, resamples: int) -> Against:
    """Sets a floor beside our detector, on the homes that both have."""
    draws, once = weights(len(ours.homes), rng, resamples), np.ones(len(ours.homes))
    rate = float(ours.rates(once)[0])
    our_rates, floor_rates = ours.rates(draws)[:, 0], floor.rates(draws)
    share, difference, delay = {}, {}, {}
    for severity in ours.episodes:
        found = at_equal(floor.rates(once), floor.shares(severity, once), rate)
        ours_found = float(ours.shares(severity, once)[0])
        ours_drawn, floor_drawn = ours.shares(severity, draws)[:, 0], floor.shares(severity, draws)
        paired = np.array(
            [
                mine - at_equal(rates, shares, of)
                for mine, of, rates, shares in zip(
                    ours_drawn, our_rates, floor_rates, floor_drawn, strict=True
                )
            ]
        )
        share[severity] = found
        difference[severity] = figure(ours_found - found, paired)
        delay[severity] = _delay(floor, severity, rate)
    return Against(rate, share, difference, delay)


def best(floors: Mapping[str, Against], severity: str) -> str:
    """The name of the floor that finds most at equal false alerts."""
    return max(floors, key=lambda name: floors[name].share.get(severity, 0.0))


def curve(limits: Array, floor: Tally) -> list[Point]:
    """A floor at each of its limits."""
    once = np.ones(len(floor.homes))
    rates = floor.rates(once)
    shares = {severity: floor.shares(severity, once) for severity in floor.episodes}
    return [
        Point(
            float(limit), float(rates[i]), {name: float(all_[i]) for name, all_ in shares.items()}
        )
        for i, limit in enumerate(limits)
    ]


def _delay(floor: Tally, severity: str, rate: float) -> float | None:
    once = np.ones(len(floor.homes))
    rates, hits = floor.rates(once), floor.hits[severity].sum(axis=0)
    allowed = np.flatnonzero((rates <= rate) & (hits > 0))
    if not len(allowed):
        return None
    index = allowed[int(np.argmax(hits[allowed]))]
    return float(floor.delay[severity].sum(axis=0)[index] / hits[index])
