"""One home in the course of a replay: its engine, and what came of it."""

from collections.abc import Callable, Iterable, Sequence

from contract import Alert, Assessment, SensorEvent
from detectors.profile import HomeProfile
from gateway.engine import LAG_S, DetectorFactory, Engine, Fault, OrderingEngine, Watermark
from gateway.engine.outputs import Output

DISORDER_S = 3600.0 + LAG_S
"""How far an event may trail the newest one of its home and still count.

A hub's own journal stands in the order in which the hub learned things, a boil after what happened
in the meantime; what came too late for the hub is marked so there. More than any hub allows.
"""

Assessed = Callable[[Assessment], None]
OnFault = Callable[[Fault], None]


class HomeRun:
    """One engine, shown the events of its home.

    Args:
        engine: The home's.
        assessed: Told of each assessment.

    Attributes:
        alerts: The last version of each, by its id, in the order in which they were raised.
    """

    def __init__(
        self, engine: Engine | OrderingEngine, assessed: Callable[[Assessment], None]
    ) -> None:
        self.engine = engine
        self.watermark = Watermark(DISORDER_S)
        self.alerts: dict[str, Alert] = {}
        self._assessed = assessed

    def take(self, events: Iterable[SensorEvent]) -> int:
        """Shows the engine some events; how many of them came too late for that."""
        admit, process, late = self.watermark.admit, self.engine.process, 0
        for event in events:
            t = event.at.timestamp()
            if admit(t):
                self._note(process(event, t))
            else:
                late += 1
                if event.counts_at is not None:  # a call for help, which counts nevertheless
                    self._note(process(event))
        return late

    def finish(self) -> None:
        """Shows the engine what waits for its place, if anything does: nothing more will come."""
        if isinstance(self.engine, OrderingEngine):
            self._note(self.engine.finish())

    def _note(self, outputs: list[Output]) -> None:
        for output in outputs:
            if isinstance(output, Alert):
                self.alerts[output.id] = output
            else:
                self._assessed(output)


MakeRun = Callable[[HomeProfile, Sequence[DetectorFactory], OnFault, Assessed], HomeRun]


def recorded(
    profile: HomeProfile,
    detectors: Sequence[DetectorFactory],
    on_fault: OnFault,
    assessed: Assessed,
) -> HomeRun:
    """The course of a home in a recording, in which times are not marked as a hub marks them."""
    return HomeRun(Engine(profile, detectors, on_fault), assessed)
