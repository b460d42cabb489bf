"""The clock on the wall of a home, asked for the same days again and again."""

from functools import cache
from typing import Final

from detectors.moment import Calendar, Moment

_ORDINARY_S: Final = 86_400.0
_NEVER: Final = float("-inf"), 0


class Clock:
    """A wall clock of one time zone."""

    def __init__(self, time_zone: str) -> None:
        self._calendar = Calendar(time_zone)
        self._days: dict[int, tuple[float, bool]] = {}
        self._ordinary: dict[int, tuple[float, int]] = {}

    def moment(self, t: float) -> Moment:
        """The moment `t` seconds after 1970-01-01T00:00Z."""
        slot = int(t // _ORDINARY_S)
        for began in (slot, slot - 1):
            midnight, day = self._ordinary.get(began, _NEVER)
            if 0 <= t - midnight < _ORDINARY_S:
                return Moment(t, day, t - midnight)
        moment = self._calendar.moment(t)
        midnight, ordinary = self._day(moment.day)
        if ordinary:
            self._ordinary[int(midnight // _ORDINARY_S)] = midnight, moment.day
        return moment

    def at(self, day: int, hour: float) -> float:
        """When the clock of a local day stands at an hour; hours beyond 24 are of the next day."""
        if not 0 <= hour < 24:  # noqa: PLR2004 - a day
            day, hour = day + int(hour // 24), hour % 24
        midnight, ordinary = self._days.get(day) or self._day(day)
        return midnight + hour * 3600 if ordinary else self._calendar.at(day, hour)

    def changes(self, start: float, end: float) -> bool:
        """Whether the clock is put forward or back on one of the days from `start` to `end`."""
        days = range(self.moment(start).day, self.moment(end).day + 1)
        return any(not self._day(day)[1] for day in days)

    def _day(self, day: int) -> tuple[float, bool]:
        known = self._days.get(day)
        if known is None:
            midnight, end = self._calendar.at(day, 0), self._calendar.at(day, 24)
            known = self._days[day] = (midnight, end - midnight == _ORDINARY_S)
        return known


@cache
def clock_of(time_zone: str) -> Clock:
    """The clock of a time zone, shared by all homes in it."""
    return Clock(time_zone)
