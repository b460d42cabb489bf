"""Whether somebody can be called now, by weekly hours and exceptions in the home's zone. Pure."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

_DAY = timedelta(days=1)
_CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"

Weekday = Annotated[int, msgspec.Meta(ge=0, le=6)]
ClockFace = Annotated[str, msgspec.Meta(pattern=_CLOCK)]


class Hours(msgspec.Struct, frozen=True, kw_only=True):
    """Hours of a week.

    Attributes:
        days: On which days they begin; Monday is 0.
        begin, end: Local times as `09:00`. An `end` at or before `begin` is on the next day.
    """

    days: Annotated[list[Weekday], msgspec.Meta(min_length=1, max_length=7)]
    begin: ClockFace = "00:00"
    end: ClockFace = "00:00"


class Exceptional(msgspec.Struct, frozen=True, kw_only=True):
    """Days on which the week does not hold.

    Attributes:
        first, last: Local days, both of them included.
        available: All day (true) or not at all (a holiday).
    """

    first: date
    last: date
    available: bool = False


def available(
    hours: Sequence[Hours], exceptions: Sequence[Exceptional], now: datetime, time_zone: str
) -> bool:
    """Whether somebody can be called at `now`.

    An exception stands above the week, a later one in the list above an earlier. Whoever has no
    hours can always be called.

    Args:
        hours: Of the week.
        exceptions: Of single days.
        now: With its offset.
        time_zone: The home's, as an IANA name.
    """
    local = now.astimezone(ZoneInfo(time_zone))
    for one in reversed(exceptions):
        if one.first <= local.date() <= one.last:
            return one.available
    return not hours or any(_within(one, local) for one in hours)


def _within(hours: Hours, local: datetime) -> bool:
    begin, end = time.fromisoformat(hours.begin), time.fromisoformat(hours.end)
    at = local.time()
    today, before = local.weekday(), (local.date() - _DAY).weekday()
    if begin < end:
        return today in hours.days and begin <= at < end
    return (today in hours.days and at >= begin) or (before in hours.days and at < end)
