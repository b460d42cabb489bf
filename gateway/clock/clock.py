"""What time it is by the hub: a clock that only runs forward, set by the machine's when right.

The hub counts seconds since the machine started, which no one can set, and adds when that was. It
learns the latter from the machine's clock once somebody keeps that right. A leap of a clock that
nobody keeps is not followed.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import uuid4

from gateway.clock.clock_sync import Sync, boot_id, has_battery, read_sync

FLOOR = 1_767_225_600.0
"""2026-01-01T00:00Z. No hub ran before; a clock that stands there was not set."""

BEHIND_S = 60.0
"""A clock that stands further back than this behind its own past has not been set."""

FUTURE_S = 300.0
"""Who is further ahead of the hub's clock than this does not know what time it is."""

LEAP_S = 5.0
"""A clock that moves by more than this from one look to the next was set; else it drifts."""

PATIENCE_S = 3600.0
"""A machine that found no time for so long goes by the time it has: there may be no network."""

FAR_S = 86_400.0
"""A leap ahead by more than this is more often a fault than a correction: event time cannot go
back, and what is heard behind it is not detected upon."""

STOOD_S = 600.0
"""A clock that stands far ahead is followed once it has stood there for so long."""

CEILING_S = 2 * 366 * 86_400.0
"""No hub was off for longer than this: who tells a time so far ahead is wrong."""


class _Word(NamedTuple):
    """Another word of the time: when, by it, the machine started, and since when it is said.

    Both in seconds, `since` by the clock that only runs forward.
    """

    started_at: float
    since: float


def since_boot() -> float:
    """Seconds since the machine started, also those for which it slept."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)


@dataclass(frozen=True, slots=True)
class Machine:
    """What a clock is read from.

    Attributes:
        wall: The machine's clock, in epoch seconds.
        elapsed: Seconds since it started.
        sync: Whether somebody keeps the clock right.
        battery: Whether it was set from a clock with a battery.
        boot: Names the time since it started.
    """

    wall: Callable[[], float] = time.time
    elapsed: Callable[[], float] = since_boot
    sync: Callable[[], Sync] = read_sync
    battery: Callable[[], bool] = has_battery
    boot: str = field(default_factory=lambda: boot_id() or uuid4().hex)


class HubClock:
    """The hub's clock.

    Args:
        machine: What it is read from.
        past: The latest time that the hub knows to have been, in epoch seconds.

    Attributes:
        sure: Whether it knows what time it is. Once it does, it does until the process ends.
        leaps: How often the machine's clock was seen to leap.
    """

    def __init__(self, machine: Machine, past: float | None = None) -> None:
        self._machine = machine
        self._past = past
        self._started_at = machine.wall() - machine.elapsed()
        self._seen = self._started_at
        self._far: _Word | None = None
        self._sync = Sync.UNKNOWN
        self._centre: _Word | None = None  # its last word, and when that came
        self._other: _Word | None = None
        self.sure = False
        self.leaps = 0
        self.look()

    @property
    def boot(self) -> str:
        """Names the time since the machine started."""
        return self._machine.boot

    @property
    def started_at(self) -> float:
        """When the machine started, in epoch seconds, as far as is known."""
        return self._started_at

    def now(self) -> float:
        """What time it is, in epoch seconds."""
        return self._started_at + self._machine.elapsed()

    def elapsed(self) -> float:
        """Seconds since the machine started."""
        return self._machine.elapsed()

    def look(self) -> None:
        """Looks at the machine's clock; to be done every second or so."""
        wall, elapsed = self._machine.wall(), self._machine.elapsed()
        seen, sync = wall - elapsed, self._machine.sync()
        self._sync = sync
        leapt = abs(seen - self._seen) > LEAP_S
        self.leaps += leapt
        self._seen = seen
        unkept = sync is Sync.NO or wall < FLOOR
        if self.sure and unkept and abs(seen - self._started_at) > LEAP_S:
            return  # nobody keeps that clock: what was known before is better
        if self.sure and self._is_far(seen, elapsed):
            return
        self._started_at = seen
        self.sure = self.sure or self._is_good(wall, elapsed, sync)

    @property
    def kept(self) -> bool:
        """Whether a time service keeps the clock by which the hub goes."""
        return self.sure and self._sync is Sync.YES and abs(self._seen - self._started_at) <= LEAP_S

    @property
    def confirmed(self) -> bool | None:
        """Whether the centre's clock agrees; None where it has said nothing for an hour."""
        if self._centre is None or self._machine.elapsed() - self._centre.since > PATIENCE_S:
            return None
        return abs(self._centre.started_at - self._started_at) <= BEHIND_S

    def told(self, now: float) -> None:
        """Takes the time from somebody who is sure of it, such as the centre.

        Only where the machine has none: a service that keeps its clock knows better. And where that
        was set far ahead, somebody else who says so settles it. A clock that nobody keeps, such as
        one set from a battery, gives way to who says another time for a while.
        """
        elapsed = self._machine.elapsed()
        started_at = now - elapsed
        self._centre = _Word(started_at, elapsed)
        if self._is_contradicted(started_at, elapsed) and FLOOR <= now <= self._ceiling():
            self._started_at = started_at
        elif self._far is not None and abs(started_at - self._far.started_at) <= BEHIND_S:
            self._started_at, self._far = self._far.started_at, None
        elif not self.sure and FLOOR <= now <= self._ceiling():
            self._started_at = started_at
            self._seen = self._machine.wall() - self._machine.elapsed()
            self.sure = True

    def _is_contradicted(self, started_at: float, elapsed: float) -> bool:
        """Whether nobody keeps the clock, and another time has been told for a while."""
        near = abs(started_at - self._started_at) <= BEHIND_S
        if near or not self.sure or self._sync is not Sync.NO:
            self._other = None
            return False
        if self._other is None or abs(started_at - self._other.started_at) > BEHIND_S:
            self._other = _Word(started_at, elapsed)
        return elapsed - self._other.since >= STOOD_S

    def _is_far(self, seen: float, elapsed: float) -> bool:
        """Whether the machine's clock was set far ahead, and not for long."""
        if seen - self._started_at <= FAR_S:
            self._far = None
            return False
        if self._far is None or abs(seen - self._far.started_at) > LEAP_S:
            self._far = _Word(seen, elapsed)
        return elapsed - self._far.since < STOOD_S

    def _ceiling(self) -> float:
        """The latest time that can be."""
        return max(FLOOR, self._machine.wall(), self._past or FLOOR) + CEILING_S

    def _is_good(self, wall: float, elapsed: float, sync: Sync) -> bool:
        """Whether the machine's clock can be believed, which stands at `wall`."""
        if wall < FLOOR:
            return False
        if sync is not Sync.NO or elapsed >= PATIENCE_S:
            return True
        behind = self._past is not None and wall < self._past - BEHIND_S
        return self._machine.battery() and not behind
