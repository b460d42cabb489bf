"""What an appliance has drawn in one use: by its plug's counter where it has one, or by powers."""

from typing import NamedTuple

import msgspec

_FINE_DECIMALS = 3
"""A counter that tells watt-hours is believed to the watt-hour; a coarser one is only a check."""

_MOST_DECIMALS = 7
_APART_WH, _APART_SHARE = 20.0, 0.25


class Step(msgspec.Struct, frozen=True):
    """A reading of the counter that does not follow from the ones before.

    Attributes:
        kwh, at: What it told, and when.
        wh: What had been drawn by then by powers.
    """

    kwh: float
    at: float
    wh: float


class Told(NamedTuple):
    """What is told of a use.

    Attributes:
        wh: Watt-hours.
        apart: Counter and powers are far apart, and the counter is believed.
        glitch: The counter told what cannot be.
    """

    wh: float
    apart: bool
    glitch: bool


class Drawn(msgspec.Struct):
    """What was drawn since a use began, told twice over: by powers, and by the counter.

    The counter's word for the time between its first and its last reading stands beside that of the
    powers for the time before and after. A reading that falls, or rises faster than the highest
    power could have made it, is put aside: if the next one goes on from it, the counter was reset,
    and begins anew there; if the next one goes on from what was before, it was a glitch.

    Attributes:
        wh: By powers, without what was drawn while the power was low.
        low_wh: By powers, since the power fell low: it counts if the power rises again.
        highest: The highest power that was told, in watts.
        first, first_wh: The counter's first reading (kWh), and what had been drawn by then.
        last, last_wh: Its last one, and what had been drawn by then by powers.
        last_at: When it was told, in epoch seconds.
        aside: The reading that was put aside.
        glitch: The counter told what cannot be.
    """

    wh: float = 0.0
    low_wh: float = 0.0
    highest: float = 0.0
    first: float | None = None
    first_wh: float = 0.0
    last: float = 0.0
    last_wh: float = 0.0
    last_at: float = 0.0
    aside: Step | None = None
    glitch: bool = False

    def add(self, wh: float, *, low: bool) -> None:
        """Takes in what a power drew while it held."""
        if low:
            self.low_wh += wh
        else:
            self.wh += wh

    def rise(self) -> None:
        """Counts what was drawn while the power was low: the use goes on."""
        self.wh, self.low_wh = self.wh + self.low_wh, 0.0

    def count(self, kwh: float, at: float, decimals: int) -> None:
        """Takes in a reading of the counter.

        Args:
            kwh: What it tells.
            at: When, in epoch seconds.
            decimals: How finely the counter is known to tell kilowatt-hours.
        """
        step = Step(kwh, at, self.wh + self.low_wh)
        before = Step(self.last, self.last_at, self.last_wh)
        if self.first is None:
            self._begin(step)
        elif self._follows(before, step, decimals):
            self.glitch = self.glitch or self.aside is not None
        elif self.aside is not None and self._follows(self.aside, step, decimals):
            self._begin(self.aside)
        else:
            self.glitch = self.glitch or self.aside is not None
            self.aside = step
            return
        self.aside = None
        self.last, self.last_wh, self.last_at = kwh, step.wh, at

    def move(self, seconds: float) -> None:
        """Moves its times with a clock that was set."""
        self.last_at += seconds
        if self.aside is not None:
            self.aside = msgspec.structs.replace(self.aside, at=self.aside.at + seconds)

    def told(self, decimals: int, seconds: float) -> Told:
        """What is told of the use, which is never more than its highest power makes in its time.

        Args:
            decimals: How finely the counter is known to tell kilowatt-hours.
            seconds: How long it lasted.
        """
        metered = self._metered(self.wh)
        apart = abs(metered - self.wh) > _margin(self.wh)
        if apart and metered > _most(self.highest, seconds):
            return Told(self.wh, apart=False, glitch=True)
        believed = apart or decimals >= _FINE_DECIMALS
        return Told(metered if believed else self.wh, apart, self.glitch)

    def _begin(self, step: Step) -> None:
        """The counter counts from there on."""
        self.first, self.first_wh = step.kwh, self._metered(step.wh)
        self.last, self.last_wh, self.last_at = step.kwh, step.wh, step.at

    def _follows(self, before: Step, step: Step, decimals: int) -> bool:
        """Whether a reading can come of one before: it rose, and by no more than it could have."""
        rose = (step.kwh - before.kwh) * 1000
        coarse = 1000 * 10.0**-decimals
        return 0 <= rose <= _most(self.highest, max(0.0, step.at - before.at)) + coarse

    def _metered(self, total: float) -> float:
        if self.first is None:
            return total
        counted = (self.last - self.first) * 1000
        return self.first_wh + counted + max(0.0, total - self.last_wh)


def _margin(wh: float) -> float:
    return max(_APART_WH, _APART_SHARE * wh)


def _most(power: float, seconds: float) -> float:
    """Watt-hours that a power can have made in a time."""
    wh = power * seconds / 3600
    return wh + _margin(wh)


def decimals_of(kwh: float) -> int:
    """How many decimals a reading bears; the noise of binary fractions is none."""
    text = f"{kwh:.{_MOST_DECIMALS}f}".rstrip("0")
    return len(text.partition(".")[2])
