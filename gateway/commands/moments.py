"""Times as a person types them, by the clock of the home."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.errors import HubError

_AGO = re.compile(r"(?P<count>\d{1,6})(?P<unit>[smhdw])")
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
HELP = (
    "2026-03-01, 2026-03-01T07:30 (the home's clock, or with an offset), or how long ago: 12h, 7d"
)


class MomentError(HubError):
    """What was typed is no time."""


def moment(text: str, zone: ZoneInfo, now: float) -> float:
    """The time meant, in epoch seconds.

    Args:
        text: A day (its first instant), a time of day on one, or how long ago.
        zone: Of the home; a time without an offset is its.
        now: The time at which it was typed, in epoch seconds.

    Raises:
        MomentError: It is none of them.
    """
    if ago := _AGO.fullmatch(text):
        return now - int(ago["count"]) * _SECONDS[ago["unit"]]
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).timestamp()
    except (ValueError, OverflowError) as error:
        raise MomentError(f"{text!r} is no time; allowed are {HELP}") from error
