"""Why a day says nothing about a person's routine: absence, visitors, lost sensors."""

from collections.abc import Sequence
from itertools import islice
from statistics import median

from detectors.features.day_vector import DayMeasures
from detectors.features.kept_days import LEARNED, KeptDay

LEAST_SEEN = 0.5
"""The share of a day in which a person must have been there to be seen."""
LEAST_MEASURES = 8
VISITORS = {"activity": 1.8, "room_changes": 2.5}
"""With so many times the usual movement it is not one person's day that one sees."""
RECENT = 14
ENOUGH = 5
"""Days from which on it is known what is usual here."""
LEAST_USUAL = 10.0
"""Far more than next to nothing is not yet much."""


def hindrance(measured: DayMeasures) -> str:
    """Why the day cannot be judged, in a sentence; empty if it can.

    Args:
        measured: The day.
    """
    if (unseen := 1.0 - measured.seen) > 1.0 - LEAST_SEEN:
        if measured.out > unseen / 2:
            return f"Out of the home, or not to be seen, for {unseen:.0%} of the day."
        return f"Nobody was seen for {unseen:.0%} of the day."
    if len(measured.measures) < LEAST_MEASURES:
        return "Too few sensors spoke to tell one day from another."
    if measured.silent:
        return f"Nothing all day from: {', '.join(measured.silent)}; a sensor may be lost."
    return ""


def visited(measured: DayMeasures, days: Sequence[KeptDay]) -> bool:
    """Whether there was so much movement that others must have been there.

    Stretches with movement are full when one person is busy; changes from room to room are not.
    """
    newest_first = (one for one in reversed(days) if one.standing == LEARNED)
    usual = [one.measures for one in islice(newest_first, RECENT)]
    return any(_far_more(name, measured.measures, usual) for name in VISITORS)


def _far_more(name: str, today: dict[str, float], usual: list[dict[str, float]]) -> bool:
    known = [one[name] for one in usual if name in one]
    if len(known) < ENOUGH:
        return False
    return today.get(name, 0.0) > VISITORS[name] * max(median(known), LEAST_USUAL)
