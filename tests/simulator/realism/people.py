"""Towns of invented homes for the tests: simple chance, with whatever difference a test wants."""

from datetime import UTC, datetime

import numpy as np

from contract import Kind, SensorEvent, utc
from simulator.realism.clock import DAY_S, Floats
from simulator.realism.hearing import ROOMS, Heard

START = datetime(2019, 5, 6, tzinfo=UTC).timestamp()  # a Monday in summer time
LONDON_AHEAD = 3600.0


def at(day: int, hour: float, second: float = 0) -> float:
    """Epoch seconds of an hour on the wall in London, on a day from the start."""
    return START + day * DAY_S + hour * 3600 - LONDON_AHEAD + second


def heard(name: str, **times: list[float]) -> Heard:
    """A home with just these activations."""
    return Heard(
        name,
        {
            sensor: np.array([(t, 1.0, 0.0) for t in sorted(found)]).reshape(-1, 3)
            for sensor, found in times.items()
        },
    )


FEW = ("bathroom", "hallway", "kitchen", "fridge")


def home(
    rng: np.random.Generator,
    name: str,
    *,
    days: int,
    busy: float,
    pause: float,
    sensors: tuple[str, ...],
) -> Heard:
    """Somebody who is up from about 7 to 23 h and comes to each room some ten times a day."""
    own = rng.lognormal(0, 0.25, len(sensors))
    streams: dict[str, Floats] = {}
    for factor, sensor in zip(own, sensors, strict=True):
        visits = rng.poisson(10 * factor * busy, days)
        day = np.repeat(np.arange(days), visits)
        starts = START + day * DAY_S + rng.uniform(6, 22, len(day)) * 3600
        stays = rng.integers(1, 5, len(starts))
        steps = np.concatenate([np.arange(stay) for stay in stays]) * (
            pause * rng.uniform(1, 1.6, stays.sum())
        )
        t = np.sort(np.floor(np.repeat(starts, stays) + steps))
        streams[sensor] = np.column_stack([t, np.ones(len(t)), np.zeros(len(t))])
    return Heard(name, streams)


def town(
    count: int,
    *,
    seed: int,
    days: int = 24,
    busy: float = 1.0,
    pause: float = 70.0,
    name: str = "h",
    sensors: tuple[str, ...] = FEW,
) -> list[Heard]:
    """So many homes of one kind."""
    rng = np.random.default_rng(seed)
    return [
        home(rng, f"{name}{number:02}", days=days, busy=busy, pause=pause, sensors=sensors)
        for number in range(count)
    ]


def events(homes: list[Heard]) -> list[SensorEvent]:
    """What a recording of the homes would hold."""
    found = [
        SensorEvent(
            home=one.name,
            sensor=f"{sensor}-x",
            kind=Kind.MOTION if sensor in ROOMS else Kind.OPENING,
            place=sensor,
            at=utc(t),
            value=1,
        )
        for one in homes
        for sensor, rows in one.streams.items()
        for t in rows[:, 0]
    ]
    return sorted(found, key=lambda event: event.at)
