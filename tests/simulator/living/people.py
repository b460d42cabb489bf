"""Made-up homes for the tests, each lived once and kept: what each of their sensors told."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from contract import SensorEvent
from simulator.living.episodes.episode import DAY_S, Episode
from simulator.living.episodes.registry import kind_of
from simulator.living.home import Home
from simulator.living.household import Household
from simulator.living.senses.columns import events, joined
from simulator.living.senses.registry import MAKES

Floats = NDArray[np.float64]

START = datetime(2026, 3, 1, tzinfo=UTC).timestamp()
"""A Sunday; London's clocks go forward on day 28."""

SUMMER = datetime(2026, 7, 5, tzinfo=UTC).timestamp()
"""A Sunday in summer."""

EVERYTHING = tuple(MAKES)
"""All that can be fitted, the flush too."""

PEOPLE = 20


class Options(TypedDict, total=False):
    """Of an episode, as :meth:`simulator.living.episodes.kind.Kind.begin` takes them."""

    severity: float
    days: float
    sensor: str
    room: str


@dataclass(frozen=True)
class Told:
    """What one home told.

    Attributes:
        start: When its life began, in epoch seconds.
        days: For how many days it was heard.
        streams: By sensor: times in days from the start, values, durations; shape (3, n).
        done: What residents did and why: when, in days from the start, and the name of it.
    """

    start: float
    days: float
    streams: dict[str, Floats]
    done: list[tuple[float, str]] = field(default_factory=list)

    def times(self, sensor: str) -> Floats:
        """When it told anything but a falling edge, in days from the start."""
        t, value, _ = self.streams[sensor]
        active: Floats = t[value > 0]
        return active

    @property
    def all_motion(self) -> Floats:
        """When any motion sensor told something."""
        told = [stream[0] for name, stream in self.streams.items() if name.endswith("-pir")]
        return np.sort(np.concatenate(told))

    def did(self, what: str) -> list[float]:
        """When residents did something."""
        return [t for t, doing in self.done if doing == what]


def home(
    seed: int, *episodes: Episode, since: float = START, **household: Unpack["Living"]
) -> Home:
    """One home of its own seed, with every sensor."""
    household.setdefault("sensors", EVERYTHING)
    return Home(
        "h1",
        seed=(977, seed),
        start=since,
        household=Household(**household),
        episodes=episodes,
    )


class Living(TypedDict, total=False):
    """As :class:`simulator.living.household.Household` takes it."""

    residents: int
    pet: bool
    carer_visits: int
    family_visits: float
    sensors: tuple[str, ...]


def befalls(kind: str, day: float, since: float = START, **options: Unpack[Options]) -> Episode:
    """An episode that sets in on a day from the start."""
    return kind_of(kind).begin(since + day * DAY_S, **options)


def heard(lived: Home, days: float) -> Told:
    """What a home tells in its first days."""
    columns = joined(lived.columns(lived.start + days * DAY_S))
    t = (columns.at_ms / 1000 - lived.start) / DAY_S
    table = np.stack((t, columns.value, columns.duration))
    streams = {
        role.sensor: table[:, columns.sensor == index] for index, role in enumerate(lived.sensors)
    }
    done = [((why.t - lived.start) / DAY_S, why.doing) for _, why in lived.reasons()]
    return Told(lived.start, days, streams, done)


def as_events(lived: Home, days: float) -> list[SensorEvent]:
    """The same as events."""
    columns = joined(lived.columns(lived.start + days * DAY_S))
    return list(events(lived.name, lived.sensors, columns))


def street(
    days: int, *episodes: Episode, people: int = PEOPLE, since: float = START
) -> tuple[Told, ...]:
    """So many people, each alone, whom all of this befalls; the same people at every call."""
    return tuple(_lived(seed, days, episodes, since) for seed in range(1, people + 1))


@cache
def _lived(seed: int, days: int, episodes: tuple[Episode, ...], since: float) -> Told:
    return heard(home(seed, *episodes, since=since), days)


def well(days: int, *, people: int = PEOPLE, since: float = START) -> tuple[Told, ...]:
    """The same people when nothing befalls them."""
    return street(days, people=people, since=since)


def spans(times: Iterable[float], first: float, last: float) -> list[float]:
    """Those from day `first` to before day `last`."""
    if isinstance(times, np.ndarray):
        some: list[float] = times[(times >= first) & (times < last)].tolist()
        return some
    return [t for t in times if first <= t < last]
