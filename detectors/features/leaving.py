"""An outer door that opened, and nobody seen inside since: somebody may have left the home."""

import msgspec

from detectors.features.places import EXITS
from detectors.features.whereabouts import Whereabouts
from detectors.protocol import NEVER

UP = 900.0
"""Seconds before a door opened within which somebody was up inside; else it was no one's doing."""
OUT = 900.0
"""Seconds after it moved by which whoever came back, or only looked out, has been seen inside."""


class Leaving(msgspec.Struct):
    """Watches the outer doors for one who does not come back.

    Attributes:
        last: The last sign of life.
        inside: When somebody was last seen inside, in epoch seconds.
        opened: When an outer door last opened.
        up: Whether somebody was up inside just before it did.
        due: When nobody will have been seen inside for too long; NEVER while somebody has been.
    """

    last: Whereabouts = msgspec.field(default_factory=Whereabouts)
    inside: float = float("-inf")
    opened: float = float("-inf")
    up: bool = False
    due: float = NEVER

    def notice(self, t: float, place: str, *, opens: bool) -> None:
        """Takes in a sign of life; `opens` where a door opens at an hour at which that matters."""
        self.last.notice(t, place)
        if opens:
            self.opened = t
            self.up = t - self.inside <= UP or (self.up and self.due < NEVER)
            self.due = t + OUT
        elif place in EXITS:
            if self.due < NEVER:
                self.due = t + OUT
        elif not self.last.perhaps_out:
            self.due = NEVER
        if place not in EXITS:
            self.inside = t
