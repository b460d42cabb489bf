"""What staff recorded of a person's earlier alerts makes the next ones sooner or later.

Each outcome multiplies the budget of its condition by a step; its say halves every three months.
The answer depends on nothing but the outcomes and the day, so that an outcome taken back leaves no
trace, and the order in which they were recorded does not matter. It stays within bounds: many false
alarms make a person's alerts rarer, but never silent.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from math import exp, fsum, log
from typing import NamedTuple

import msgspec

from contract import SEVERITY, Condition, Outcome, Severity

HALF_LIFE_DAYS = 90
STEPS: dict[str, float] = {
    Outcome.TRUE_CONCERN: 1.2,
    Outcome.KNOWN_REASON: 0.85,
    Outcome.FALSE_ALARM: 0.75,
}
"""By what a fresh outcome multiplies the budget. What is not named says nothing of the person:
nobody was reached, a sensor was at fault, it was a test."""
SLIGHT = 0.03
"""A factor nearer to 1 than this is not worth a word."""


class Bounds(NamedTuple):
    """The least and the most that a budget may be multiplied by."""

    least: float
    most: float


BOUNDS: dict[str, Bounds] = {
    Severity.URGENT: Bounds(0.6, 1.5),  # who may lie on the floor is not to wait for long
    Severity.ADVISORY: Bounds(0.4, 1.5),
    Severity.TECHNICAL: Bounds(0.4, 1.5),
}


class Recorded(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one alert of the home turned out to be.

    Attributes:
        condition: Which alert it was.
        outcome: What staff recorded.
        on: The day on which they did. It counts from that day on, never before.
    """

    condition: Condition
    outcome: Outcome
    on: date


def factor(condition: str, outcomes: Iterable[Recorded], day: int) -> float:
    """By what the budget of a condition is multiplied on a day.

    Args:
        condition: Outcomes of others do not count.
        outcomes: In any order.
        day: The local day, as an ordinal.
    """
    steps = (
        _say(one, day) * log(_step(one))
        for one in outcomes
        if one.condition == condition and one.on.toordinal() <= day
    )
    bounds = BOUNDS[SEVERITY.get(condition, Severity.TECHNICAL)]
    return min(max(exp(fsum(steps)), bounds.least), bounds.most)  # fsum: in any order the same


def reason(condition: str, outcomes: Sequence[Recorded], day: int) -> str:
    """Why alerts are raised sooner or later, in one sentence; empty where they are not."""
    found = factor(condition, outcomes, day)
    if abs(found - 1) < SLIGHT:
        return ""
    heard = [one for one in outcomes if one.condition == condition and _is_heard(one, day)]
    last = max(one.on for one in heard)
    when = f"{'the last ' if len(heard) > 1 else ''}on {last.day} {last:%B %Y}"
    direction = "later" if found < 1 else "sooner"
    return f"Alerts {direction} than usual: staff recorded {_counted(heard)}, {when}."


def _step(one: Recorded) -> float:
    if one.outcome == Outcome.EQUIPMENT and SEVERITY.get(one.condition) == Severity.TECHNICAL:
        return STEPS[Outcome.TRUE_CONCERN]  # what such an alert is for
    return STEPS.get(one.outcome, 1.0)


def _say(one: Recorded, day: int) -> float:
    """What is left of an outcome's say, from 0 to 1."""
    return float(2.0 ** (-(day - one.on.toordinal()) / HALF_LIFE_DAYS))


def _is_heard(one: Recorded, day: int) -> bool:
    return one.on.toordinal() <= day and _step(one) != 1.0


_NAMES = {
    Outcome.TRUE_CONCERN: ("a real concern", "{} real concerns"),
    Outcome.KNOWN_REASON: ("a known reason", "{} known reasons"),
    Outcome.FALSE_ALARM: ("a false alarm", "{} false alarms"),
    Outcome.EQUIPMENT: ("an equipment fault", "{} equipment faults"),
}


def _counted(heard: Iterable[Recorded]) -> str:
    counts = Counter(one.outcome for one in heard)
    words = [
        one if counts[outcome] == 1 else many.format(counts[outcome])
        for outcome, (one, many) in _NAMES.items()
        if counts[outcome]
    ]
    return " and ".join(words)
