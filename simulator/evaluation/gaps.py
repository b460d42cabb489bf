"""The silences of a waking person at home: how long one person's ordinarily are.

A silence lies between two signs of life. One that begins and ends at an outer door, or that lasts
four hours or more by day, is taken for being out.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from contract import SensorEvent
from detectors.features.places import EXITS, PERSON_KINDS
from detectors.features.presence import UNSEEN_BY_DAY
from detectors.features.whereabouts import Whereabouts
from detectors.moment import Calendar

AWAKE = range(7, 22)
"""Hours of the local day in which people are taken to be up."""
PERCENTILE = 99.0
LEAST_GAPS = 100
"""With fewer, nothing is said of their 99th percentile."""

Array = NDArray[np.float64]


class Gaps(NamedTuple):
    """The silences of one home, in order.

    Attributes:
        starts, lengths: Epoch seconds, and seconds; shape (n,).
        waking: Whether it began in waking hours, at home as far as one can know afterwards.
        doubtful: Whether it began as one begins that goes out; a rule must not miss them.
    """

    starts: Array
    lengths: Array
    waking: NDArray[np.bool_]
    doubtful: NDArray[np.bool_]

    def at(self, t: float) -> int:
        """The number of the silence in which `t` lies; -1 before the first."""
        return bisect_right(self.starts, t) - 1

    def own(self, before: float) -> Array:
        """The waking silences at home that were over by `before`, in seconds."""
        over = self.starts + self.lengths <= before
        return np.asarray(self.lengths[over & self.waking])


def gaps(events: Sequence[SensorEvent], calendar: Calendar) -> Gaps:
    """The silences between a home's signs of life."""
    where = Whereabouts()
    found: list[tuple[float, float, bool, bool]] = []
    for event in events:
        if event.kind not in PERSON_KINDS:
            continue
        start, doubtful = where.t, where.perhaps_out
        length = where.notice(event.at.timestamp(), event.place)
        if start is None or length is None:
            continue
        out = (doubtful and event.place in EXITS) or length >= UNSEEN_BY_DAY
        waking = int(calendar.moment(start).hour) in AWAKE and not out
        found.append((start, length, waking, doubtful))
    columns = np.array(found, float).reshape(-1, 4).T
    return Gaps(columns[0], columns[1], columns[2] > 0, columns[3] > 0)


def percentile_of_gaps(own: Array) -> float | None:
    """The length that one silence in a hundred exceeds, in seconds; None of too few."""
    return float(np.percentile(own, PERCENTILE)) if len(own) >= LEAST_GAPS else None


def percentile_of_moments(own: Array) -> float | None:
    """The length of the silence in which one waking moment in a hundred lies; None of too few.

    A long silence holds more moments than a short one, so this is longer by far.
    """
    if len(own) < LEAST_GAPS:
        return None
    ordered = np.sort(own)
    share = np.cumsum(ordered) / ordered.sum()
    return float(ordered[min(int(np.searchsorted(share, PERCENTILE / 100)), len(ordered) - 1)])
