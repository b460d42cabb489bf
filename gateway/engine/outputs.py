"""What goes into an engine and what comes out, by name."""

from collections.abc import Callable
from dataclasses import dataclass

from contract import Alert, Assessment
from detectors.profile import HomeProfile
from detectors.protocol import Detector

DetectorFactory = Callable[[HomeProfile], Detector]
Output = Assessment | Alert


@dataclass(frozen=True, slots=True)
class Fault:
    """A detector failed; the others went on.

    Attributes:
        stopped: Whether it was replaced by a fresh one at work. Else it could only not be stored,
            or failed while it learned beside it.
        made: Whether it could be made; else there is none, and it is tried again at the next start.
        at: How far time had come for it, in epoch seconds; None before the first event.
    """

    condition: str
    error: Exception
    stopped: bool = True
    made: bool = True
    at: float | None = None


def ignore(_fault: Fault) -> None:
    """Takes no note of a fault."""


def as_it_is(assessment: Assessment) -> Assessment:
    """Lets every answer through."""
    return assessment
