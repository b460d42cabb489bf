"""A metering plug: power while an appliance runs, and a counter of energy that only rises.

A use is told by its mean power, from its start to its end, with the counter rising in step: the
area under the curve and the rise of the counter are both the energy of the use. At the end the plug
reports zero, and once more when a hub may take the use for over.
"""

from contract import SensorEvent
from simulator.devices.message import Message, Value, instant, state
from simulator.devices.protocol import UntellableError

_EVERY_S = 10.0
_MOST_READINGS = 30
_IDLE_REPORT_S = 100.0  # a hub waits 90 s for a pause to end
_DURATION_S = 60.0  # where the recording does not tell
_MOST_W = 20_000.0
_MAINS_V = 231


class Plug:
    """One plug with one appliance."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._kwh = 0.0
        self._ended: float | None = None

    def announce(self, t: float) -> list[Message]:
        """On, and drawing nothing."""
        return [self._say(t, 0, 0)]

    def tell(self, event: SensorEvent) -> list[Message]:
        """The curve of a use.

        Raises:
            UntellableError: It used no energy, or more than a plug can carry, or began before the
                use before it had ended.
        """
        end = instant(event)
        seconds = _DURATION_S if event.duration is None else event.duration
        start = round(end - seconds, 3)
        watts = event.value * 3600 / seconds if seconds else 0.0
        if not 0 < watts <= _MOST_W:
            raise UntellableError(
                f"{event.value:g} Wh in {seconds:g} s is no use that a plug can meter"
            )
        if self._ended is not None and start <= self._ended:
            raise UntellableError("it began before the use before it had ended")
        self._ended = end
        return self._curve(start, end, watts, event.value)

    def settle(self, t: float) -> list[Message]:
        """Zero once more, when the last use is long enough ago."""
        if self._ended is None or self._ended + _IDLE_REPORT_S > t:
            return []
        message = self._say(self._ended + _IDLE_REPORT_S, 0, 0)
        self._ended = None
        return [message]

    def _curve(self, start: float, end: float, watts: float, wh: float) -> list[Message]:
        number = min(max(1, int((end - start) / _EVERY_S)), _MOST_READINGS)
        times = [start + (end - start) * index / number for index in range(number)]
        messages = [self._say(t, watts, wh * (t - start) / (end - start)) for t in times]
        self._kwh += wh / 1000
        return [*messages, self._say(end, 0, 0)]

    def _say(self, t: float, watts: float, wh_so_far: float) -> Message:
        said: dict[str, Value] = {
            "current": round(watts / _MAINS_V, 2),
            "energy": round(self._kwh + wh_so_far / 1000, 7),
            "power": round(watts, 4),
            "state": "ON",
            "voltage": _MAINS_V,
        }
        return state(round(t, 3), self._name, said)
