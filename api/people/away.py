"""When somebody was on record as away, or as not to be watched, and which days that takes.

What a home's sensors tell meanwhile tells nothing of how its people live: noughts of a stay in
hospital are no loss of ability. It goes by what is on record, whether or not a hub had heard of it.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from api.people.sql import SQL
from api.store.database import Connection

WAKING = (time(7), time(23))
"""The hours of a local day that a day is told by."""
ASLEEP = (time(23), time(6))
"""The hours of a night, of which the second is of the day behind."""
PART = 0.25
"""With so much of its waking hours away, four of sixteen, a day counts as away. Somebody who was
away for less has nearly a whole day left; with more gone, what is left of the day is a quarter less
by the absence alone, which is what lists of people to call ask about."""
_DAY = timedelta(days=1)
_SITUATIONS = frozenset({"away", "hospital", "paused"})


class Stretch(NamedTuple):
    """From when until when; the end is not within."""

    begins: datetime
    ends: datetime


def overlap(stretches: Sequence[Stretch], begins: datetime, ends: datetime) -> timedelta:
    """How much of a time lies within stretches that do not overlap each other; instants in UTC."""
    return sum(
        (max(min(ends, one.ends) - max(begins, one.begins), timedelta()) for one in stretches),
        timedelta(),
    )


def days_away(
    stretches: Sequence[Stretch], first: date, last: date, zone: ZoneInfo
) -> frozenset[date]:
    """The local days that count as away, of those from `first` to `last`, both inclusive.

    Args:
        stretches: Apart from each other.
        first: The first day.
        last: The last one.
        zone: By whose clock days and hours are told.
    """
    return _away(stretches, first, last, zone, _waking)


def nights_away(
    stretches: Sequence[Stretch], first: date, last: date, zone: ZoneInfo
) -> frozenset[date]:
    """The same of nights, by the local day that each ends on."""
    return _away(stretches, first, last, zone, _night)


_Hours = Callable[[date, ZoneInfo], Stretch]
"""From when until when a day, or a night, is told by."""


def _away(
    stretches: Sequence[Stretch], first: date, last: date, zone: ZoneInfo, hours: _Hours
) -> frozenset[date]:
    gone: dict[date, timedelta] = defaultdict(timedelta)
    for one in stretches:
        day = max(first, one.begins.astimezone(zone).date())
        # A night begins on the day before the one that it is of.
        while day <= min(last, one.ends.astimezone(zone).date() + timedelta(days=1)):
            gone[day] += overlap([one], *hours(day, zone))
            day += timedelta(days=1)
    return frozenset(day for day, part in gone.items() if part and part >= _least(day, zone, hours))


@lru_cache(1024)  # a list asks for the same month of thousands of homes
def _waking(day: date, zone: ZoneInfo) -> Stretch:
    return Stretch(instant(day, WAKING[0], zone), instant(day, WAKING[1], zone))


@lru_cache(1024)
def _night(day: date, zone: ZoneInfo) -> Stretch:
    evening = day - timedelta(days=1)
    return Stretch(instant(evening, ASLEEP[0], zone), instant(day, ASLEEP[1], zone))


def _least(day: date, zone: ZoneInfo, hours: _Hours) -> timedelta:
    begins, ends = hours(day, zone)
    return PART * (ends - begins)


def instant(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """An hour of a local day, in UTC: by the wall clock, a day of 23 hours would have 24."""
    return datetime.combine(day, hour, zone).astimezone(UTC)


async def away(
    connection: Connection, homes: Sequence[str], since: datetime, until: datetime
) -> dict[str, list[Stretch]]:
    """Between two instants, by home: apart from each other, in their order; none where never.

    One that was ended early ends then, and one that was taken back before it began is none. One of
    which nobody told the hubs, because they or the centre were off, is.
    """
    found: dict[str, list[Stretch]] = defaultdict(list)
    for row in await connection.fetch(SQL.away, homes, since, until):
        found[row["home"]].append(Stretch(row["begins"], row["ends"]))
    for row in await connection.fetch(SQL.situations, homes):
        zone = ZoneInfo(row["time_zone"])
        for one in msgspec.json.decode(row["context"]):
            if (stretch := _situation(one, zone, since, until)) is not None:
                found[row["home"]].append(stretch)
    return {home: _joined(stretches) for home, stretches in found.items()}


async def homes_away(
    connection: Connection, zones: Mapping[str, ZoneInfo], first: date, last: date
) -> dict[str, frozenset[date]]:
    """As :func:`days_away`, of homes that are given with their zones; none where there is none."""
    # Wherever a home is, its day begins and ends within a day of UTC's.
    since = datetime.combine(first, time(), UTC) - timedelta(days=1)
    until = datetime.combine(last, time(), UTC) + timedelta(days=2)
    found = await away(connection, [*zones], since, until)
    return {home: days_away(some, first, last, zones[home]) for home, some in found.items()}


async def homes_nights_away(
    connection: Connection, zones: Mapping[str, ZoneInfo], since: datetime, until: datetime
) -> dict[str, frozenset[date]]:
    """As :func:`nights_away`, as far as the nights lie between two instants."""
    found = await away(connection, [*zones], since, until)
    first, last = since.date() - _DAY, until.date() + 2 * _DAY
    return {home: nights_away(some, first, last, zones[home]) for home, some in found.items()}


def _situation(
    one: Mapping[str, Any], zone: ZoneInfo, since: datetime, until: datetime
) -> Stretch | None:
    """What staff put into the configuration, from local day to local day, both inclusive."""
    if one["situation"] not in _SITUATIONS:
        return None
    # Held to the days asked for first: the day behind the calendar's last one cannot be reckoned.
    first, last = (at.astimezone(zone).date() for at in (since, until))
    begins = max(date.fromisoformat(one["since"]), first)
    ends = min(date.fromisoformat(one["until"]), last) if one.get("until") else last
    stretch = Stretch(
        max(instant(begins, time(), zone), since),
        min(instant(ends + timedelta(days=1), time(), zone), until),
    )
    return stretch if stretch.begins < stretch.ends else None


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for one in sorted(stretches):
        if joined and one.begins <= joined[-1].ends:
            joined[-1] = Stretch(joined[-1].begins, max(joined[-1].ends, one.ends))
        else:
            joined.append(one)
    return joined
