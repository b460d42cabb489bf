"""Others in the home: visitors, a second resident, a pet."""

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from contract import Kind, SensorEvent
from simulator.evaluation.decoys.decoy import DAY_S, Events, Scene
from simulator.evaluation.injection import moved, time_of

VISIT = range(14, 18)
PET_A_DAY = 35
"""As many as the simulator's cat, which walks through two or three rooms 14 times a day."""


def visitors(scene: Scene) -> Events | None:
    """What another home does from 14 to 18 h is done here, too."""
    guests = [e for e in _others(scene) if int(scene.calendar.moment(time_of(e)).hour) in VISIT]
    return _merged(scene, guests)


def second_resident(scene: Scene) -> Events | None:
    """All that another home does is done here, too."""
    return _merged(scene, _others(scene))


def pet(scene: Scene) -> Events | None:
    """Motion at any hour in any room with a sensor for it."""
    sensors = {e.sensor: e for e in scene.events if e.kind == Kind.MOTION}
    if not sensors:
        return None
    count = scene.rng.poisson(PET_A_DAY * (scene.end - scene.start) / DAY_S)
    seen = list(sensors.values())
    extra = [
        msgspec.structs.replace(
            seen[int(scene.rng.integers(len(seen)))],
            at=datetime.fromtimestamp(round(float(t), 3), UTC),
        )
        for t in scene.rng.uniform(scene.start, scene.end, count)
    ]
    return _merged(scene, extra)


def _others(scene: Scene) -> Events:
    """The other home's events, put onto these days by whole days, as this home's sensors saw them.

    Both keep the clock on the wall but for the days on which it changes.
    """
    if not scene.company:
        return []
    mine = {event.place: event.sensor for event in reversed(scene.events)}
    first = scene.calendar.moment(time_of(scene.company[0])).day + 1
    by = scene.calendar.at(scene.calendar.moment(scene.start).day, 0) - scene.calendar.at(first, 0)
    return [
        moved(msgspec.structs.replace(event, home=scene.events[0].home, sensor=sensor), by)
        for event in scene.company
        if (sensor := mine.get(event.place)) is not None
        and scene.start <= time_of(event) + by < scene.end
    ]


def _merged(scene: Scene, others: Iterable[SensorEvent]) -> Events | None:
    extra = list(others)
    return sorted([*scene.within(scene.events), *extra], key=time_of) if extra else None
