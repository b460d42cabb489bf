"""One home in the course of a replay: its engine, and what came of it."""

from collections.abc import Callable, Sequence

from contract import Alert, Assessment, SensorEvent
from detectors.profile import HomeProfile
from gateway.engine import LAG_S, DetectorFactory, Engine, Fault, OrderingEngine, Watermark
from gateway.engine.engine import Output, as_it_is

DISORDER_S = 3600.0 + LAG_S
"""How far an event may trail the newest one of its home and still count.

A hub's own journal stands in the order in which the hub learned things, a boil after what happened
in the meantime; what came too late for the hub is marked so there. More than any hub allows.
"""


def journal_engine(
    profile: HomeProfile,
    detectors: Sequence[DetectorFactory],
    on_fault: Callable[[Fault], None],
    gate: Callable[[Assessment], Assessment] = as_it_is,
) -> OrderingEngine:
    """An engine for a hub's own journal: what the hub put in its place is put there again."""
    return OrderingEngine(profile, detectors, on_fault, gate, window_s=DISORDER_S)


class HomeRun:
    """One engine, shown the events of its home.

    Attributes:
        alerts: The last version of each, by its id, in the order in which they were raised.
        assessments: All of them.
    """

    def __init__(self, engine: Engine | OrderingEngine) -> None:
        self.engine = engine
        self.watermark = Watermark(DISORDER_S)
        self.alerts: dict[str, Alert] = {}
        self.assessments: list[Assessment] = []

    def take(self, event: SensorEvent) -> bool:
        """Shows the engine one event; False where it came too late for that."""
        if not self.watermark.admit(event.at.timestamp()):
            return False
        self._note(self.engine.process(event))
        return True

    def finish(self) -> None:
        """Shows the engine what waits for its place, if anything does: nothing more will come."""
        if isinstance(self.engine, OrderingEngine):
            self._note(self.engine.finish())

    def _note(self, outputs: list[Output]) -> None:
        for output in outputs:
            if isinstance(output, Alert):
                self.alerts[output.id] = output
            else:
                self.assessments.append(output)
