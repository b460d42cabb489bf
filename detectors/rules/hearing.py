"""Whether the sensor that a rule needs can be heard: a silent sensor is never a silent person."""

import msgspec

from contract import Kind, SensorEvent
from detectors.features.places import plain

OFTEN_USED, SELDOM_USED = 3, 14
"""Days of life at home without a word from it, after which a sensor may be lost; doors are used
seldom, by people who seldom go out."""


class Ear(msgspec.Struct):
    """What has been heard of one place.

    Attributes:
        heard: Whether it ever spoke.
        today: Whether it spoke on the present day.
        quiet: Days on which somebody was at home and it said nothing, in a row.
        offline: Its own link says that it is away.
    """

    heard: bool = False
    today: bool = False
    quiet: int = 0
    offline: bool = False

    def hear(self, event: SensorEvent) -> None:
        """Takes in an event of that place, its link's included."""
        self.offline = event.kind == Kind.LINK and event.value == 0
        if event.kind == Kind.LINK:
            return
        self.heard = self.today = True
        self.quiet = 0

    def end_day(self, *, lived: bool) -> None:
        """Ends a day, on which somebody was seen at home or not."""
        self.quiet += lived and self.heard and not self.today
        self.today = False

    def why_deaf(self, place: str, days: int) -> str:
        """Why it cannot be heard, in a sentence; empty where it can.

        Args:
            place: Where it is, as the contract names it.
            days: So many quiet days in a row make it doubtful.
        """
        name = plain(place)
        if self.offline:
            return f"The sensor at the {name} reports that it is offline."
        if not self.heard:
            return f"No sensor has been heard at the {name} yet."
        if self.quiet >= days:
            return f"The sensor at the {name} has said nothing for {self.quiet} days of life here."
        return ""
