"""What stands where a detector cannot be made: nothing, but that calls for help are told.

It has nothing to say and learns nothing; one that can be made learns from the journal. At a call
for help it fails, so that the engine itself tells that, as wherever it could not be judged.
"""

from typing import cast

from contract import Assessment, Condition, Kind, SensorEvent
from detectors.moment import Moment
from detectors.profile import HomeProfile
from detectors.protocol import NEVER, Detector
from gateway.engine.outputs import DetectorFactory


class UnmadeError(Exception):
    """There is no detector."""


class Unmade:
    """Stands in the place of a detector that cannot be made.

    Args:
        condition: What that watches for.
    """

    version = 0
    kinds = frozenset[str]()

    def __init__(self, condition: str) -> None:
        self.condition = condition

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """Fails."""
        raise UnmadeError(self.condition, event.kind, moment.t)

    def due(self) -> float:
        """Never."""
        return NEVER

    def judge(self, moment: Moment) -> list[Assessment]:
        """Fails."""
        raise UnmadeError(self.condition, moment.t)

    def snapshot(self) -> bytes:
        """Nothing."""
        return b""

    def restore(self, snapshot: bytes) -> None:
        """Goes on from nothing."""


class UnmadeHelp(Unmade):
    """The same where it answers calls for help."""

    kinds = frozenset({str(Kind.BUTTON)})

    def observe_call(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """Fails."""
        return self.observe(event, moment)


def unmade(make: DetectorFactory) -> Detector:
    """What stands in the place of what cannot be made."""
    condition = _named(make)
    answers = condition == Condition.HELP_BUTTON or hasattr(make, "observe_call")
    return cast("Detector", UnmadeHelp(condition) if answers else Unmade(condition))


def condition_of(make: DetectorFactory, profile: HomeProfile) -> str:
    """What a detector watches for, also where it cannot be made."""
    try:
        return make(profile).condition
    except Exception:  # noqa: BLE001 - it is told where it is to be put to work
        return _named(make)


def _named(make: DetectorFactory) -> str:
    """Its class says it; of what is no class only the name is known."""
    return str(getattr(make, "condition", None) or getattr(make, "__name__", make))
