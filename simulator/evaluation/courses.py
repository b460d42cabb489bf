"""Courses of illness and mishap: when they strike a home, and what its events are then."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from contract import SensorEvent
from detectors.moment import Calendar
from simulator.evaluation.episodes import WARM_UP_DAYS, Episode, draw_episodes, lived_in
from simulator.evaluation.injection import (
    fewer_drinks,
    more_bathroom_visits,
    slower_journeys,
    time_of,
    without_sensor,
)

DAY_S = 86_400.0
HOUR_S = 3600.0
DAYS_AN_EPISODE = 5
"""A home gets one episode for so many days that were lived in."""
MOST_EPISODES = 60
NAMED = ("mild", "moderate", "strong")
"""The severities that reports set beside one another; the others are for the curve."""
DEAD_DAYS = 7
OFTEN = 10
"""A sensor that speaks so many times a day is missed sooner."""


class Home(NamedTuple):
    """A home as recorded."""

    events: list[SensorEvent]
    calendar: Calendar


class Injected(NamedTuple):
    """An episode written into a home.

    Attributes:
        severity: Its name.
        start: The onset, in epoch seconds; alerts count after it.
        end: The last instant at which an alert counts.
        events: The home's events of that time, changed.
        deadline: Seconds from the start after which an alert is no hit; None where `end` is.
    """

    severity: str
    start: float
    end: float
    events: list[SensorEvent]
    deadline: float | None = None


class Effort(NamedTuple):
    """How much to try.

    Attributes:
        severities: The severities of illnesses to try; all where it is empty.
        most: Episodes a home at most.
    """

    severities: tuple[str, ...] = ()
    most: int = MOST_EPISODES


FULL = Effort()
QUICK = Effort(NAMED, 4)
Course = Callable[[Home, np.random.Generator, Effort], list[Injected]]
Change = Callable[[Home, Episode, str, np.random.Generator], list[SensorEvent]]

VISITS = {
    "slight": (1.25, 1.125),
    "mild": (1.5, 1.25),
    "mild to moderate": (1.75, 1.375),
    "moderate": (2.0, 1.5),
    "moderate to strong": (2.5, 1.75),
    "strong": (3.0, 2.0),
}
"""By what the bathroom visits of nights and of days are multiplied."""
KEPT = {
    "slight": 0.875,
    "mild": 0.75,
    "mild to moderate": 0.625,
    "moderate": 0.5,
    "moderate to strong": 0.375,
    "strong": 0.25,
}
"""The share of drinks that is kept."""
SLOWER = {
    "slight": 1.075,
    "mild": 1.15,
    "mild to moderate": 1.225,
    "moderate": 1.3,
    "moderate to strong": 1.45,
    "strong": 1.6,
}
"""How many times as long journeys take."""


def toileting(
    home: Home, episode: Episode, severity: str, rng: np.random.Generator
) -> list[SensorEvent]:
    """More bathroom visits."""
    return more_bathroom_visits(home.events, episode, VISITS[severity], home.calendar, rng)


def drinking(
    home: Home, episode: Episode, severity: str, rng: np.random.Generator
) -> list[SensorEvent]:
    """Fewer drinks."""
    return fewer_drinks(home.events, episode, KEPT[severity], home.calendar, rng)


def slowing(
    home: Home, episode: Episode, severity: str, _rng: np.random.Generator
) -> list[SensorEvent]:
    """Slower journeys."""
    return slower_journeys(home.events, episode, SLOWER[severity], home.calendar)


def at_any_effort(strike: Callable[[Home, np.random.Generator], list[Injected]]) -> Course:
    """A course that tries as much whatever the effort."""
    return lambda home, rng, _effort: strike(home, rng)


LOOKS_BACK_DAYS = 16
"""What is written into an episode follows from no earlier days than these."""


def over_days(
    change: Change, severities: Sequence[str], length: int, *, near: bool = True
) -> Course:
    """Episodes of `length` days, each at every severity with the same chance.

    Args:
        change: Writes an episode.
        severities: By name.
        length: Days.
        near: Whether it is enough to show `change` the days around the episode.
    """

    def strike(home: Home, rng: np.random.Generator, effort: Effort) -> list[Injected]:
        days = lived_in(home.events, home.calendar)
        count = min(effort.most, len(days) // DAYS_AN_EPISODE)
        found = []
        times = [time_of(event) for event in home.events]
        for episode in draw_episodes(days, count, rng, length):
            start, end = episode.window(home.calendar)
            first = bisect_left(times, start - LOOKS_BACK_DAYS * DAY_S) if near else 0
            last = bisect_left(times, end + DAY_S) if near else len(times)
            part = Home(home.events[first:last], home.calendar)
            seed = int(rng.integers(2**32))
            for severity in effort.severities or severities:
                changed = change(part, episode, severity, np.random.default_rng(seed))
                within = [event for event in changed if start <= time_of(event) < end]
                found.append(Injected(severity, start, end, within))
        return found

    return strike


@at_any_effort
def dead_sensors(home: Home, rng: np.random.Generator) -> list[Injected]:
    """Each sensor that speaks at least daily dies at a random time, for a week."""
    first = time_of(home.events[0]) + WARM_UP_DAYS * DAY_S
    last = time_of(home.events[-1]) - DEAD_DAYS * DAY_S
    days = max(len(lived_in(home.events, home.calendar)), 1)
    found = []
    for sensor in sorted({event.sensor for event in home.events}):
        often = sum(event.sensor == sensor for event in home.events) / days
        if last <= first or often < 1:
            continue
        start = float(rng.uniform(first, last))
        end = start + DEAD_DAYS * DAY_S
        left = without_sensor(home.events, sensor, start)
        within = [event for event in left if start <= time_of(event) < end]
        severity = f"spoke {OFTEN} times a day or more" if often >= OFTEN else "spoke less"
        found.append(Injected(severity, start, end, within))
    return found
