"""What a recording tells of each home, as arrays: in the same words for real and made-up ones."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from contract import Kind, SensorEvent
from contract.recordings import BadLine, open_recording, read_recording
from detectors.profile import SensorRole
from simulator.realism.clock import Floats

if TYPE_CHECKING:
    from simulator.living.senses.columns import Columns

SENSORS = (
    "bathroom",
    "bedroom",
    "hallway",
    "kitchen",
    "lounge",
    "fridge",
    "front_door",
    "back_door",
)
"""What TIHM tells: motion in five rooms, and each time that three doors are opened or closed."""
ROOMS = SENSORS[:5]

_HEARD_AS = {
    **{(Kind.MOTION.value, place): place for place in ROOMS},
    **{(Kind.OPENING.value, place): place for place in SENSORS[5:]},
    (Kind.FLUSH.value, "toilet"): "flush",
    (Kind.APPLIANCE.value, "kettle"): "kettle",
    (Kind.PRESENCE.value, "bed"): "bed",
}
_TWO_EDGED = frozenset({*SENSORS[5:], "bed"})


@dataclass(frozen=True)
class Heard:
    """All that counts of one home.

    Attributes:
        name: The home's.
        streams: By sensor, rows of (epoch seconds, value, seconds the use lasted), sorted by time.
            Times are cut to whole seconds, as TIHM tells them: finer ones would give a made-up home
            away by its file format.
    """

    name: str
    streams: dict[str, Floats]


def hear(events: Iterable[SensorEvent]) -> list[Heard]:
    """The homes in the events, by name. What is no sensor of ours is passed over.

    Both edges of a door count: TIHM's activations of a door come in pairs (of the visits to a
    fridge 99 of 100 have an even number), so it tells the closing like the opening.
    """
    rows: defaultdict[str, defaultdict[str, list[tuple[float, float, float]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for event in events:
        sensor = _HEARD_AS.get((event.kind, event.place))
        if sensor is not None and (event.value > 0 or sensor in _TWO_EDGED):
            row = (event.at.timestamp(), event.value, event.duration or 0.0)
            rows[event.home][sensor].append(row)
    return [
        Heard(name, {sensor: _array(found) for sensor, found in sorted(streams.items())})
        for name, streams in sorted(rows.items())
    ]


def hear_columns(name: str, roles: Sequence[SensorRole], columns: "Columns") -> Heard:
    """The same of one home, told in columns."""
    streams: defaultdict[str, list[Floats]] = defaultdict(list)
    for index, role in enumerate(roles):
        sensor = _HEARD_AS.get((role.kind, role.place))
        if sensor is None:
            continue
        mine = columns.sensor == index
        if sensor not in _TWO_EDGED:
            mine &= columns.value > 0
        told = columns.compress(mine)
        if len(told):
            lasted = np.nan_to_num(told.duration)
            streams[sensor].append(np.column_stack([told.at_ms / 1000, told.value, lasted]))
    return Heard(name, {sensor: _sorted(np.vstack(rows)) for sensor, rows in streams.items()})


def read(path: Path, advance: Callable[[int], object] = lambda _: None) -> tuple[list[Heard], int]:
    """The homes in a recording, and how many of its lines were no events.

    Args:
        path: A recording as `import` and `generate` write it.
        advance: Told how many more lines are read, now and then.
    """
    bad = 0

    def events() -> Iterable[SensorEvent]:
        nonlocal bad
        with open_recording(path) as lines:
            for number, item in enumerate(read_recording(lines), start=1):
                if isinstance(item, BadLine):
                    bad += 1
                else:
                    yield item
                if number % 10_000 == 0:
                    advance(10_000)

    return hear(events()), bad


def _array(rows: list[tuple[float, float, float]]) -> Floats:
    return _sorted(np.array(rows, dtype=np.float64).reshape(-1, 3))


def _sorted(found: Floats) -> Floats:
    found[:, 0] = np.floor(found[:, 0])
    return found[np.argsort(found[:, 0], kind="stable")]
