"""Faults of messages on the way: told twice, told late, told again though nobody did anything."""

import msgspec

from contract import Quality, SensorEvent
from simulator.evaluation.decoys.decoy import DAY_S, Events, Scene
from simulator.evaluation.injection import moved, time_of

TWICE = 0.3
AFTER_S = 2.0
LATE_S = 2 * 3600.0
RESTARTS_A_DAY = 5


def duplicated(scene: Scene) -> Events:
    """Three messages in ten are heard a second time within two seconds."""
    events = scene.within(scene.events)
    again = [
        moved(event, float(scene.rng.uniform(0.05, AFTER_S)))
        for event in events
        if scene.rng.random() < TWICE
    ]
    return sorted([*events, *again], key=time_of)


def late(scene: Scene) -> Events:
    """On each day, all messages of two hours come after the hub had moved on."""
    offsets = scene.rng.uniform(0, DAY_S - LATE_S, int((scene.end - scene.start) // DAY_S) + 1)

    def as_heard(event: SensorEvent) -> SensorEvent:
        day, second = divmod(time_of(event) - scene.start, DAY_S)
        if 0 <= second - offsets[int(day)] < LATE_S:
            return msgspec.structs.replace(event, quality=str(Quality.LATE))
        return event

    return [as_heard(event) for event in scene.within(scene.events)]


def replayed(scene: Scene) -> Events:
    """Five times a day the bridge starts anew and tells the last of every sensor again."""
    events = scene.within(scene.events)
    count = int(RESTARTS_A_DAY * (scene.end - scene.start) / DAY_S)
    again: Events = []
    for t in scene.rng.uniform(scene.start, scene.end, count):
        last = {event.sensor: event for event in events if time_of(event) < t}
        again += [
            msgspec.structs.replace(
                moved(event, float(t) - time_of(event)), quality=str(Quality.REPLAYED)
            )
            for event in last.values()
        ]
    return sorted([*events, *again], key=time_of)
