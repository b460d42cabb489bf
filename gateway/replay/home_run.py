"""One home in the course of a replay: its engine, and what came of it."""

from collections.abc import Callable, Iterable

from contract import Alert, Assessment, SensorEvent
from gateway.engine import LAG_S, Engine, Watermark

DISORDER_S = 3600.0 + LAG_S
"""How far an event may trail the newest one of its home and still count.

A hub's own journal stands in the order in which the hub learned things, a boil after what happened
in the meantime; what came too late for the hub is marked so there. More than any hub allows.
"""


class HomeRun:
    """One engine, shown the events of its home.

    Args:
        engine: The home's.
        assessed: Told of each assessment.

    Attributes:
        alerts: The last version of each, by its id, in the order in which they were raised.
    """

    def __init__(self, engine: Engine, assessed: Callable[[Assessment], None]) -> None:
        self.engine = engine
        self.watermark = Watermark(DISORDER_S)
        self.alerts: dict[str, Alert] = {}
        self._assessed = assessed

    def take(self, events: Iterable[SensorEvent]) -> int:
        """Shows the engine some events; how many of them came too late for that."""
        admit, process, late = self.watermark.admit, self.engine.process, 0
        for event in events:
            t = event.at.timestamp()
            if not admit(t):
                late += 1
                continue
            for output in process(event, t):
                if isinstance(output, Alert):
                    self.alerts[output.id] = output
                else:
                    self._assessed(output)
        return late
