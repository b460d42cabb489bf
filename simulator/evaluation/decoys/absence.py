"""Nobody at home: a holiday, a stay in hospital."""

import numpy as np

from contract import SensorEvent
from detectors.features.places import EXITS
from simulator.evaluation.decoys.decoy import Events, Scene
from simulator.evaluation.injection import moved, time_of

DOOR_S = 20.0
BACK_S = 300.0


def nobody(scene: Scene) -> Events:
    """Out by the door, and back by it before the end; nothing in between."""
    door = _door(scene.events)
    if door is None:
        return []
    out = [_at(door, scene.start + 1), _at(door, scene.start + DOOR_S)]
    back = [_at(door, scene.end - BACK_S), _at(door, scene.end - BACK_S + DOOR_S)]
    return [*out, *back]


def _door(events: Events) -> SensorEvent | None:
    """An opening of an outer door of this home, to be told again."""
    doors = [event for event in events if event.place in EXITS and event.value == 1]
    return doors[0] if doors else None


def _at(event: SensorEvent, t: float) -> SensorEvent:
    return moved(event, float(np.round(t - time_of(event), 3)))
