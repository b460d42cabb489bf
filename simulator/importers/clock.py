"""Wall-clock times without an offset, as most data sets give them, made into instants."""

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo


class LocalClock:
    """Reads `YYYY-MM-DD HH:MM:SS` on the wall of one time zone.

    In the hour that autumn repeats, the first is meant; in the hour that spring leaves out, nothing
    can have happened. Offsets are remembered by the hour, since no zone of ours changes within one.
    """

    def __init__(self, time_zone: str) -> None:
        self._zone = ZoneInfo(time_zone)
        self._hour = lru_cache(maxsize=64)(self._find_hour)

    def instant(self, text: str) -> datetime:
        """The instant, in UTC.

        Raises:
            ValueError: The text is no such time, or no clock of the zone ever showed it.
        """
        if len(text) != len("YYYY-MM-DD HH:MM:SS"):
            raise ValueError(f"{text[:40]!r} is no time like 2019-04-01 07:30:00")
        hour = self._hour(text[:13])
        return hour.replace(minute=_sixty(text[13:16]), second=_sixty(text[16:]))

    def _find_hour(self, text: str) -> datetime:
        wall = datetime.strptime(text, "%Y-%m-%d %H")  # noqa: DTZ007 (the zone follows)
        instant = wall.replace(tzinfo=self._zone).astimezone(UTC)
        if instant.astimezone(self._zone).replace(tzinfo=None) != wall:
            raise ValueError(f"{text}h was left out when clocks in {self._zone.key} went forward")
        return instant


@lru_cache(maxsize=120)
def _sixty(text: str) -> int:
    """Minutes or seconds, written as `:05`."""
    if len(text) == 3 and text[0] == ":" and text[1:].isascii() and text[1:].isdigit():  # noqa: PLR2004 (`:05`)
        number = int(text[1:])
        if number < 60:  # noqa: PLR2004 (of a clock)
            return number
    raise ValueError(f"{text!r} are no minutes or seconds")
