"""A lasting change of routine: when it is believed, and from which day the new usual counts."""

from collections.abc import Sequence
from datetime import date

import msgspec
import numpy as np

from detectors.features.kept_days import LEARNED, KeptDay
from detectors.features.measures import BY_NAME
from detectors.scorers.baseline import Baseline

LASTING_DAYS = 14
"""What has lasted so long is no illness of a week, and becomes the usual."""
LEAST_DAYS = 10
"""Days since a change that must have been seen, for a new usual to stand on."""
CHECKED = 7
CONFIRMED_DAYS = 8
"""So long after it was noticed a change must still be there; an illness has passed by then."""
LEAST_SIDE = 3
"""Days at least on either side of a change."""
TOLD_DAYS = 14
"""For so long an answer mentions that the usual has changed."""


class Change(msgspec.Struct):
    """A change that may last, or that has.

    Attributes:
        measures: In which it showed; empty where an alert has simply not cleared.
        since: The first day of the new routine, as an ordinal.
        noticed_on: When it became certain that there was a change.
        taken_on: When it became the usual; None while it is waited for.
    """

    measures: list[str]
    since: int
    noticed_on: int
    taken_on: int | None = None

    @property
    def text(self) -> str:
        """What is said of it once it is the usual."""
        where = ", ".join(BY_NAME[name].label.lower() for name in self.measures)
        of = f" ({where})" if where else ""
        since = date.fromordinal(self.since)
        return (
            f"The routine has been another since about {since.day} {since:%B}{of}; "
            "it now counts as the usual."
        )


def noticed(measures: Sequence[str], days: Sequence[KeptDay]) -> Change:
    """The change that the last of the days makes certain in some measures.

    A drift detector says that there was a change, rarely when: so the day is the one that best
    divides the days into two levels, the latest where the measures differ.
    """
    began = max(_began(name, days) for name in measures)
    return Change(sorted(measures), began, noticed_on=days[-1].day)


def _began(measure: str, days: Sequence[KeptDay]) -> int:
    """The first day of the later of two levels: the split that explains most of the variance.

    Source: Hawkins, Testing a Sequence of Observations for a Shift in Location, JASA 72, 1977.
    """
    seen = [one for one in days if measure in one.measures]
    values = np.array([BY_NAME[measure].even(one.measures[measure]) for one in seen])
    if len(values) < 2 * LEAST_SIDE:
        return days[-1].day
    splits = np.arange(LEAST_SIDE, len(values) - LEAST_SIDE + 1)
    before = np.cumsum(values)[splits - 1]
    after = values.sum() - before
    beyond = len(values) - splits
    gain = before**2 / splits + after**2 / beyond
    return seen[int(splits[int(np.argmax(gain))])].day


def lasts(change: Change, days: Sequence[KeptDay], baseline: Baseline) -> bool | None:
    """Whether a change has lasted; None while it is too early to say."""
    since = [one for one in days if one.day >= change.since]
    today = days[-1].day
    lasted, waited = today - change.since + 1, today - change.noticed_on
    if lasted < LASTING_DAYS or waited < CONFIRMED_DAYS or len(since) < LEAST_DAYS:
        return None
    return not change.measures or baseline.still_off(change.measures, since[-CHECKED:])


def taken(change: Change, days: Sequence[KeptDay]) -> list[KeptDay]:
    """The days since a change, all of them part of the new usual."""
    return [
        msgspec.structs.replace(one, standing=LEARNED) for one in days if one.day >= change.since
    ]
