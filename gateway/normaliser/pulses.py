"""Things that happen at an instant: a movement, a flush, the press of a button."""

from typing import ClassVar

import msgspec

from gateway.dialects.protocol import Reading, Signal
from gateway.normaliser.channel import NEVER, Told, since

REARM_S = 300.0
"""A sensor that stays active this long has seen something anew; its timeout may have been lost."""

FLUSH_S = 20.0
"""Shaking within this time belongs to the same flush."""

PRESSED_AGAIN_S = 10.0
"""Whoever presses a button twice within this time asks once, where no press bears its own time."""

KNOWN_PRESSES = 64
"""So many presses are known again by their own times."""

_CANCELS = frozenset({"cancel", "off", "disarm"})
_NO_PRESS = ("release", "released")


class PulseState(msgspec.Struct):
    """Whether the sensor is active, and when it was last told, also by the device's own clock."""

    active: bool = False
    told_at: float | None = None
    stamp: float | None = None


class Motion:
    """A movement detector: its activation is the event, its timeout is not."""

    signals: ClassVar[frozenset[Signal]] = frozenset(
        {Signal.OCCUPANCY, Signal.PRESENCE, Signal.VIBRATION, Signal.SWITCH}
    )

    def __init__(self) -> None:
        self.state = PulseState()

    def hear(self, reading: Reading, t: float) -> list[Told]:
        """Tells an activation at `t`, unless the detector already was active or says it again."""
        state = self.state
        was_active, state.active = state.active, bool(reading.value)
        fresh = not was_active or since(state.told_at, t) >= REARM_S
        again = reading.stamp is not None and reading.stamp == state.stamp
        if not state.active or not fresh or again:
            return []
        state.told_at, state.stamp = t, reading.stamp
        return [Told(t, 1.0)]

    def settle(self, now: float) -> list[Told]:
        """Nothing ever waits."""
        del now
        return []

    def deadline(self) -> float:
        """Nothing ever waits."""
        return NEVER


class Flush(Motion):
    """A toilet: the cistern shakes, or water runs.

    Where the device has a state, its rise is the flush. Where it only says that it was shaken, all
    shaking within `FLUSH_S` is one flush. Where it tells no time, that is counted by no clock that
    can be set, where the hub has one: a leap must not make two of one.
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
            return super().hear(reading, t)
        if reading.text != "vibration" or self._rested(reading, t) < FLUSH_S:
            return []
        self.state.told_at, self._came = t, reading.came
        return [Told(t, 1.0)]

    def _rested(self, reading: Reading, t: float) -> float:
        """Seconds since the last flush."""
        if reading.stamp is None and reading.came is not None and self._came is not None:
            return since(self._came, reading.came)
        return since(self.state.told_at, t)


class ButtonState(msgspec.Struct):
    """The last presses that were told.

    Attributes:
        action: Which the last one was.
        at: Its time by the device's own clock, where the message told.
        pressed_at: When it counted.
        told: The last that bore such a time, the oldest first: a bridge may say them again. Words
            and no numbers, for they are names: nobody moves them when a clock is set back.
    """

    action: str = ""
    at: float | None = None
    pressed_at: float | None = None
    told: list[str] = []


class Button:
    """A button to ask for help: 1 asked, 0 cancelled. Every press is an event.

    Where presses bear no time of their own, the same one within `PRESSED_AGAIN_S` is that press
    delivered twice, or an anxious finger: it asks for nothing that was not just asked for. That
    time is counted by no clock that can be set, where the hub has one: a clock that is put right
    must swallow no call. Its count is of this process and not kept: after a restart a press is one.

    Where a press bears its own time, it is said again only where both time and action are the same.
    Within one second of a device that tells no more, who takes a call back may call again.
    """

    signals: ClassVar[frozenset[Signal]] = frozenset({Signal.ACTION})

    def __init__(self) -> None:
        self.state = ButtonState()
        self._came: float | None = None

    def hear(self, reading: Reading, t: float) -> list[Told]:
        """Tells a press at `t`; letting go is none, and neither is the same press said again."""
        state = self.state
        if reading.text.endswith(_NO_PRESS) or self._is_again(reading, t):
            return []
        state.action, state.at, state.pressed_at = reading.text, reading.stamp, t
        self._came = reading.came
        if reading.stamp is not None:
            state.told = [*state.told[1 - KNOWN_PRESSES :], _name(reading)]
        return [Told(t, 0.0 if reading.text in _CANCELS else 1.0)]

    def knows(self, reading: Reading) -> bool:
        """Whether it has told this very press before, by the press's own time."""
        state = self.state
        if reading.stamp is None:
            return False
        last = (reading.text, reading.stamp) == (state.action, state.at)
        return last or _name(reading) in state.told

    def _is_again(self, reading: Reading, t: float) -> bool:
        if reading.stamp is not None:
            return self.knows(reading) and not self._is_anew(reading)
        if reading.text != self.state.action:
            return False
        if reading.came is not None:
            return since(self._came, reading.came) < PRESSED_AGAIN_S
        return since(self.state.pressed_at, t) < PRESSED_AGAIN_S

    def _is_anew(self, reading: Reading) -> bool:
        """Whether a call was taken back and made anew within a second that is told as a whole."""
        state = self.state
        same = reading.stamp == state.at and float(reading.stamp or 0.0).is_integer()
        return same and state.action in _CANCELS and reading.text not in _CANCELS

    def settle(self, now: float) -> list[Told]:
        """Nothing ever waits."""
        del now
        return []

    def deadline(self) -> float:
        """Nothing ever waits."""
        return NEVER


def _name(reading: Reading) -> str:
    """What a press that bears its own time is known by."""
    return f"{reading.stamp} {reading.text}"
