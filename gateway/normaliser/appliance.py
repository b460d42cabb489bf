"""Uses of an appliance out of the power its plug reports: a boil of the kettle is one event.

Hysteresis: a use begins above one power and ends only when the power has been below a lower one for
a while, so that a false zero reading does not make two uses out of one.
"""

from typing import ClassVar

import msgspec

from gateway.dialects.protocol import Reading, Signal
from gateway.normaliser.channel import NEVER, Told
from gateway.normaliser.use import Drawn, decimals_of

SILENT_S = 900.0
"""A plug that says nothing for so long in the midst of a use is taken to have been unplugged."""

LONGEST_S = 6 * 3600.0
"""A use is ended here: what draws power for longer is not switched on by a person's hand."""

BACK_S = 60.0
"""A word so much older than the last one was dated by a clock that was set back meanwhile."""

MOST_WH = 20_000.0
DISAGREES = "energy_disagrees"
GLITCH = "energy_glitch"
CUT_SHORT = "use_cut_short"


class UseState(msgspec.Struct):
    """A use under way, if there is one, and the plug's last words.

    Attributes:
        power, power_at: The last power (W) and when it was told.
        energy, energy_at: The last reading of its counter (kWh) and when it was told.
        decimals: The most decimals that a reading of the counter has borne.
        began_at: When the use began; None while there is none.
        below_at: When the power fell below the lower threshold, if it still is.
        said_at: When it last said anything in the use.
        drawn: What the use has drawn so far.
        use_at: The device's own time of the last use that was told as a whole.
        doubtful: What it drew is not known any more: no use begins until the power was low.
    """

    power: float = 0.0
    power_at: float = 0.0
    energy: float | None = None
    energy_at: float = 0.0
    decimals: int = 0
    began_at: float | None = None
    below_at: float | None = None
    said_at: float = 0.0
    drawn: Drawn = msgspec.field(default_factory=Drawn)
    use_at: float | None = None
    doubtful: bool = False


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
        self._follow(t)
        told = self.settle(t)
        if reading.signal == Signal.USE:
            told += self._whole(reading, t)
        elif reading.signal == Signal.ENERGY:
            self._count(reading.value, t)
        else:
            self._power(max(0.0, reading.value), t)
        return told

    def settle(self, now: float) -> list[Told]:
        """Tells a use that is over, with the time at which it ended."""
        state = self.state
        if state.began_at is None or now < self.deadline():
            return []
        ended_at = self._last_word() if state.below_at is None else state.below_at
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
        said_at = self._last_word()
        return min(said_at + SILENT_S, max(said_at, state.began_at + LONGEST_S))

    def doubt(self) -> None:
        """What it was doing is not known any more: a use that goes on is not told in part."""
        use_at, decimals = self.state.use_at, self.state.decimals
        self.state = UseState(decimals=decimals, use_at=use_at, doubtful=True)

    def _follow(self, t: float) -> None:
        """Moves what is under way with a clock that was set back, as if no time had passed."""
        state = self.state
        back = t - max(self._last_word(), state.energy_at)
        if back >= -BACK_S:
            return
        state.power_at, state.said_at = state.power_at + back, state.said_at + back
        state.energy_at += back
        state.drawn.move(back)
        if state.began_at is not None:
            state.began_at += back
        if state.below_at is not None:
            state.below_at += back

    def _power(self, power: float, t: float) -> None:
        state = self.state
        if (power, t) == (state.power, state.power_at):
            return  # a bridge says it again; it may be about a use that silence has ended
        self._draw(t)
        state.doubtful = state.doubtful and power >= self._off_w
        if state.began_at is None:
            if power > self._on_w and not state.doubtful:
                self._begin(t)
        elif power >= self._off_w:
            state.drawn.rise()
            state.below_at = None
        elif state.below_at is None:
            state.below_at = t
        state.power, state.power_at = power, t
        state.drawn.highest = max(state.drawn.highest, power)

    def _begin(self, t: float) -> None:
        """Begins a use at `t`, from what the counter stood at unless that is too long ago."""
        state = self.state
        state.began_at = state.said_at = t
        state.drawn = Drawn()
        if state.energy is not None and t - state.energy_at < SILENT_S:
            idle_wh = state.power * (t - max(state.energy_at, state.power_at)) / 3600
            state.drawn.count(state.energy + idle_wh / 1000, state.energy_at, state.decimals)

    def _count(self, kwh: float, t: float) -> None:
        state = self.state
        self._draw(t)
        state.decimals = max(state.decimals, decimals_of(kwh))
        if state.began_at is not None:
            state.drawn.count(kwh, t, state.decimals)
        state.energy, state.energy_at = kwh, t

    def _draw(self, t: float) -> None:
        """Counts what the last power drew until `t`."""
        state = self.state
        if state.began_at is None:
            return
        held = t - self._last_word()
        state.drawn.add(state.power * held / 3600, low=state.below_at is not None)
        state.said_at = t

    def _last_word(self) -> float:
        return max(self.state.said_at, self.state.power_at)

    def _whole(self, reading: Reading, t: float) -> list[Told]:
        """A use of which somebody else has seen the end; said twice it is one."""
        if reading.stamp is not None and reading.stamp == self.state.use_at:
            return []
        self.state.use_at = reading.stamp
        return [Told(t, reading.value, reading.seconds)]

    def _told(self, began_at: float, ended_at: float) -> Told:
        """The use, with the counter's word where it tells finely or the powers are far from it."""
        lasted = ended_at - began_at
        told = self.state.drawn.told(self.state.decimals, lasted)
        is_cut = self.state.below_at is None and ended_at < began_at + LONGEST_S
        note = GLITCH if told.glitch else DISAGREES if told.apart else CUT_SHORT if is_cut else ""
        return Told(ended_at, round(min(told.wh, MOST_WH), 3), round(lasted, 3), note)
