"""The household rule for stillness: nobody seen for so many minutes by day, and not gone out.

Once with the same minutes in every home, and once with a multiple of the person's own 99th
percentile gap. At all limits at once, they are also the frontier that any rule about the length of
a silence alone can reach.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.evaluation.courses import Home, Injected
from simulator.evaluation.gaps import AWAKE, Gaps, gaps, percentile_of_gaps
from simulator.evaluation.homes import Outage
from simulator.evaluation.measures import Array, FloorResult, merged

MINUTES = np.geomspace(10, 720, 50)
TIMES_OWN = np.geomspace(0.5, 60, 50)
DAY_S = 86_400.0
Limits = Callable[[float], Array | None]
"""The limits, in seconds, that stand at an instant; None where they are not known yet."""


class _Rule(NamedTuple):
    """What a rule's limits are called, and how many seconds they are at an instant."""

    limits: Array
    at: Limits


def try_rules(
    home: Home, injected: Sequence[Injected], outages: Sequence[Outage]
) -> dict[str, FloorResult]:
    """Both rules at all their limits."""
    silences = gaps(home.events, home.calendar)
    own = _own(silences)
    rules = {
        "nobody seen for so many minutes": _Rule(MINUTES, lambda _: MINUTES * 60.0),
        "nobody seen for so many times the own 99th percentile gap": _Rule(TIMES_OWN, own),
    }
    return {name: _try(home, silences, rule, injected, outages) for name, rule in rules.items()}


def _own(silences: Gaps) -> Limits:
    known: dict[int, Array | None] = {}

    def at(t: float) -> Array | None:
        day = int(t // DAY_S)
        if day not in known:
            usual = percentile_of_gaps(silences.own(day * DAY_S))
            known[day] = None if usual is None else TIMES_OWN * usual
        return known[day]

    return at


def _try(
    home: Home,
    silences: Gaps,
    rule: _Rule,
    injected: Sequence[Injected],
    outages: Sequence[Outage],
) -> FloorResult:
    limits, at = rule
    raised: list[list[float]] = [[] for _ in limits]
    for start, length, doubtful in zip(
        silences.starts, silences.lengths, silences.doubtful, strict=True
    ):
        allowed = None if doubtful else at(start)
        if allowed is None:
            continue
        for index in np.flatnonzero(allowed < length):
            t = float(start + allowed[index])
            if _awake(t, home) and not any(o.start < t <= o.end for o in outages):
                raised[index].append(t)
    days = int(home.events[-1].at.toordinal() - home.events[0].at.toordinal()) + 1
    delays: defaultdict[str, list[Array]] = defaultdict(list)
    chances: defaultdict[str, list[NDArray[np.float64]]] = defaultdict(list)
    for one in injected:
        delays[one.severity].append(_delay(one, silences, at, len(limits), home))
        by_chance = [any(one.start < t <= one.end for t in times) for times in raised]
        chances[one.severity].append(np.array(by_chance, float))
    return FloorResult(
        home=home.events[0].home,
        limits=limits,
        alerts=np.array([merged(times) for times in raised], float),
        judged=days,
        days=days,
        delays={name: np.array(found) for name, found in delays.items()},
        chances={name: np.array(found) for name, found in chances.items()},
    )


def _delay(one: Injected, silences: Gaps, at: Limits, count: int, home: Home) -> Array:
    """Seconds from the stop to the alert at each limit; NaN where it is too late or never."""
    index, nothing = silences.at(one.start), np.full(count, np.nan)
    allowed = None if silences.doubtful[index] else at(float(silences.starts[index]))
    if allowed is None:
        return nothing
    delay = silences.starts[index] + allowed - one.start
    latest = one.end - one.start if one.deadline is None else one.deadline
    awake = np.array([_awake(one.start + each, home) for each in delay])
    return np.asarray(np.where((delay > 0) & (delay <= latest) & awake, delay, np.nan))


def _awake(t: float, home: Home) -> bool:
    return int(home.calendar.moment(t).hour) in AWAKE
