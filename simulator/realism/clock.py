"""The wall clock of a home, for whole arrays of instants at once."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DAY_S = 86_400
HOUR_S = 3_600
_EPOCH = date(1970, 1, 1)


class WallClock:
    """One time zone, whose offsets change on the hour.

    Days are told as whole days since 1970-01-01 on the wall.
    """

    def __init__(self, time_zone: str) -> None:
        self._zone = ZoneInfo(time_zone)

    def wall(self, t: Floats) -> Floats:
        """Seconds since 1970-01-01 00:00 on the wall, for instants in epoch seconds, shape (n,)."""
        hours, where = np.unique((t // HOUR_S).astype(np.int64), return_inverse=True)
        offsets = np.array([self._offset(int(hour) * HOUR_S) for hour in hours], dtype=np.float64)
        return t + offsets[where] if len(t) else t.copy()

    def hours_of(self, days: Ints) -> Floats:
        """When each full hour from 0 to 24 began on each day, in epoch seconds, shape (n, 25).

        An hour that spring leaves out begins with the one after it; of two that autumn shows, the
        first counts.
        """
        found = np.empty((len(days), 25))
        for row, day in zip(found, days, strict=True):
            row[:24] = [self._instant(int(day), hour) for hour in range(24)]
            row[24] = self._instant(int(day) + 1, 0)
        return np.maximum.accumulate(found, axis=1)

    def _offset(self, t: int) -> float:
        offset = datetime.fromtimestamp(t, UTC).astimezone(self._zone).utcoffset()
        return (offset or timedelta()).total_seconds()

    def _instant(self, day: int, hour: int) -> float:
        on = _EPOCH + timedelta(days=day)
        return datetime(on.year, on.month, on.day, hour, tzinfo=self._zone).timestamp()


def weekday(days: Ints) -> Ints:
    """0 on Mondays to 6 on Sundays, for days since 1970-01-01 (a Thursday)."""
    return (days + 3) % 7
