"""Times as people read them: in the home's own zone with the zone named, and ages in words."""

from datetime import datetime
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from markupsafe import Markup

from api.console.text import Catalogue

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


class Clock(NamedTuple):
    """The present, read in one time zone.

    Attributes:
        now: The moment the page is made.
        zone: IANA name of the zone the page's times are in.
        text: Where the words come from.
    """

    now: datetime
    zone: str
    text: Catalogue

    def local(self, at: datetime) -> datetime:
        """`at` on the wall clock of the zone."""
        return at.astimezone(zone_of(self.zone))

    def stamp(self, at: datetime, *, seconds: bool = False) -> Markup:
        """A `<time>` element: the time alone for today, the day before it for any other day.

        Args:
            at: The moment.
            seconds: Whether they are shown: they matter to whoever asks later what came first.
        """
        local = self.local(at)
        same_day = local.date() == self.local(self.now).date()
        words = self.text(
            "time.at" if same_day else "time.on",
            time=f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}",
            zone=abbreviation(local),
            day="" if same_day else self.day(local),
        )
        return Markup('<time datetime="{}">{}</time>').format(at.isoformat("T", "seconds"), words)

    def day(self, local: datetime) -> str:
        """A day as `Tue 3 Mar`."""
        return (
            f"{self.text(f'weekday.{local.weekday()}')} {local.day} "
            f"{self.text(f'month.{local.month}')}"
        )

    def age(self, since: datetime) -> str:
        """How long ago, to the minute, the hour's minutes or the day: `4 min`, `1 h 20 min`."""
        return in_words((self.now - since).total_seconds(), self.text)


def in_words(seconds: float, text: Catalogue) -> str:
    """A length of time, rounded down to what matters."""
    if seconds < _MINUTE:
        return text("time.under_a_minute")
    if seconds < _HOUR:
        return text("time.minutes", n=int(seconds // _MINUTE))
    if seconds < 2 * _DAY:
        hours, minutes = divmod(int(seconds // _MINUTE), 60)
        if not minutes or hours >= 10:  # noqa: PLR2004  # beyond that minutes are noise
            return text("time.hours", n=hours)
        return text("time.hours_minutes", h=hours, m=minutes)
    return text("time.days", n=int(seconds // _DAY))


def abbreviation(local: datetime) -> str:
    """The zone as people of the place write it: `GMT`, `BST`; `UTC+04` where it has no name."""
    name = local.tzname() or "UTC"
    return f"UTC{name}" if name[0] in "+-" else name


@cache
def zone_of(name: str) -> ZoneInfo:
    """The zone of that IANA name."""
    return ZoneInfo(name)
