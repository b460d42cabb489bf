"""Uses of an appliance out of the power its plug reports: a boil of the kettle is one event.

Hysteresis: a use begins above one power and ends only when the power has been below a lower one for
a while, so that a false zero reading does not make two uses out of one.
"""

from typing import ClassVar

import msgspec

from gateway.dialects.protocol import Reading, Signal
from gateway.normaliser.channel import NEVER, Told

SILENT_S = 900.0
"""A plug that says nothing for so long in the midst of a use is taken to have been unplugged."""

LONGEST_S = 6 * 3600.0
"""A use is ended here: what draws power for longer is not switched on by a person's hand."""

MOST_WH = 20_000.0
_APART_WH, _APART_SHARE = 20.0, 0.25
DISAGREES = "energy_disagrees"


class UseState(msgspec.Struct):
    """A use under way, if there is one, and the plug's last words.

    Attributes:
        power, power_at: The last power (W) and when it was told.
        energy: The last meter reading (kWh).
        began_at: When the use began; None while there is none.
        began_energy: The meter reading before it.
        below_at: When the power fell below the lower threshold, if it still is.
        wh: What the use has drawn so far.
        use_at: When the last use ended that was told as a whole.
    """

    power: float = 0.0
    power_at: float = 0.0
    energy: float | None = None
    began_at: float | None = None
    began_energy: float | None = None
    below_at: float | None = None
    wh: float = 0.0
    use_at: float | None = None


class Appliance:
    """A metering plug.

    Args:
        on_w: A use begins above this power.
        off_w: It ends when the power falls below this one
        gap_s: and has stayed there for so many seconds.
    """

    signals: ClassVar[frozenset[Signal]] = frozenset({Signal.POWER, Signal.ENERGY, Signal.USE})

    def __init__(self, *, on_w: float, off_w: float, gap_s: float) -> None:
        self._on_w, self._off_w, self._gap_s = on_w, off_w, gap_s
        self.state = UseState()

    def hear(self, reading: Reading, t: float) -> list[Told]:
        """Takes in power, energy or a whole use told at `t`; a power holds until the next one."""
        told = self.settle(t)
        if reading.signal == Signal.USE:
            told += self._whole(reading, t)
        elif reading.signal == Signal.ENERGY:
            self.state.energy = reading.value
        else:
            self._power(max(0.0, reading.value), t)
        return told

    def settle(self, now: float) -> list[Told]:
        """Tells a use that is over, with the time at which it ended."""
        state = self.state
        if state.began_at is None or now < self.deadline():
            return []
        ended_at = state.power_at if state.below_at is None else state.below_at
        told = self._told(state.began_at, ended_at)
        state.began_at = state.below_at = None
        return [told]

    def deadline(self) -> float:
        """When the use under way counts as over if nothing more is heard."""
        state = self.state
        if state.began_at is None:
            return NEVER
        if state.below_at is not None:
            return state.below_at + self._gap_s
        return min(state.power_at + SILENT_S, max(state.power_at, state.began_at + LONGEST_S))

    def _power(self, power: float, t: float) -> None:
        state = self.state
        if state.began_at is None:
            if power > self._on_w:
                state.began_at, state.began_energy, state.wh = t, state.energy, 0.0
        else:
            if state.below_at is None:
                state.wh += state.power * (t - state.power_at) / 3600
            if power >= self._off_w:
                state.below_at = None
            elif state.below_at is None:
                state.below_at = t
        state.power, state.power_at = power, t

    def _whole(self, reading: Reading, t: float) -> list[Told]:
        """A use of which somebody else has seen the end; said twice it is one."""
        if reading.at is not None and t == self.state.use_at:
            return []
        self.state.use_at = t
        return [Told(t, reading.value, reading.seconds)]

    def _told(self, began_at: float, ended_at: float) -> Told:
        """The use, with the meter's word where it and the plug's powers are far apart."""
        state = self.state
        wh, note = state.wh, ""
        if state.began_energy is not None and state.energy is not None:
            metered = (state.energy - state.began_energy) * 1000
            apart = abs(metered - wh) > max(_APART_WH, _APART_SHARE * wh)
            if metered >= 0 and apart:  # a meter that went back was reset
                wh, note = metered, DISAGREES
        return Told(ended_at, round(min(wh, MOST_WH), 3), round(ended_at - began_at, 3), note)
