"""Who is shown which events: worked out once, and again where detectors or their wishes change."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from contract import Assessment
from detectors.protocol import (
    NEVER,
    AnswersCalls,
    Detector,
    HearsLate,
    PatientDetector,
    SelectiveDetector,
)


class Route(NamedTuple):
    """Who is shown the events of a kind.

    Attributes:
        patient: Whether patient detectors are.
        at_once: The others: number, :meth:`Detector.observe` and :meth:`Detector.due`.
    """

    patient: bool
    at_once: list[tuple[int, Callable[..., list[Assessment]], Callable[[], float]]]


class Routes:
    """The ways of events to the detectors of one home.

    Args:
        detectors: All of them; each is known by its number among them.
        dues: When each is due, in epoch seconds.

    Attributes:
        patient: Those that may be shown events late.
        curious: Whether one of these has not begun: only once it has seen an event it is known when
            it is due, so it is shown events at once.
        kinds: What each wants to see.
        by_kind: The way of each kind that anybody wants.
    """

    def __init__(self, detectors: Sequence[Detector], dues: Sequence[float]) -> None:
        self._detectors = detectors
        self.patient: dict[int, PatientDetector] = {
            i: one for i, one in enumerate(detectors) if isinstance(one, PatientDetector)
        }
        self.curious = any(dues[index] == NEVER for index in self.patient)
        self._selective = {
            i: one for i, one in enumerate(detectors) if isinstance(one, SelectiveDetector)
        }
        numbered = list(enumerate(detectors))
        self._hear_late = [(i, one) for i, one in numbered if isinstance(one, HearsLate)]
        self._answer_calls = [(i, one) for i, one in numbered if isinstance(one, AnswersCalls)]
        self.kinds = [wanted(one) for one in detectors]
        words = {str(kind) for wanted in self.kinds for kind in wanted}
        self.by_kind = {word: self._route(word) for word in words}

    def late(self, kind: str) -> list[tuple[int, HearsLate]]:
        """Who wants to know of an event of a kind that came too late."""
        return [(index, one) for index, one in self._hear_late if kind in one.kinds]

    def calls(self, kind: str) -> list[tuple[int, AnswersCalls]]:
        """Who answers a call for help of a kind that came too late."""
        return [(index, one) for index, one in self._answer_calls if kind in one.kinds]

    def stale(self, index: int) -> bool:
        """Whether the detector of that number has come to want other kinds."""
        one = self._selective.get(index)  # to ask a detector whether it is one takes far longer
        return one is not None and one.wanted() != self.kinds[index]

    def _route(self, kind: str) -> Route:
        who = [index for index, kinds in enumerate(self.kinds) if kind in kinds]
        at_once = [(i, self._detectors[i]) for i in who if i not in self.patient]
        return Route(
            patient=len(at_once) < len(who),
            at_once=[(index, one.observe, one.due) for index, one in at_once],
        )


def wanted(detector: Detector) -> frozenset[str]:
    """What a detector wants to see now."""
    return detector.wanted() if isinstance(detector, SelectiveDetector) else detector.kinds
