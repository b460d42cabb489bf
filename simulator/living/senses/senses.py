"""All sensors of one home, and what befalls them: silence, and being hung up elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from detectors.profile import SensorRole
from simulator.living.chance import Chance
from simulator.living.senses.block import Block
from simulator.living.senses.columns import Columns, joined
from simulator.living.senses.contacts import TwoSided
from simulator.living.senses.motion import Motion
from simulator.living.senses.registry import MAKES
from simulator.living.senses.sensor import Sensor

_HANGING_S = 120.0  # it takes to hang a sensor up elsewhere; no one sees what passes meanwhile


@dataclass(frozen=True)
class _Silence:
    start: float
    end: float
    sensor: int | None


@dataclass(frozen=True)
class _Rehung:
    sensor: int
    stand_in: Sensor
    start: float
    end: float


class Senses:
    """The sensors of one home.

    Args:
        names: Which are fitted, by their names in :data:`simulator.living.senses.registry.MAKES`.
        seed: Of this home.
    """

    def __init__(self, names: Sequence[str], *seed: int) -> None:
        self._seed = seed
        known = list(MAKES)
        self._sensors: list[Sensor] = [
            MAKES[name](Chance.of(*seed, known.index(name))) for name in names
        ]
        self.roles: tuple[SensorRole, ...] = tuple(sensor.role for sensor in self._sensors)
        self._silences: list[_Silence] = []
        self._rehung: list[_Rehung] = []
        self._states = {
            index: 0.0 for index, sensor in enumerate(self._sensors) if isinstance(sensor, TwoSided)
        }

    def silence(self, start: float, end: float, *, sensor: str = "") -> None:
        """A sensor, or every one, says nothing from `start` up to `end` (epoch seconds).

        Raises:
            ValueError: There is no such sensor.
        """
        which = self._find(sensor) if sensor else None
        self._silences.append(_Silence(start, end, which))

    def rehang(self, sensor: str, room: str, start: float, end: float) -> None:
        """A motion sensor hangs in another room from `start` up to `end`, and keeps its name.

        Raises:
            ValueError: There is no such motion sensor.
        """
        which = self._find(sensor)
        moved = self._sensors[which]
        if not isinstance(moved, Motion):
            raise ValueError(  # noqa: TRY004 (what is wrong is the name that was given)
                f"{sensor} is no motion sensor: only those are hung up elsewhere"
            )
        there = MAKES[f"{room}-pir"](Chance.of(*self._seed, 1000 + len(self._rehung)))
        self._rehung.append(_Rehung(which, there, start, end))

    def sense(self, block: Block) -> Columns:
        """What all of them tell in a block, in order of time."""
        told = [sensor.sense(block, index) for index, sensor in enumerate(self._sensors)]
        for rehung in self._rehung:
            told[rehung.sensor] = _swapped(told[rehung.sensor], rehung, block)
        columns = joined(told)
        for silence in self._silences:
            columns = _without(columns, silence)
        return self._changes(columns) if self._silences else columns

    def _changes(self, columns: Columns) -> Columns:
        """Without states that a sensor told already: the other edge fell into a silence."""
        told = np.ones(len(columns), np.bool_)
        for sensor, state in self._states.items():
            mine = np.flatnonzero(columns.sensor == sensor)
            values = columns.value[mine]
            told[mine] = np.diff(values, prepend=state) != 0
            self._states[sensor] = float(values[-1]) if len(values) else state
        return columns.compress(told)

    def _find(self, name: str) -> int:
        names = [role.sensor for role in self.roles]
        if name not in names:
            raise ValueError(f"no sensor {name!r}; there are {', '.join(names)}")
        return names.index(name)


def _swapped(told: Columns, rehung: _Rehung, block: Block) -> Columns:
    """What it tells where it hangs now, while it hangs there."""
    if rehung.start >= block.end or rehung.end <= block.start:
        return told
    other = rehung.stand_in.sense(block, rehung.sensor)
    hung = replace(rehung, start=rehung.start + _HANGING_S, end=rehung.end - _HANGING_S)
    return joined((told.compress(~_during(told, rehung)), other.compress(_during(other, hung))))


def _without(columns: Columns, silence: _Silence) -> Columns:
    silent = _during(columns, silence)
    if silence.sensor is not None:
        silent &= columns.sensor == silence.sensor
    return columns.compress(~silent) if silent.any() else columns


def _during(
    columns: Columns, span: _Silence | _Rehung
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return (columns.at_ms >= span.start * 1000) & (columns.at_ms < span.end * 1000)
