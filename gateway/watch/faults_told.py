"""Tells the centre of sensors that speak and cannot be believed, once each, until they are mended.

Their heartbeats look well: each was heard a moment ago.
"""

from collections.abc import Callable, Iterable

from contract import Condition
from gateway.engine.alert_book import Key
from gateway.normaliser.faults import Fault
from gateway.watch.own_alerts import OwnAlerts

EVERY_S = 10.0
"""Seconds from one look to the next."""
_PROMPT = (
    "Look at how this sensor is listed, and at the sensor; telecare-gateway doctor says what to do."
)


class FaultsTold:
    """What one hub tells of its sensors' faults.

    Args:
        alerts: Tells the centre.
        faults: Says what is wrong now.
    """

    def __init__(self, alerts: OwnAlerts, faults: Callable[[], Iterable[Fault]]) -> None:
        self._alerts = alerts
        self._faults = faults
        self._looked_at: float | None = None

    def look(self, now: float) -> None:
        """Raises what is due by `now`, in epoch seconds, and clears what is mended."""
        if self._looked_at is not None and 0 <= now - self._looked_at < EVERY_S:
            return
        self._looked_at = now
        found = {one.sensor: one for one in self._faults()}
        for key in self._alerts.open_of(Condition.SENSOR_FAULT):
            if key.subject not in found:
                self._alerts.cleared(key, "It was mended, or is listed no longer.", now)
        for one in found.values():
            key = Key(Condition.SENSOR_FAULT, one.sensor)
            if one.due <= now and not self._alerts.stands(*key):
                self._alerts.raised(key, one.text, _PROMPT, now)
