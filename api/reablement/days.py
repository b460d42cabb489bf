"""Measures of daily living for each local day, from what a home's sensors told; pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from statistics import median
from typing import NamedTuple
from zoneinfo import ZoneInfo

from api.people.away import Stretch, days_away, instant, overlap

MEASURES = ("bathroom", "kitchen", "transit", "out", "rest")
"""Bathroom visits, uses of kettle and kitchen, seconds from room to room, minutes out, minutes of
rest at night."""

OUTER = frozenset({"front_door", "back_door", "door"})
VISIT_GAP = timedelta(minutes=10)
"""Activations of the bathroom further apart are two visits."""
LONGEST_WAY = timedelta(seconds=60)
"""Who takes longer from one room to the next has stopped on the way."""
FEWEST_WAYS = 5
OUT_GAP = timedelta(minutes=15)
"""Without a sign indoors for so long after an outer door, they are out."""
REST_GAP = timedelta(minutes=60)
"""Stillness of so long at night is rest."""
NIGHT = (time(23), time(7))
WAKING = range(7, 23)
"""Hours of the local day by which it is told whether a day was seen."""
SEEN = 0.5
"""The part of them in which anything must have been heard."""
FEWEST_HOURS = 2
"""And hours of them in which something told of a person: who looks in for the post has one."""
_HANDLED = frozenset({"motion", "opening", "appliance", "flush", "presence"})
_LIVED = _HANDLED | {"gait_speed", "button"}
"""Kinds that somebody was there for. A thermometer tells of an empty home as of any other."""


class Sign(NamedTuple):
    """One event: when, of what kind, where, and its value."""

    at: datetime
    kind: str
    place: str
    value: float


class LocalDay(NamedTuple):
    """One local day.

    Attributes:
        coverage: The part of its waking hours in which anything was heard, 0 to 1.
        values: By measure; one that the home cannot tell, or not on that day, is not there.
        away: Whether the person was on record as away, or paused.
        lived: Whether anything told of a person.
    """

    day: date
    coverage: float
    values: dict[str, float]
    away: bool = False
    lived: bool = True

    @property
    def seen(self) -> bool:
        """Whether enough was heard of somebody to compare it with other days."""
        return self.coverage >= SEEN and self.lived and not self.away


def measure_days(
    signs: Sequence[Sign],
    first: date,
    last: date,
    zone: ZoneInfo,
    gone: Sequence[Stretch] = (),
) -> list[LocalDay]:
    """Each local day from `first` to `last`, both inclusive.

    Args:
        signs: In the order of their times, with their offsets.
        first: The first day.
        last: The last one.
        zone: Whose days these are.
        gone: When the person was on record as away, or paused.
    """
    told = {(one.kind, one.place) for one in signs}
    values: dict[date, dict[str, float]] = defaultdict(dict)
    for name, found in _measures(signs, told, zone, gone).items():
        for day, value in found.items():
            values[day][name] = value
    heard, lived = _hours(signs, zone), _hours((one for one in signs if _tells(one, _LIVED)), zone)
    away = days_away(gone, first, last, zone)
    return [
        LocalDay(
            day,
            len(heard[day]) / len(WAKING),
            {} if day in away else _whole(values[day], told, _cut(day, gone, zone)),
            away=day in away,
            lived=len(lived[day]) >= FEWEST_HOURS,
        )
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
    ]


def _hours(signs: Iterable[Sign], zone: ZoneInfo) -> dict[date, set[int]]:
    """The waking hours of each day in which there was one."""
    hours: dict[date, set[int]] = defaultdict(set)
    for one in signs:
        local = one.at.astimezone(zone)
        if local.hour in WAKING:
            hours[local.date()].add(local.hour)
    return hours


def _tells(one: Sign, kinds: frozenset[str]) -> bool:
    """Whether somebody did it; that a door is closed or a room left may be no one's doing."""
    return one.kind in kinds and (one.kind not in {"opening", "presence"} or one.value > 0)


def _cut(day: date, gone: Sequence[Stretch], zone: ZoneInfo) -> set[str]:
    """Measures of how long something lasted, where part of it was while they were gone."""
    times = {
        "out": (instant(day, time(), zone), instant(day + timedelta(days=1), time(), zone)),
        "rest": (instant(day - timedelta(days=1), NIGHT[0], zone), instant(day, NIGHT[1], zone)),
    }
    return {name for name, (begins, ends) in times.items() if overlap(gone, begins, ends)}


