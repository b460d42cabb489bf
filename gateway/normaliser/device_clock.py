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


TIMELY_S = 5.0
"""A message that trails by less shows that clock and line are well; those before say no more."""


class Trail(msgspec.Struct, frozen=True, array_like=True):
    """One message: when the hub got it, and by how much its time was behind that."""

    received: float
    behind: float


class DeviceClock(msgspec.Struct):
    """One device's clock.

    Attributes:
        stamp: What it told last.
        trails: The last messages that told a new time, the oldest first.
        least: The least that any of them trailed by, in seconds.
        mended_by: Seconds that are added to what it tells.
    """

    stamp: float | None = None
    trails: list[Trail] = []
    least: float = 0.0
    mended_by: float = 0.0

    def hear(self, stamp: float, received: float) -> None:
        """Takes in that it told `stamp` when the hub's clock, known to be good, told `received`."""
        advanced = self.stamp is None or stamp > self.stamp
        self.stamp = stamp
        if not advanced:  # the same again, or an older one: a bridge repeats what it had heard
            return
        one = Trail(received, received - stamp)
        if one.behind < TIMELY_S:
            self.trails, self.least = [one], one.behind
        else:
            self.trails = [*self.trails[1 - KEPT :], one]
            self.least = min(trail.behind for trail in self.trails)

    @property
    def is_doubtful(self) -> bool:
        """Whether there is anything to decide: it trails by much, or did."""
        return bool(self.mended_by) or self.least > WRONG_S - STEADY_S

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
        return max(0.0, self.least - self.mended_by)
