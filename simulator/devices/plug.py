"""A metering plug: power while an appliance runs, and a counter of energy that only rises.

A use is told along its curve, from its start to its end, with the counter rising in step: the area
under the curve and the rise of the counter are both the energy of the use. At the end the plug
reports zero, and once more when a hub may take the use for over.
"""

from zlib import crc32

from contract import SensorEvent
from gateway.dialects.protocol import Signal
from simulator.devices.fitted import Fitted
from simulator.devices.protocol import UntellableError
from simulator.devices.said import Raw, Said, instant
from simulator.living.chance import Chance

_IDLE_REPORT_S = 100.0  # a hub waits 90 s for a pause to end
_DURATION_S = 60.0  # where the recording does not tell
_MOST_W = 20_000.0
_MAINS_V = 231


class Plug:
    """One plug with one appliance."""

    def __init__(self, fitted: Fitted) -> None:
        self._fitted = fitted
        self._kwh = 0.0
        self._ended: float | None = None

    def announce(self, t: float) -> list[Said]:
        """On, and drawing nothing."""
        return [self._says(t, 0, 0)]

    def tell(self, event: SensorEvent) -> list[Said]:
        """The curve of a use, and at its end the use as a whole.

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
        return self._curve(start, end, event)

    def settle(self, t: float) -> list[Said]:
        """Zero once more, when the last use is long enough ago."""
        if self._ended is None or self._ended + _IDLE_REPORT_S > t:
            return []
        said = self._says(self._ended + _IDLE_REPORT_S, 0, 0)
        self._ended = None
        return [said]

    def _curve(self, start: float, end: float, event: SensorEvent) -> list[Said]:
        # Of its own for each use, so that a use is the same whichever were told before it.
        chance = Chance.of(crc32(self._fitted.name.encode()), round(start * 1000))
        samples = self._fitted.curve(self._fitted.place, event.value, end - start, chance)
        said = [self._says(start + offset, watts, wh) for offset, watts, wh in samples[:-1]]
        self._kwh += event.value / 1000
        over = self._says(end, 0, 0)
        whole = {**over.values, Signal.USE: event.value}
        return [*said, over._replace(values=whole, seconds=event.duration)]

    def _says(self, t: float, watts: float, wh_so_far: float) -> Said:
        values: dict[str, float] = {
            Signal.POWER: round(watts, 4),
            Signal.ENERGY: round(self._kwh + wh_so_far / 1000, 7),
            Raw.CURRENT: round(watts / _MAINS_V, 2),
            Raw.VOLTAGE: _MAINS_V,
        }
        return self._fitted.says(round(t, 3), values)
