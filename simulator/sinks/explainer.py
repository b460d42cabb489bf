"""To whoever wonders: why people did what they did, next to what was seen of it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from contract import Kind, SensorEvent, encode, utc
from simulator.live.telling import Because
from simulator.sinks.sink import Sink

Write = Callable[[str], object]

_VERBS = {
    Kind.MOTION: ("saw a movement", "saw a movement"),
    Kind.OPENING: ("was closed", "was opened"),
    Kind.PRESENCE: ("was left", "was entered"),
    Kind.FLUSH: ("flushed", "flushed"),
}


class Explainer(Sink):
    """One line for each reason and each event.

    Args:
        homes: Their names.
        time_zone: IANA name; times are of the wall clock there.
        write: Takes a line.
    """

    def __init__(self, homes: Sequence[str], time_zone: str, write: Write) -> None:
        self._homes = homes
        self._zone = ZoneInfo(time_zone)
        self._write = write

    def because(self, home: int, why: Because) -> None:
        """Writes a reason."""
        who = f"person {why.who + 1}"
        self._line(why.reason.t, home, f"{who}  {why.reason}")

    def happened(self, home: int, event: SensorEvent) -> None:
        """Writes an event."""
        self._line(event.at.timestamp(), home, f"    {event.sensor} {in_words(event)}")

    def _line(self, t: float, home: int, text: str) -> None:
        at = datetime.fromtimestamp(t, self._zone)
        self._write(f"{at:%a %d %b %H:%M:%S}  {self._homes[home]}  {text}\n")


class ExplainerJson(Sink):
    """The same as JSON lines: events as a recording has them, reasons in between.

    Args:
        homes: Their names.
        write: Takes a line.
    """

    def __init__(self, homes: Sequence[str], write: Callable[[bytes], object]) -> None:
        self._homes = homes
        self._write = write

    def because(self, home: int, why: Because) -> None:
        """Writes a reason: the home, which resident, when, what, why."""
        line = {
            "home": self._homes[home],
            "person": why.who + 1,
            "at": utc(why.reason.t).isoformat(),
            "doing": why.reason.doing,
            "why": why.reason.why.format(*why.reason.figures),
        }
        self._write(msgspec.json.encode(line) + b"\n")

    def happened(self, home: int, event: SensorEvent) -> None:
        """Writes an event."""
        del home
        self._write(encode(event) + b"\n")


def in_words(event: SensorEvent) -> str:
    """What a sensor told, in a few words."""
    if event.kind in _VERBS:
        return _VERBS[Kind(event.kind)][bool(event.value)]
    if event.kind == Kind.APPLIANCE:
        return f"metered {event.value:g} Wh in {event.duration or 0:g} s"
    if event.kind == Kind.TEMPERATURE:
        return f"told {event.value:g} \N{DEGREE SIGN}C"
    return f"told {event.value:g}"
