"""How far the hub's clock is ahead of the centre's, measured with each receipt.

The centre says what its clock showed as it answered. It showed that at some time between question
and answer, so the middle is off by half the round trip at most. The surest measure is kept; as
clocks drift, it grows less sure with age, and a fresher one takes its place.
"""

from collections.abc import Callable
from typing import NamedTuple

DRIFT = 100e-6
"""What two cheap quartz clocks drift apart, in seconds a second."""
STEP_S = 1.0
"""A measure that contradicts the kept one by more than this means that a clock was set."""


class Measure(NamedTuple):
    """One measure.

    Attributes:
        ahead: Seconds that the hub's clock is ahead of the centre's; negative where it is behind.
        sure: It is off by so many seconds at most.
        at: When it was taken, by the hub's clock, in epoch seconds.
    """

    ahead: float
    sure: float
    at: float


class CentreClock:
    """The best measure so far.

    Args:
        kept: From an earlier run.
        keep: Keeps one for later runs.
        tell: Told what time it is by the centre, in epoch seconds, for a hub that does not know.
    """

    def __init__(
        self,
        kept: Measure | None,
        keep: Callable[[Measure], None],
        tell: Callable[[float], None] = lambda _now: None,
    ) -> None:
        self.best = kept
        self._keep = keep
        self._tell = tell

    def measure(self, asked: float, answered: float, centre: float) -> None:
        """Takes in one round trip.

        Args:
            asked: The hub's clock as it asked.
            answered: The same as the answer came.
            centre: What the centre's showed as it answered.
        """
        if answered < asked:  # the hub's clock was set in between
            return
        self._tell(centre + (answered - asked) / 2)
        new = Measure((asked + answered) / 2 - centre, (answered - asked) / 2, answered)
        if self.best is None or _better(new, self.best):
            self.best = new
            self._keep(new)


def _better(new: Measure, old: Measure) -> bool:
    age = abs(new.at - old.at)
    apart = abs(new.ahead - old.ahead)
    return new.sure <= old.sure + age * DRIFT or apart > new.sure + old.sure + STEP_S
