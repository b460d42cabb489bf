"""What an appliance has drawn in one use: by its plug's counter where it has one, or by powers."""

import msgspec

_FINE_DECIMALS = 3
"""A counter that tells watt-hours is believed to the watt-hour; a coarser one is only a check."""

_MOST_DECIMALS = 7
_APART_WH, _APART_SHARE = 20.0, 0.25


class Drawn(msgspec.Struct):
    """What was drawn since a use began, told twice over: by powers, and by the counter.

    The counter's word for the time between its first and its last reading stands beside that of the
    powers for the time before and after. Where it goes back it was reset, and begins anew.

    Attributes:
        wh: By powers, without what was drawn while the power was low.
        low_wh: By powers, since the power fell low: it counts if the power rises again.
        first, first_wh: The counter's first reading (kWh), and what had been drawn by then.
        last, last_wh: Its last one, and what had been drawn by then by powers.
    """

    wh: float = 0.0
    low_wh: float = 0.0
    first: float | None = None
    first_wh: float = 0.0
    last: float = 0.0
    last_wh: float = 0.0

    def add(self, wh: float, *, low: bool) -> None:
        """Takes in what a power drew while it held."""
        if low:
            self.low_wh += wh
        else:
            self.wh += wh

    def rise(self) -> None:
        """Counts what was drawn while the power was low: the use goes on."""
        self.wh, self.low_wh = self.wh + self.low_wh, 0.0

    def count(self, kwh: float) -> None:
        """Takes in a reading of the counter."""
        total = self.wh + self.low_wh
        if self.first is None or kwh < self.last:
            self.first, self.first_wh = kwh, self._metered(total)
        self.last, self.last_wh = kwh, total

    def told(self, decimals: int) -> tuple[float, bool]:
        """Watt-hours of the use, and whether counter and powers are far apart.

        Args:
            decimals: How finely the counter is known to tell kilowatt-hours.
        """
        metered = self._metered(self.wh)
        apart = abs(metered - self.wh) > max(_APART_WH, _APART_SHARE * self.wh)
        return (metered if apart or decimals >= _FINE_DECIMALS else self.wh), apart

    def _metered(self, total: float) -> float:
        if self.first is None:
            return total
        counted = (self.last - self.first) * 1000
        return self.first_wh + counted + max(0.0, total - self.last_wh)


def decimals_of(kwh: float) -> int:
    """How many decimals a reading bears; the noise of binary fractions is none."""
    text = f"{kwh:.{_MOST_DECIMALS}f}".rstrip("0")
    return len(text.partition(".")[2])
