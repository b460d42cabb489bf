"""Why a day says nothing about a person's routine: absence, visitors, lost sensors."""

from collections.abc import Sequence
from itertools import islice
from statistics import median

from detectors.features.day_vector import DayMeasures
from detectors.features.kept_days import LEARNED, KeptDay
from detectors.features.measures import PARTS, THINGS
from detectors.features.places import plain

LEAST_SEEN = 0.5
"""The share of a day in which a person must have been there to be seen."""
LEAST_MEASURES = 4
VISITORS = 1.8
"""With so many times the usual movement it is not one person's day that one sees."""
RECENT = 14
ENOUGH = 5
"""Days from which on it is known what is usual here."""
OFTEN = 10
"""What speaks so many times a day and is silent for a whole one is the sensor's silence."""


def hindrance(measured: DayMeasures, days: Sequence[KeptDay]) -> str:
    """Why the day cannot be judged, in a sentence; empty if it can.

    Args:
        measured: The day.
        days: Those before it, oldest first.
    """
    if (unseen := 1.0 - measured.seen) > 1.0 - LEAST_SEEN:
        if measured.out > unseen / 2:
            return f"Out of the home, or not to be seen, for {unseen:.0%} of the day."
        return f"Nobody was seen for {unseen:.0%} of the day."
    if len(measured.measures) < LEAST_MEASURES:
        return "Too few sensors spoke to tell one day from another."
    lost = [name for name in measured.silent if _often(name, _usual(days))]
    if lost:
        names = ", ".join(plain(name) for name in lost)
        return f"Nothing all day from: {names}; a sensor may be lost."
    return ""


def visited(measured: DayMeasures, days: Sequence[KeptDay]) -> bool:
    """Whether there was so much movement that others must have been there."""
    usual = [one["activity"] for one in _usual(days) if "activity" in one]
    if len(usual) < ENOUGH:
        return False
    return measured.measures.get("activity", 0.0) > VISITORS * max(median(usual), 1.0)


def _usual(days: Sequence[KeptDay]) -> list[dict[str, float]]:
    """The measures of the last days that count as usual."""
    newest_first = (one for one in reversed(days) if one.standing == LEARNED)
    return [one.measures for one in islice(newest_first, RECENT)]


def _often(name: str, usual: list[dict[str, float]]) -> bool:
    """Whether a room or thing speaks so often that a day without it is no chance."""
    parts = [f"{name}_uses"] if name in THINGS else [f"visits_{name}_{part}" for part in PARTS]
    counts = [sum(one.get(part, 0.0) for part in parts) for one in usual]
    return len(counts) >= ENOUGH and median(counts) >= OFTEN
