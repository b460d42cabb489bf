"""What can befall the person of the lifelike home, written into their events."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np

from contract import Assessment, Kind, SensorEvent, State
from detectors.conformance.driver import drive
from detectors.conformance.lifelike import START, event, lifelike_home, profile
from detectors.moment import Calendar
from detectors.profile import HomeProfile
from detectors.protocol import Detector

Events = list[SensorEvent]
LONDON = Calendar("Europe/London")


def life(days: int, seed: int = 1) -> Events:
    """An ordinary life."""
    return list(lifelike_home(days, seed=seed))


def instant(day: int, hour: float) -> float:
    """`hour` o'clock of the `day`-th day (from 0), in epoch seconds."""
    return LONDON.at(START.toordinal() + day, hour)


def day_of(one: SensorEvent | Assessment) -> int:
    """Which day of the life it falls on, from 0."""
    return LONDON.moment(one.at.timestamp()).day - START.toordinal()


def when(events: Sequence[SensorEvent], keep: Callable[[SensorEvent], bool]) -> Events:
    """The events that happen after all."""
    return [one for one in events if keep(one)]


def also(events: Events, *more: SensorEvent) -> Events:
    """The events with others among them."""
    return sorted([*events, *more], key=lambda one: one.at)


def nobody_stirs(events: Events, since: float, until: float) -> Events:
    """From `since` on (epoch seconds) nobody stirs; the thermometer goes on until `until`."""
    return when(
        events,
        lambda one: (
            one.at < at(since) or (one.kind == Kind.TEMPERATURE and one.at.timestamp() <= until)
        ),
    )


def more_bathroom(events: Events, days: range, a_day: int, a_night: int, seed: int = 1) -> Events:
    """So many more visits to the bathroom on those days."""
    rng = np.random.default_rng(seed)
    times = [
        float(t)
        for day in days
        for t in (
            *rng.uniform(instant(day, 7.5), instant(day, 21.5), a_day),
            *rng.uniform(instant(day, 0.5), instant(day, 5.5), a_night),
        )
    ]
    steps = ((0, "hallway-pir"), (5, "bathroom-pir"), (70, "bathroom-pir"), (150, "hallway-pir"))
    return also(events, *(event(sensor, t + after) for t in times for after, sensor in steps))


def gone(events: Events, since: float, until: float) -> Events:
    """Out by the front door at `since`, back by it at `until` (epoch seconds).

    The thermometer stays at home, and goes on.
    """
    left = when(
        events,
        lambda one: one.kind == Kind.TEMPERATURE or not since <= one.at.timestamp() <= until,
    )
    doors = (event("front-door-contact", since), event("front-door-contact", until))
    return also(left, *doors)


def said(detector: Detector, events: Events, until: float | None = None) -> list[Assessment]:
    """All that a detector says of the events."""
    return drive(detector, events, until=until)


def raised(answers: Sequence[Assessment]) -> list[Assessment]:
    """The answers with which something was raised."""
    found: list[Assessment] = []
    before: dict[str, str] = {}
    for answer in answers:
        if answer.state == State.RAISED and before.get(answer.subject) != State.RAISED:
            found.append(answer)
        before[answer.subject] = answer.state
    return found


def states_on(answers: Sequence[Assessment], day: int) -> set[str]:
    """The states told on a day; what is told at midnight is told of the day that ended."""
    end = timedelta(milliseconds=1)
    return {
        str(one.state)
        for one in answers
        if day_of(msgspec.structs.replace(one, at=one.at - end)) == day
    }


def at(t: float) -> datetime:
    """The instant `t`."""
    return datetime.fromtimestamp(t, UTC)


def alone(**changes: object) -> HomeProfile:
    """The lifelike home's profile, changed."""
    return msgspec.structs.replace(profile(), **changes)
