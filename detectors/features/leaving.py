"""An outer door that opened, and nobody seen inside since: somebody may have left the home."""

import msgspec

from detectors.features.places import EXITS
from detectors.features.whereabouts import Whereabouts
from detectors.models.longest import MEMORY_DAYS
from detectors.moment import Moment
from detectors.protocol import NEVER

UP = 900.0
"""Seconds before a door opened within which somebody was up inside; else it was no one's doing."""
OUT = 900.0
"""Seconds after it moved by which whoever came back, or only looked out, has been seen inside."""
ORDINARY, ALIKE_HOURS = 2, 2.0
"""Who went out so often in the last weeks within so many hours of the clock does so: early workers
as well as doors that move by themselves."""
MOST_OUTINGS = 20


class Leaving(msgspec.Struct):
    """Watches the outer doors for one who does not come back.

    Attributes:
        last: The last sign of life.
        inside: When somebody was last seen inside, in epoch seconds.
        opened: When an outer door last opened at an hour that is watched.
        up: Whether somebody was up inside just before it did.
        due: When nobody will have been seen inside for too long; NEVER while somebody has been.
        outings: Day, as an ordinal, and hour of the last times that it came to that.
    """

    last: Whereabouts = msgspec.field(default_factory=Whereabouts)
    inside: float = float("-inf")
    opened: float = float("-inf")
    up: bool = False
    due: float = NEVER
    outings: list[tuple[int, float]] = []

    def notice(self, t: float, place: str, opens: bool) -> None:
        """Takes in a sign of life; `opens` where a door opens at an hour that is watched."""
        self.last.notice(t, place)
        if opens:
            self.opened = t
            self.up = t - self.inside <= UP or (self.up and self.due < NEVER)
            self.due = t + OUT
        elif self.due < NEVER:
            if place in EXITS:
                self.due = t + OUT
            elif not self.last.perhaps_out:
                self.due = NEVER
        if place not in EXITS:
            self.inside = t

    def leapt(self, by: float) -> None:
        """The clock was set ahead by so many seconds, which did not pass."""
        self.last.leapt(by)
        self.inside += by
        self.opened += by
        self.due += by

    def gone(self, opened: Moment) -> bool:
        """Nobody has been seen inside for too long since a door opened.

        Returns:
            Whether that is out of the ordinary.
        """
        alike = [
            day
            for day, hour in self.outings
            if opened.day - day <= MEMORY_DAYS and abs(hour - opened.hour) <= ALIKE_HOURS
        ]
        self.due = NEVER
        self.outings = [*self.outings, (opened.day, round(opened.hour, 2))][-MOST_OUTINGS:]
        return self.up and len(alike) < ORDINARY
