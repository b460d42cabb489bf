"""What a home says by itself, and so tells a link that is down from a person who is still.

A thermometer speaks whether or not anybody stirs. Where the thermometers of a home have spoken at
least so often of late, and have now fallen silent with everything else, nothing is known of the
person. A home without them, or with one that speaks when it likes, has no pulse.
"""

from statistics import median

import msgspec

from contract import Kind

SPEAKING_ALONE: frozenset[str] = frozenset({Kind.TEMPERATURE, Kind.HUMIDITY})
"""Kinds that are told whether or not anybody is at home."""
KEPT_DAYS, LEAST_DAYS = 14, 3
LATER = 1.25
"""A pause so many times as long as the longest of an ordinary day is the link's fault."""
SLOWEST = 5400.0
"""A pulse that may pause for longer, in seconds, comes too late to tell anything."""


class Pulse(msgspec.Struct, array_like=True):
    """All thermometers of a home together.

    Attributes:
        last: When one last spoke, in epoch seconds.
        longest: The longest pause of the present day, in seconds.
        days: That of each of the last days.
        allowed: How long a pause may be, in seconds; infinite where there is no pulse.
    """

    last: float = float("-inf")
    longest: float = 0.0
    days: list[float] = []
    allowed: float = float("inf")

    def beat(self, t: float) -> bool:
        """One has spoken at `t`; whether that ends a pause in which the link was down."""
        pause = t - self.last
        self.last = t
        if pause == float("inf"):
            return False
        self.longest = max(self.longest, pause)
        return pause > self.allowed

    def end_day(self, t: float) -> None:
        """A day ends at `t`: what is ordinary is learned from it."""
        if self.last == float("-inf"):
            return
        self.days = [*self.days, max(self.longest, t - self.last)][-KEPT_DAYS:]
        self.longest = 0.0
        usual = LATER * median(self.days)
        self.allowed = usual if len(self.days) >= LEAST_DAYS and usual <= SLOWEST else float("inf")

    def felt(self, since: float) -> bool:
        """Whether the link is known to have been up after `since`, or can never be known to be."""
        return self.last > since or since - self.last > self.allowed or self.allowed == float("inf")
