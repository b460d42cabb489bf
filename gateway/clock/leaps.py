"""Notes where the hub's clock leaps ahead, so that nobody is missed for what it passed over."""

import math
import sqlite3
from collections.abc import Iterable

from gateway.clock.clock import BEHIND_S, FAR_S, LEAP_S, HubClock
from gateway.engine.gate import Interval
from gateway.journal import Journal
from gateway.journal.leap import Leap, as_they_stand, write_leap, write_started

_BEYOND_S = 0.001
"""A leap begins so long after all that was judged before it."""

_DRIFT_S = 1.0
"""When the machine was started is noted anew once it has changed by so much."""


def intervals(leaps: Iterable[Leap]) -> list[Interval]:
    """From when until when each reached."""
    return [Interval(one.since, one.until) for one in leaps]


class Leaps:
    """Where one hub's clock leapt ahead, as the journal has it.

    Args:
        journal: Open.
        clock: The hub's; None where time passes with events alone.

    Attributes:
        all: They as they stand, the earliest first; there may come more.
    """

    def __init__(self, journal: Journal, clock: HubClock | None = None) -> None:
        self._journal = journal
        self._clock = clock
        self._started_at = None if clock is None else journal.started_at(clock.boot)
        self._furthest = -math.inf  # how far it stood while it was seen: that was time which passed
        self._before: float | None = None  # the same before the last leap of this process
        self.all = intervals(as_they_stand(journal.leaps(), journal.set_backs()))

    def see(self) -> bool:
        """Looks at the clock, to be done every second or so; whether there is anything to note."""
        clock, noted = self._clock, self._started_at
        if clock is None or not clock.sure:
            return False
        if noted is None or abs(clock.started_at - noted) > _DRIFT_S:
            return True
        self._furthest = max(self._furthest, clock.now())
        return False

    def look(self, judged: float) -> None:
        """Notes how the clock stands, and a leap; where that fails, nothing has changed.

        Args:
            judged: How far the engine has come, in epoch seconds.
        """
        clock, noted = self._clock, self._started_at
        if clock is None or not self.see():
            return
        started_at, elapsed = clock.started_at, clock.elapsed()
        leap = None
        if noted is not None and started_at - noted > LEAP_S:
            heard = self._journal.clock().newest
            past = [noted + elapsed, judged, self._furthest, *([] if heard is None else [heard])]
            since = max([*past, *(one.until for one in self.all[-1:])]) + _BEYOND_S
            if started_at + elapsed - since > LEAP_S:  # else event time had been there before
                leap = Leap(self._journal.last_seq, since, started_at + elapsed)

        def change(db: sqlite3.Connection) -> None:
            write_started(db, clock.boot, started_at)
            if leap is not None:
                write_leap(db, leap)

        self._journal.write_together((), change, clock.now())
        self._started_at = started_at
        self._furthest = max(self._furthest, clock.now())
        if leap is not None:
            self._before = noted
            self.all += intervals([leap])

    @property
    def undone(self) -> bool:
        """Whether the clock tells again what it told before it leapt, not a day ago.

        So say two words of two, its own from before and the count of seconds since: what it told
        in between was wrong.
        """
        if self._clock is None or self._before is None:
            return False
        last, now = self.all[-1], self._clock.now()
        same = abs(self._clock.started_at - self._before) <= BEHIND_S
        return same and last.since <= now < min(last.until, last.since + FAR_S)