def _whole(values: dict[str, float], told: set[tuple[str, str]], cut: set[str]) -> dict[str, float]:
    """With a nought for what the home can tell and did not happen; no way is no measure of one."""
    counted = {"bathroom", "kitchen", "out", "rest"} & can_tell(told)
    found = {**dict.fromkeys(counted, 0.0), **values}
    return {name: value for name, value in found.items() if name not in cut}


def can_tell(told: set[tuple[str, str]]) -> set[str]:
    """Which measures a home's sensors can give, by the kinds and places that they told of."""
    rooms = {place for kind, place in told if kind == "motion"}
    found = set()
    if "bathroom" in rooms:
        found.add("bathroom")
    if any(kind == "appliance" or (kind, place) == ("opening", "fridge") for kind, place in told):
        found.add("kitchen")
    if len(rooms) > 1:
        found |= {"transit", "rest"}
    if rooms and any(kind == "opening" and place in OUTER for kind, place in told):
        found.add("out")
    return found


def _measures(
    signs: Sequence[Sign], told: set[tuple[str, str]], zone: ZoneInfo, gone: Sequence[Stretch]
) -> dict[str, dict[date, float]]:
    handled = [one for one in signs if _tells(one, _HANDLED)]
    made: dict[str, dict[date, float]] = {
        "bathroom": _counted(_visits(handled), zone),
        "kitchen": _counted(_uses(handled), zone),
        "transit": _transit(handled, zone),
        "out": _summed(_out(handled, gone), zone),
        "rest": _summed(_rest(handled, zone), zone),
    }
    return {name: found for name, found in made.items() if name in can_tell(told)}


def _visits(handled: Iterable[Sign]) -> Iterator[datetime]:
    before = None
    for one in handled:
        if one.kind == "motion" and one.place == "bathroom":
            if before is None or one.at - before > VISIT_GAP:
                yield one.at
            before = one.at


def _uses(handled: Iterable[Sign]) -> Iterator[datetime]:
    for one in handled:
        if one.kind == "appliance" or (one.kind, one.place) == ("opening", "fridge"):
            yield one.at


def _transit(handled: Sequence[Sign], zone: ZoneInfo) -> dict[date, float]:
    """The middle way of each day, in seconds, where there were enough."""
    ways: dict[date, list[float]] = defaultdict(list)
    moved = [one for one in handled if one.kind == "motion"]
    for one, then in pairwise(moved):
        if one.place != then.place and timedelta() < then.at - one.at <= LONGEST_WAY:
            ways[one.at.astimezone(zone).date()].append((then.at - one.at).total_seconds())
    return {day: median(found) for day, found in ways.items() if len(found) >= FEWEST_WAYS}


def _out(handled: Sequence[Sign], gone: Sequence[Stretch]) -> Iterator[tuple[datetime, float]]:
    """When they went and for how many minutes; of a day on which they returned later, all of it.

    Who left for hospital is not out.
    """
    for one, then in pairwise(handled):
        went = one.kind == "opening" and one.place in OUTER
        if went and then.at - one.at >= OUT_GAP and not overlap(gone, one.at, then.at):
            yield one.at, (then.at - one.at).total_seconds() / 60


def _rest(handled: Sequence[Sign], zone: ZoneInfo) -> Iterator[tuple[datetime, float]]:
    """Long stillness within each night, in minutes, for the morning that it ends with."""
    for one, then in pairwise(handled):
        if one.kind == "opening" and one.place in OUTER:
            continue
        if then.at - one.at < REST_GAP or then.at - one.at > timedelta(days=1):
            continue
        for morning in {one.at.astimezone(zone).date() + timedelta(days=n) for n in (0, 1)}:
            begins = datetime.combine(morning - timedelta(days=1), NIGHT[0], zone)
            ends = datetime.combine(morning, NIGHT[1], zone)
            seconds = min(then.at, ends).timestamp() - max(one.at, begins).timestamp()
            if seconds > 0:
                yield ends, seconds / 60


def _counted(moments: Iterable[datetime], zone: ZoneInfo) -> dict[date, float]:
    return _summed(((at, 1.0) for at in moments), zone)


def _summed(found: Iterable[tuple[datetime, float]], zone: ZoneInfo) -> dict[date, float]:
    sums: dict[date, float] = defaultdict(float)
    for at, value in found:
        sums[at.astimezone(zone).date()] += value
    return dict(sums)
