"""How far a device's clock is off the hub's, by the times that its messages bear.

What a line holds back varies; what a clock is behind does not. So a device whose times trail the
hub's by the same for a while has a wrong clock, and one whose messages come late has not.
"""

from collections.abc import Iterable

import msgspec

KEPT = 8
"""Messages by which a clock is judged."""

STEADY_S = 60.0
"""A wrong clock keeps step with the hub's to within this."""

LONG_S = 120.0
"""The messages come over at least so long: a queue that empties is no sign of a wrong clock."""

WRONG_S = 600.0
"""A device that trails by less may as well have a slow line."""


class Trail(msgspec.Struct, frozen=True, array_like=True):
    """One message: when the hub got it, and by how much its time was behind that."""

    received: float
    behind: float


class DeviceClock(msgspec.Struct):
    """One device's clock.

    Attributes:
        stamp: What it told last.
        trails: The last messages that told a new time, the oldest first.
        mended_by: Seconds that are added to what it tells.
    """

    stamp: float | None = None
    trails: list[Trail] = []
    mended_by: float = 0.0

    def hear(self, stamp: float, received: float) -> None:
        """Takes in that it told `stamp` when the hub's clock, known to be good, told `received`."""
        advanced = self.stamp is None or stamp > self.stamp
        self.stamp = stamp
        if advanced:  # the same again, or an older one, is a bridge that repeats what it had heard
            self.trails = [*self.trails[1 - KEPT :], Trail(received, received - stamp)]

    def mend(self, known: Iterable[float]) -> None:
        """Decides what is to be added to what it tells from now on.

        Args:
            known: By how much other devices' clocks are known to be wrong. Often it is one clock,
                that of the bridge; so what is off by the same needs no time to be judged.
        """
        last = self.trails[-1].behind if self.trails else 0.0
        same = (one for one in known if one and abs(one - last) <= STEADY_S)
        self.mended_by = self._wrong_by() or next(same, 0.0)

    def _wrong_by(self) -> float:
        """Seconds by which it is surely behind the hub's; 0 where it may be right."""
        if len(self.trails) < KEPT:
            return 0.0
        behind = [one.behind for one in self.trails]
        lasted = self.trails[-1].received - self.trails[0].received
        steady = max(behind) - min(behind) <= STEADY_S
        return min(behind) if steady and lasted >= LONG_S and min(behind) > WRONG_S else 0.0

    @property
    def lead_s(self) -> float:
        """Seconds by which the hub's clock runs ahead of the time that its readings count at."""
        least = min((one.behind for one in self.trails), default=0.0)
        return max(0.0, least - self.mended_by)
