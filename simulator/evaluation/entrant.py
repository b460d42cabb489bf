"""A detector under a name of its own, so that several of one condition run in one engine."""

from collections.abc import Callable
from typing import Any

import msgspec

from contract import Assessment, SensorEvent
from detectors.moment import Moment
from detectors.profile import HomeProfile
from detectors.protocol import Detector

Factory = Callable[[HomeProfile], Detector]


class Entrant:
    """Passes everything on to a detector, and signs its answers with the entrant's name.

    Attributes:
        condition: The name.
        version, kinds: The detector's.
    """

    def __init__(self, name: str, detector: Detector) -> None:
        self.condition = name
        self.version = detector.version
        self.kinds = detector.kinds
        self.due = detector.due
        self.snapshot = detector.snapshot
        self.restore = detector.restore
        self._detector = detector

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """As the detector answers."""
        answers = self._detector.observe(event, moment)
        return self._signed(answers) if answers else answers

    def judge(self, moment: Moment) -> list[Assessment]:
        """As the detector answers."""
        return self._signed(self._detector.judge(moment))

    def _signed(self, answers: list[Assessment]) -> list[Assessment]:
        return [msgspec.structs.replace(one, condition=self.condition) for one in answers]


def enter(name: str, make: Factory, budget: float | None = None) -> Any:
    """A factory of an entrant whose home asks for `budget`, where it is not None.

    The answer is a factory of detectors but for its `condition`, which is the entrant's own.
    """

    def entrant(profile: HomeProfile) -> Entrant:
        detector = make(profile)
        if budget is not None:
            own = msgspec.structs.replace(profile, budget={detector.condition: budget})
            detector = make(own)
        return Entrant(name, detector)

    return entrant
