"""A home for examinations: one person's days in every kind of sensor, from a seed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import numpy as np

from contract import Kind, SensorEvent
from detectors.moment import Calendar
from detectors.profile import HomeProfile, SensorRole, UnusualDay

HOME = "lifelike"
START = date(2025, 3, 1)
ROLES = (
    SensorRole(sensor="bathroom-pir", kind=Kind.MOTION, place="bathroom"),
    SensorRole(sensor="bedroom-pir", kind=Kind.MOTION, place="bedroom"),
    SensorRole(sensor="hallway-pir", kind=Kind.MOTION, place="hallway"),
    SensorRole(sensor="kitchen-pir", kind=Kind.MOTION, place="kitchen"),
    SensorRole(sensor="lounge-pir", kind=Kind.MOTION, place="lounge"),
    SensorRole(sensor="front-door-contact", kind=Kind.OPENING, place="front_door"),
    SensorRole(sensor="fridge-contact", kind=Kind.OPENING, place="fridge"),
    SensorRole(sensor="kettle-plug", kind=Kind.APPLIANCE, place="kettle"),
    SensorRole(sensor="toilet-flush", kind=Kind.FLUSH, place="toilet"),
    SensorRole(sensor="bed-mat", kind=Kind.PRESENCE, place="bed"),
    SensorRole(sensor="hallway-gait", kind=Kind.GAIT_SPEED, place="hallway"),
    SensorRole(sensor="lounge-climate", kind=Kind.TEMPERATURE, place="lounge"),
    SensorRole(sensor="pendant", kind=Kind.BUTTON, place="pendant"),
)
OUTINGS = 0.4
"""Share of days on which the person goes out."""
ACTS = ("bathroom", "drink", "kitchen", "lounge", "gait")
HOW_OFTEN = (0.25, 0.10, 0.25, 0.35, 0.05)
"""What the person does from time to time, and the share of each."""
_BY_NAME = {role.sensor: role for role in ROLES}


def profile(time_zone: str = "Europe/London") -> HomeProfile:
    """What a detector is told of this home."""
    return HomeProfile(home=HOME, time_zone=time_zone, sensors=ROLES, unusual_day=UnusualDay())


def lifelike_home(
    days: int, *, seed: int = 1, start: date = START, time_zone: str = "Europe/London"
) -> Iterator[SensorEvent]:
    """Some days of one person, sorted by time; about 250 events a day.

    Args:
        days: How many local days.
        seed: Other seeds are other people.
        start: The first day.
        time_zone: IANA name; days of 23 and 25 hours come where the zone has them.
    """
    calendar = Calendar(time_zone)
    rng = np.random.default_rng(seed)
    for day in range(start.toordinal(), start.toordinal() + days):
        yield from sorted(_day(day, calendar, rng), key=lambda event: event.at)


def event(sensor: str, t: float, value: float = 1.0) -> SensorEvent:
    """One event of a sensor of this home at `t`, in epoch seconds."""
    role = _BY_NAME[sensor]
    return SensorEvent(
        home=HOME,
        sensor=sensor,
        kind=role.kind,
        place=role.place,
        at=datetime.fromtimestamp(round(t, 3), UTC),
        value=value,
        duration=150.0 if role.kind == Kind.APPLIANCE else None,
    )


def _day(day: int, calendar: Calendar, rng: np.random.Generator) -> Iterator[SensorEvent]:
    up = calendar.at(day, 6.5 + rng.uniform(0, 1.5))
    bed = calendar.at(day, 22.0 + rng.uniform(0, 1.5))
    night = calendar.at(day, 0)
    for t in rng.uniform(night, up - 600, rng.poisson(1.8)):
        yield from _bathroom(float(t), rng)
    yield event("bed-mat", up, 0.0)
    yield event("bed-mat", bed, 1.0)
    yield event("bedroom-pir", bed - 60)
    out = calendar.at(day, 10 + rng.uniform(0, 5)) if rng.random() < OUTINGS else None
    t = up + 30
    while t < bed - 1800:
        if out is not None and t > out:
            yield event("front-door-contact", t)
            yield event("front-door-contact", t + 5, 0.0)
            t += rng.uniform(2400, 9000)
            yield event("front-door-contact", t)
            yield event("hallway-pir", t + 4)
            out = None
        yield from _something(t, rng)
        t += rng.uniform(300, 1500)
    for hour in range(24):
        yield event("lounge-climate", calendar.at(day, hour), 20.0 + round(rng.normal(), 1))


def _something(t: float, rng: np.random.Generator) -> Iterator[SensorEvent]:
    """What one does from time to time, by way of the hall."""
    act = str(rng.choice(ACTS, p=HOW_OFTEN))
    yield event("hallway-pir", t)
    if act == "bathroom":
        yield from _bathroom(t + 4, rng)
    elif act in {"drink", "kitchen"}:
        yield event("kitchen-pir", t + 5 + rng.uniform(0, 3))
        yield event("fridge-contact", t + 40)
        if act == "drink":
            yield event("kettle-plug", t + 200, 95.0)
    else:
        yield event("lounge-pir", t + 4 + rng.uniform(0, 2))
        yield event("lounge-pir", t + 90)
        if act == "gait":
            yield event("hallway-gait", t + 2, round(0.8 + 0.05 * rng.normal(), 2))


def _bathroom(t: float, rng: np.random.Generator) -> Iterator[SensorEvent]:
    yield event("hallway-pir", t)
    yield event("bathroom-pir", t + 4 + rng.uniform(0, 2))
    yield event("toilet-flush", t + 120)
    yield event("bedroom-pir", t + 180)
