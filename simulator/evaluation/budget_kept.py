"""Whether the false alerts that were asked for are those that came."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, floor

import numpy as np

from detectors.models.change import DAYS_A_MONTH
from simulator.evaluation.measures import Tally
from simulator.evaluation.summary import Figure, Summary

WITHIN = 0.25
"""A budget is kept on average if what came is within this share of it."""
MOST = 4.0
"""A budget is kept everywhere if no home has more than so many times it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One budget, asked and measured.

    Attributes:
        asked: False alerts per person-month.
        ratio: Measured divided by asked, all homes together.
        within: Whether that is within a quarter of 1.
        mean_home: The mean of that ratio over homes, however long each was watched.
        worst: The greatest such ratio of any home.
        above: How many homes have more than four times what was asked.
        above_by_chance: How many would, on average, if alerts came at random at exactly the budget:
            a single alert in a short recording is already more than four times a small budget.
    """

    asked: float
    ratio: Figure
    within: bool
    mean_home: float
    worst: float
    above: int
    above_by_chance: float


def kept(summary: Summary, one: Tally) -> Kept:
    """Sets what came beside what was asked."""
    asked, rate = summary.budget, summary.false_alerts
    months = one.exposed / DAYS_A_MONTH
    ratio = Figure(rate.value / asked, rate.low / asked, rate.high / asked)
    return Kept(
        asked=asked,
        ratio=ratio,
        within=abs(ratio.value - 1) <= WITHIN,
        mean_home=float(np.mean(list(summary.by_home.values()) or [0.0])) / asked,
        worst=summary.worst / asked,
        above=int(np.sum(one.alerts[:, 0] > MOST * asked * months)),
        above_by_chance=float(
            sum(_more_than(MOST * asked * m, asked * m) for m in months if m > 0)
        ),
    )


def _more_than(limit: float, mean: float) -> float:
    """The chance that a Poisson count of that mean is above the limit."""
    term, total = exp(-mean), 0.0
    for n in range(floor(limit) + 1):
        total += term
        term *= mean / (n + 1)
    return max(1.0 - total, 0.0)


def all_kept(found: Mapping[str, Kept]) -> bool:
    """Whether every budget is kept on average, and none in any home exceeded fourfold."""
    return all(one.within and not one.above for one in found.values())
