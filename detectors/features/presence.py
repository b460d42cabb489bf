"""How much of a part of the day the person could be seen at home.

A person who has gone out visits no bathroom and boils no kettle. What counts is not the clock but
the time in which they could have: that share is the exposure of a count.
"""

from typing import NamedTuple

import msgspec

from detectors.features.places import EXITS, SEEING
from detectors.protocol import Lot

HOUR = 3600.0
LEAVING = 180.0
"""Seconds after an outer door moved within which a silence begins as if by leaving."""
OUT = 0.5 * HOUR
"""A silence from door to door counts as absence from this length on."""
UNSEEN_BY_DAY = 4 * HOUR
"""Any other silence of a day counts from this length on: nobody is seen, whatever the cause."""
UNSEEN_OVERNIGHT = 14 * HOUR
"""By night people lie still; only a silence longer than any sleep counts, wherever it began."""
UNHEARD = 26 * HOUR
"""Where no sensor sees people, nobody is there once all appliances were silent for so long."""


class Absence(NamedTuple):
    """The shares of a part of a day in which nobody could be seen: in all, and by a door."""

    unseen: float
    out: float


class Presence(msgspec.Struct):
    """Adds up the time in which nobody could be seen, for one part of the day after another.

    Attributes:
        last: The last sign of life, in epoch seconds; None before the first.
        exit: When an outer door last moved.
        since: When the present part began.
        unseen: Seconds of the present part that are already known to be absence.
        out: Seconds of `unseen` that began at an outer door.
        night: Whether the present part is a night.
        sees: Whether any sensor here could see a person about; a kettle cannot.
    """

    last: float | None = None
    exit: float = float("-inf")
    since: float = 0.0
    unseen: float = 0.0
    out: float = 0.0
    night: bool = False
    sees: bool = False

    def sign(self, t: float, at_exit: bool, seen: bool) -> None:
        """Takes in a sign of life: whether at an outer door, and whether by a sensor that sees."""
        last = self.last
        if last is None:
            self.since = t
        elif t - last > OUT:
            # Whoever is first seen inside never left: one comes home by a door.
            self._end_silence(t, by_door=at_exit and self.left_by_door())
        if at_exit:
            self.exit = t
        if seen:
            self.sees = True
        self.last = t

    def sign_all(self, lot: Lot) -> None:
        """Takes in signs of life, as :meth:`sign` takes in one; nearly all only move the last."""
        last = self.last
        for event, moment in lot:
            t, at_exit = moment.t, event.place in EXITS
            if last is None or t - last > OUT or at_exit or not self.sees:
                self.last = last
                self.sign(t, at_exit, event.kind in SEEING)
            last = t
        self.last = last

    def close(self, t: float, *, night: bool) -> Absence:
        """Ends the part of the day at `t`. A silence that goes on counts on in the next part."""
        if self.last is None:
            return Absence(1.0, 0.0)
        self.night = night
        self._end_silence(t, by_door=self.left_by_door() and not night)
        length = max(t - self.since, 1.0)
        absence = Absence(min(self.unseen / length, 1.0), min(self.out / length, 1.0))
        self.since, self.unseen, self.out, self.night = t, 0.0, 0.0, not night
        return absence

    def left_by_door(self) -> bool:
        """Whether the last sign of life was someone at, or just after, an outer door."""
        return self.last is not None and self.last - self.exit <= LEAVING

    def _end_silence(self, t: float, *, by_door: bool) -> None:
        last = self.last
        if last is None:
            return
        silence, here = t - last, t - max(last, self.since)
        if not self.sees:
            self.unseen += here if silence > UNHEARD else 0.0
            return
        if silence > OUT and by_door:
            self.out += here
        elif not (silence > UNSEEN_OVERNIGHT or (here > UNSEEN_BY_DAY and not self.night)):
            return
        self.unseen += here
