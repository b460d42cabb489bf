"""Where an instant falls in a person's own day. Days of 23 and 25 hours are ordinary."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec


class Moment(msgspec.Struct, frozen=True, gc=False):
    """An instant and its place in the person's local day.

    Attributes:
        t: Seconds since 1970-01-01T00:00Z.
        day: The local date, as a proleptic ordinal (:meth:`datetime.date.toordinal`).
        second: Wall-clock seconds since local midnight, 0 to 86,399. On the long day of autumn an
            hour comes twice; on the short day of spring one is missing. (Where a zone once put the
            clock back across midnight, the repeated minutes count beyond 86,399.)
    """

    t: float
    day: int
    second: float

    @property
    def hour(self) -> float:
        """Wall-clock hours since local midnight."""
        return self.second / 3600

    @property
    def iso_day(self) -> str:
        """The local date as `YYYY-MM-DD`."""
        return date.fromordinal(self.day).isoformat()


def plain_day(day: int) -> str:
    """A local day (an ordinal) as one says it: `3 May`."""
    found = date.fromordinal(day)
    return f"{found.day} {found:%B}"


@dataclass(frozen=True, slots=True)
class _Day:
    """A local day: its ordinal, and the stretches of one UTC offset that it is made of."""

    ordinal: int
    start: float
    end: float
    change: float  # when the offset changes within the day; `end` on an ordinary day
    midnight_before: float  # wall-clock zero of the day in epoch seconds, before the change
    midnight_after: float


class Calendar:
    """Turns instants into moments of one time zone.

    Remembers the last day it was asked about, so that consecutive events cost two comparisons.
    """

    def __init__(self, time_zone: str) -> None:
        self._zone = ZoneInfo(time_zone)
        self._day = _local_day(self._zone, date(1970, 1, 1).toordinal())

    def moment(self, t: float) -> Moment:
        """The moment `t` seconds after 1970-01-01T00:00Z."""
        day = self._day
        if not day.start <= t < day.end:
            ordinal = datetime.fromtimestamp(t, self._zone).toordinal()
            day = self._day = _local_day(self._zone, ordinal)
        midnight = day.midnight_before if t < day.change else day.midnight_after
        return Moment(t, day.ordinal, t - midnight)

    def at(self, day: int, hour: float) -> float:
        """The first instant of local `day` (an ordinal) when the clock stands at `hour` or later.

        `hour` counts from 0 to 24; 24 is the midnight that ends the day.
        """
        found = _local_day(self._zone, day)
        t = found.midnight_before + hour * 3600
        if t < found.change:
            return t
        return min(max(found.midnight_after + hour * 3600, found.change), found.end)


@lru_cache(maxsize=1024)  # every detector of every home asks for the same days
def _local_day(zone: ZoneInfo, ordinal: int) -> _Day:
    day = date.fromordinal(ordinal)
    start = _epoch(day, zone)
    end = _epoch(day + timedelta(days=1), zone)
    before = _offset(start, zone)
    after = _offset(end - 1, zone)
    change = end
    if before != after:  # find it to the second; it happens twice a year
        low, high = int(start), int(end)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
        change = float(high)
    zero = datetime.combine(day, time(), UTC).timestamp()
    return _Day(ordinal, start, end, change, zero - before, zero - after)


def _epoch(day: date, zone: ZoneInfo) -> float:
    return datetime.combine(day, time(), zone).timestamp()


def _offset(t: float, zone: ZoneInfo) -> float:
    offset = datetime.fromtimestamp(t, zone).utcoffset()
    return offset.total_seconds() if offset is not None else 0.0
