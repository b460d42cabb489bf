"""Things that happen at an instant: a movement, a flush."""

from typing import ClassVar

import msgspec

from gateway.dialects.protocol import Occasion, Reading, Signal
from gateway.normaliser.channel import NEVER, Told, since

REARM_S = 300.0
"""A sensor that says so again after this time has seen something anew; its timeout may be lost."""

GOES_ON_S = 3600.0
"""One that is read again and again and stays active shows after this time that somebody moves on.

It is the output of a wired detector, which whoever moves without a pause keeps up; nobody must be
missed because of that, and no condition misses anybody within three hours."""

STUCK_S, STAYED_S = 3 * 3600.0, 24 * 3600.0
"""A detector that was active for so long without a timeout is stuck. Where it tells that somebody
is there, and not that something moves, it is after the second: people sit, and sleep."""

FLUSH_S = 20.0
"""Shaking within this time belongs to the same flush."""


class PulseState(msgspec.Struct):
    """What is remembered of a sensor.

    Attributes:
        active: Whether it is active.
        active_at: Since when.
        stuck: It has been for longer than anybody moves.
        told_at, stamp: When it was last told, also by the device's own clock.
    """

    active: bool = False
    active_at: float | None = None
    stuck: bool = False
    told_at: float | None = None
    stamp: float | None = None


class Motion:
    """A movement detector: its activation is the event, its timeout is not.

    That it is active still is an event where the device says so because it saw something anew. What
    is said beside a change of its battery or its temperature is none; what is read again with all
    else shows no more than that somebody moves on. One that is stuck tells nothing, unless it says
    that it became active just now.
    """

    signals: ClassVar[frozenset[Signal]] = frozenset(
        {Signal.OCCUPANCY, Signal.PRESENCE, Signal.VIBRATION, Signal.SWITCH}
    )

    def __init__(self) -> None:
        self.state = PulseState()

    def hear(self, reading: Reading, t: float) -> list[Told]:
        """Tells an activation at `t`, unless the detector already was active or says it again."""
        state = self.state
        was_active, state.active = state.active, bool(reading.value)
        if not state.active or not was_active or since(state.active_at, t) == NEVER:
            state.active_at, state.stuck = t, False
        again = reading.stamp is not None and reading.stamp == state.stamp
        if not state.active or again or (was_active and not self._is_anew(reading, t)):
            return []
        state.told_at, state.stamp = t, reading.stamp
        return [Told(t, 1.0)]

    def _is_anew(self, reading: Reading, t: float) -> bool:
        """Whether a sensor that was active already saw something anew."""
        state, told = self.state, since(self.state.told_at, t)
        longest = STAYED_S if reading.signal is Signal.PRESENCE else STUCK_S
        changed = reading.occasion is Occasion.CHANGE
        state.stuck = not changed and since(state.active_at, t) >= longest
        if state.stuck or reading.occasion is Occasion.BESIDE:
            return False
        return told >= (GOES_ON_S if reading.occasion is Occasion.REPORT else REARM_S)

    def settle(self, now: float) -> list[Told]:
        """Nothing ever waits."""
        del now
        return []

    def deadline(self) -> float:
        """Nothing ever waits."""
        return NEVER


class Flush(Motion):
    """A toilet: the cistern shakes, or water runs.

    Where the device has a state, its rise is the flush. All shaking within `FLUSH_S` is one flush,
    also where a state says so that comes and goes with it. Where it tells no time, that is counted
    by no clock that can be set, where the hub has one: a leap must not make two of one.
    """

    signals: ClassVar[frozenset[Signal]] = frozenset(
        {Signal.VIBRATION, Signal.WATER, Signal.SWITCH, Signal.ACTION}
    )

    def __init__(self) -> None:
        super().__init__()
        self._came: float | None = None  # of this process, and not kept

    def hear(self, reading: Reading, t: float) -> list[Told]:
        """Tells one flush at `t`, however long it shakes."""
        if reading.signal != Signal.ACTION:
            return self._rises(reading, t)
        if reading.text != "vibration" or self._rested(reading, t) < FLUSH_S:
            return []
        self.state.told_at, self._came = t, reading.came
        return [Told(t, 1.0)]

    def _rises(self, reading: Reading, t: float) -> list[Told]:
        before, rested = self.state.told_at, self._rested(reading, t)
        told = super().hear(reading, t)
        if told and reading.signal is Signal.VIBRATION and rested < FLUSH_S:
            self.state.told_at = before
            return []
        self._came = reading.came if told else self._came
        return told

    def _rested(self, reading: Reading, t: float) -> float:
        """Seconds since the last flush."""
        if reading.stamp is None and reading.came is not None and self._came is not None:
            return since(self._came, reading.came)
        return since(self.state.told_at, t)

    def _is_anew(self, reading: Reading, t: float) -> bool:
        """Water that runs on, or is said to, is told again: a flood is worse than a flush twice."""
        del reading
        return since(self.state.told_at, t) >= REARM_S
