"""Episodes written into a real home's events out of that home's own habits.

Extra bathroom visits are copies of the person's own, with the steps that led to them, at times
when the bathroom was free and someone was home; drinks are left out at random; journeys between
rooms are stretched; a person who falls is not seen again until found. Whatever is not touched
stays as recorded.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec
import numpy as np

from contract import Kind, SensorEvent
from detectors.features.places import BATHROOM, BEDROOM, DRINK_APPLIANCES, FOOD
from detectors.moment import Calendar
from simulator.evaluation.episodes import Episode

Events = list[SensorEvent]
MERGE = 300.0
LEAD = 120.0
"""Seconds around a visit whose steps in hallway and bedroom belong to it."""
FREE = 600.0
"""Seconds between an extra visit and any other."""
AT_HOME = 3600.0
"""An extra visit needs a sign of life within so many seconds."""
STEPS = BEDROOM | {"hallway"}
NIGHT_ENDS = 6.0
TRIES = 60
NIGHT_S = 8 * 3600.0
"""Any part of a day that is shorter is a night."""


class Visit(NamedTuple):
    """One visit to the bathroom: its events and the steps around it."""

    start: float
    end: float
    events: Events


def time_of(event: SensorEvent) -> float:
    """When it happened, in epoch seconds."""
    return event.at.timestamp()


def moved(event: SensorEvent, by: float) -> SensorEvent:
    """A copy `by` seconds later."""
    at = datetime.fromtimestamp(round(time_of(event) + by, 3), UTC)
    return msgspec.structs.replace(event, at=at)


def visits(events: Sequence[SensorEvent], places: Iterable[str]) -> list[Visit]:
    """The visits to `places`: their events no more than five minutes apart, without steps."""
    found: list[Visit] = []
    for event in events:
        if event.place not in places:
            continue
        t = time_of(event)
        if found and t - found[-1].end <= MERGE:
            last = found[-1]
            found[-1] = Visit(last.start, t, [*last.events, event])
        else:
            found.append(Visit(t, t, [event]))
    return found


def more_bathroom_visits(
    events: Events,
    episode: Episode,
    factors: tuple[float, float],
    calendar: Calendar,
    rng: np.random.Generator,
) -> Events:
    """Adds visits so that there are `factors` (by night, by day) times as many at full strength."""
    times = [time_of(event) for event in events]
    known = visits(events, BATHROOM)
    extra: Events = []
    taken = [(visit.start, visit.end) for visit in known]
    for day in episode.days:
        for factor, begin, end in (
            (factors[0], calendar.at(day, 0), calendar.at(day, NIGHT_ENDS)),
            (factors[1], calendar.at(day, NIGHT_ENDS), calendar.at(day, 24)),
        ):
            models = _like_these(known, begin, end, calendar)
            wanted = (factor - 1) * episode.strength(day) * _usual(known, begin, calendar, end)
            for _ in range(_whole(wanted, rng) if models else 0):
                model = models[int(rng.integers(len(models)))]
                start = _free_time(model.end - model.start, (begin, end), taken, times, rng)
                if start is None:
                    break
                taken.append((start, start + model.end - model.start))
                extra += _copies(model, start - model.start, events, times)
    return sorted([*events, *extra], key=time_of)


def _like_these(
    known: list[Visit], begin: float, end: float, calendar: Calendar, days: int = 14
) -> list[Visit]:
    """The person's own visits in the same part of the fortnight before."""
    night = calendar.moment(begin).second < NIGHT_ENDS * 3600
    recent = [visit for visit in known if begin - days * 86_400 <= visit.start < end]
    return [v for v in recent if (calendar.moment(v.start).second < NIGHT_ENDS * 3600) == night]


def _usual(
    known: list[Visit], begin: float, calendar: Calendar, end: float, days: int = 14
) -> float:
    """Visits a day in the same part of the fortnight before."""
    before = [v for v in _like_these(known, begin, end, calendar, days) if v.start < begin]
    by_day = Counter(calendar.moment(visit.start).day for visit in before)
    return sum(by_day.values()) / max(len(by_day), days / 2)


def _whole(wanted: float, rng: np.random.Generator) -> int:
    """A whole number of that mean: the fraction is left to chance."""
    return int(wanted) + int(rng.random() < wanted % 1)


def _free_time(
    length: float,
    part: tuple[float, float],
    taken: list[tuple[float, float]],
    times: list[float],
    rng: np.random.Generator,
) -> float | None:
    """A start at which the bathroom is free and somebody is at home, or None after many tries."""
    begin, end = part
    for start in rng.uniform(begin + LEAD, end - LEAD, TRIES):
        clear = all(start + length + FREE < a or b + FREE < start for a, b in taken)
        if clear and _somebody_home(float(start), times, night=end - begin < NIGHT_S):
            return float(start)
    return None


def _somebody_home(t: float, times: list[float], *, night: bool) -> bool:
    if night:  # people lie still; being there in the evening and in the morning is enough
        return True
    after = bisect_left(times, t)
    before = after - 1
    return (before >= 0 and t - times[before] < AT_HOME) or (
        after < len(times) and times[after] - t < AT_HOME
    )


def _copies(model: Visit, by: float, events: Events, times: list[float]) -> Events:
    low, high = bisect_left(times, model.start - LEAD), bisect_right(times, model.end + LEAD)
    steps = [event for event in events[low:high] if event.place in STEPS]
    return [moved(event, by) for event in (*model.events, *steps)]


def fewer_drinks(
    events: Events, episode: Episode, kept: float, calendar: Calendar, rng: np.random.Generator
) -> Events:
    """Leaves out visits to kettle, or to kitchen and fridge where no kettle is metered."""
    metered = any(event.place in DRINK_APPLIANCES for event in events)
    gone: set[int] = set()
    for visit in visits(events, DRINK_APPLIANCES if metered else FOOD):
        for part in [[event] for event in visit.events] if metered else [visit.events]:
            day = calendar.moment(time_of(part[0])).day
            if rng.random() < (1 - kept) * episode.strength(day):
                gone |= {id(event) for event in part}
    return [event for event in events if id(event) not in gone]


def slower_journeys(
    events: Events, episode: Episode, factor: float, calendar: Calendar, longest: float = 40.0
) -> Events:
    """Stretches the time from one room to the next; later steps of the same walk move with it."""
    changed: Events = []
    before: SensorEvent | None = None
    behind = 0.0
    for event in events:
        if before is None or event.place == before.place or event.kind != Kind.MOTION:
            behind, before = 0.0, event if event.kind == Kind.MOTION else before
            changed.append(event)
            continue
        seconds = time_of(event) - time_of(before)
        slower = (factor - 1) * episode.strength(calendar.moment(time_of(event)).day)
        behind = behind + slower * seconds if seconds <= longest else 0.0
        changed.append(moved(event, behind) if behind else event)
        before = event
    return sorted(changed, key=time_of)


def without_sensor(events: Events, sensor: str, since: float) -> Events:
    """A sensor dies at `since`, in epoch seconds."""
    return [event for event in events if event.sensor != sensor or time_of(event) < since]
