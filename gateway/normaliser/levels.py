"""Things that are measured: told when they have moved, and now and then although they have not."""

from typing import ClassVar

import msgspec

from gateway.dialects.protocol import Reading, Signal
from gateway.normaliser.channel import NEVER, Told, since

AGAIN_S = 300.0
"""After this time a measure is told again though it has hardly moved."""


class LevelState(msgspec.Struct):
    """What was last told, and when."""

    value: float = 0.0
    told_at: float | None = None


class Level:
    """A measure.

    Args:
        step: A change smaller than this is noise, in the unit of the measure.
    """

    signals: ClassVar[frozenset[Signal]] = frozenset()

    def __init__(self, step: float) -> None:
        self._step = step
        self.state = LevelState()

    def hear(self, reading: Reading, t: float) -> list[Told]:
        """Tells the measure at `t` where it is news."""
        state = self.state
        if since(state.told_at, t) < AGAIN_S:
            moved = abs(reading.value - state.value)
            if moved < self._step:
                return []
        state.value, state.told_at = reading.value, t
        return [Told(t, reading.value)]

    def settle(self, now: float) -> list[Told]:
        """Nothing ever waits."""
        del now
        return []

    def deadline(self) -> float:
        """Nothing ever waits."""
        return NEVER


class Temperature(Level):
    """Degrees Celsius."""

    signals: ClassVar[frozenset[Signal]] = frozenset({Signal.TEMPERATURE})


class Humidity(Level):
    """Relative humidity in per cent."""

    signals: ClassVar[frozenset[Signal]] = frozenset({Signal.HUMIDITY})


class GaitSpeed(Level):
    """Metres a second; each walk is news."""

    signals: ClassVar[frozenset[Signal]] = frozenset({Signal.GAIT_SPEED})
