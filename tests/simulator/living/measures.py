"""What is counted in tests of made-up lives: visits, boils, transits, by the wall clock."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

from contract import SensorEvent
from simulator.living.episodes import DAY_S, Episode
from simulator.living.home import Home

START = datetime(2026, 3, 1, tzinfo=UTC).timestamp()
LONDON = ZoneInfo("Europe/London")
_VISIT_S = 300.0
_TRANSIT_S = 60.0


def live(seed: int, days: float, *episodes: Episode) -> list[SensorEvent]:
    """The first days of a home."""
    home = Home("h1", seed=(seed,), start=START, episodes=episodes)
    return list(home.until(START + days * DAY_S))


def at(event: SensorEvent) -> float:
    """Seconds since the start."""
    return event.at.timestamp() - START


def hour(event: SensorEvent) -> float:
    """On the wall."""
    wall = event.at.astimezone(LONDON)
    return wall.hour + wall.minute / 60


def between(events: Sequence[SensorEvent], first: float, last: float) -> list[SensorEvent]:
    """Those from day `first` to before day `last`."""
    return [event for event in events if first * DAY_S <= at(event) < last * DAY_S]


def of(events: Sequence[SensorEvent], sensor: str) -> list[SensorEvent]:
    """Those of one sensor that are no falling edge."""
    return [event for event in events if event.sensor == sensor and event.value > 0]


def visits(events: Sequence[SensorEvent], sensor: str) -> list[SensorEvent]:
    """The first event of each visit: what comes within five minutes of another belongs to it."""
    seen = of(events, sensor)
    return [
        event
        for index, event in enumerate(seen)
        if index == 0 or at(event) - at(seen[index - 1]) > _VISIT_S
    ]


def transits(events: Sequence[SensorEvent], start: str, end: str) -> list[float]:
    """Seconds from one sensor to the other, where nothing lies between."""
    return [
        at(late) - at(early)
        for early, late in pairwise(events)
        if (early.sensor, late.sensor) == (start, end) and at(late) - at(early) < _TRANSIT_S
    ]


def bathroom(events: Sequence[SensorEvent]) -> float:
    """Visits to the bathroom."""
    return len(visits(events, "bathroom-pir"))


def at_night(events: Sequence[SensorEvent]) -> float:
    """Visits to the bathroom from midnight to six."""
    return sum(hour(event) < 6 for event in visits(events, "bathroom-pir"))


def boils(events: Sequence[SensorEvent]) -> float:
    """Boils of the kettle."""
    return len(of(events, "kettle-plug"))


def walk(events: Sequence[SensorEvent]) -> float:
    """The usual time from hallway to bathroom."""
    return median(transits(events, "hallway-pir", "bathroom-pir"))
