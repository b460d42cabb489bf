"""A link to the broker that is lost again and again: each time looks like none, together they cost.

Two hubs by one name at one broker, as a trial beside the service, throw each other out each second.
What is said meanwhile goes to whichever is connected just then.
"""

from collections import deque

from contract import Condition
from gateway.engine.alert_book import Key
from gateway.watch.own_alerts import OwnAlerts

MANY = 6
"""Losses within :data:`WITHIN_S` that no restart of a broker or router explains."""
WITHIN_S = 600.0
"""Seconds; after so long without a loss the link counts as steady again."""
KEY = Key(Condition.HUB_DEAF, "connection")
_TEXT = (
    "The hub loses its broker again and again, for seconds each time: what its sensors say "
    "meanwhile, calls for help among it, may come late or not at all. Most often something else is "
    "connected to the broker under this hub's name, and each throws the other out."
)
_PROMPT = (
    "See that nothing else uses this hub's settings, such as a trial beside it, or give that "
    "another [broker] client_id; else look at the broker and the network."
)


class Unsteady:
    """Counts how often one hub loses its broker. Times are by a clock that only runs forward, in s.

    Args:
        alerts: Tells the centre.
    """

    def __init__(self, alerts: OwnAlerts) -> None:
        self._alerts = alerts
        self._losses: deque[float] = deque(maxlen=MANY)
        self._began: float | None = None

    def lost(self, elapsed: float) -> None:
        """Takes note that a link is gone; writes nothing."""
        self._losses.append(elapsed)

    def look(self, now: float, elapsed: float, *, connected: bool) -> None:
        """Tells what is due at `now`, by the hub's clock; what stood before a restart goes on."""
        self._began = elapsed if self._began is None else self._began
        last = self._losses[-1] if self._losses else self._began
        many = len(self._losses) == MANY and elapsed - self._losses[0] < WITHIN_S
        if many and not self._alerts.stands(*KEY):
            self._alerts.raised(KEY, _TEXT, _PROMPT, now)
        elif connected and elapsed - last >= WITHIN_S:
            self._alerts.cleared(KEY, "It has held for ten minutes.", now)
