"""The last days of a home as ribbons: one each, a lane for each room, a cell for each quarter.

A cell stands where the wall clock stood, so an hour that autumn repeats adds to the same cells and
the hour that spring leaves out stays empty.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from api.console.views.times import Clock
from api.homes.views import Activity

DAYS = 7
LONG = 28
"""Days of the longer view, which shows what a week cannot: a slow change."""
QUARTERS = 96
_QUARTER_MINUTES = 15

_STRONG = (2, 4)
"""Events in a quarter of an hour from which a cell is drawn darker, and darkest."""


class Cell(NamedTuple):
    """A cell with something in it. `x` counts quarters from midnight, `strength` is 1 to 3."""

    x: int
    strength: int


class Lane(NamedTuple):
    """One room on one day."""

    place: str
    cells: list[Cell]
    n: int


class Ribbon(NamedTuple):
    """One day.

    Attributes:
        day: The local date.
        lanes: Every room of these days, in the same order on each day.
        blind: Stretches of quarters, from and length, in which nothing was heard from the home.
        now: The present quarter, today.
    """

    day: date
    lanes: list[Lane]
    blind: list[tuple[int, int]]
    now: int | None


def ribbons(
    activity: Iterable[Activity], heard: datetime | None, clock: Clock, days: int = DAYS
) -> list[Ribbon]:
    """The last `days` days, today first; `heard` is when the home last said anything."""
    counts: Counter[tuple[date, str, int]] = Counter()
    for one in activity:
        local = clock.local(one.at)
        counts[local.date(), one.place, _quarter(local)] += one.n
    today = clock.local(clock.now).date()
    places = _places(counts)
    return [
        _ribbon(today - timedelta(days=back), places, counts, heard, clock) for back in range(days)
    ]


def _ribbon(
    day: date,
    places: list[str],
    counts: Counter[tuple[date, str, int]],
    heard: datetime | None,
    clock: Clock,
) -> Ribbon:
    local_now = clock.local(clock.now)
    end = _quarter(local_now) + 1 if day == local_now.date() else QUARTERS
    return Ribbon(
        day=day,
        lanes=[_lane(day, place, counts) for place in places],
        blind=_blind(day, end, counts, clock.local(heard) if heard else None),
        now=end - 1 if day == local_now.date() else None,
    )


def _lane(day: date, place: str, counts: Counter[tuple[date, str, int]]) -> Lane:
    found = {x: n for x in range(QUARTERS) if (n := counts[day, place, x])}
    cells = [Cell(x, 1 + sum(n >= step for step in _STRONG)) for x, n in found.items()]
    return Lane(place, cells, sum(found.values()))


def _blind(
    day: date, end: int, counts: Counter[tuple[date, str, int]], heard: datetime | None
) -> list[tuple[int, int]]:
    """A day without a single event, and whatever follows the home's last word, cannot be judged."""
    if heard is None or day > heard.date():
        return [(0, end)]
    if day == heard.date() and _quarter(heard) + 1 < end:
        return [(_quarter(heard) + 1, end - _quarter(heard) - 1)]
    return [] if any(seen == day for seen, _, _ in counts) else [(0, end)]


def _quarter(local: datetime) -> int:
    return (local.hour * 60 + local.minute) // _QUARTER_MINUTES


def _places(counts: Counter[tuple[date, str, int]]) -> list[str]:
    """Rooms, the busiest first, so that the lanes of every home begin with what tells most."""
    total: Counter[str] = Counter()
    for (_, place, _), n in counts.items():
        total[place] += n
    return [place for place, _ in total.most_common()]
