"""Any scorer behind an online scale: each measure comes to it between 0 and 1."""

from detectors.scorers.robust import RobustScorer
from detectors.scorers.scorer import Scorer, Vector

REACH = 4.0
"""Standard deviations from the usual at which the scale ends."""


class ScaledScorer:
    """Gives a scorer what it needs, and half-space trees need most: all measures, from 0 to 1.

    The usual of a measure becomes 0.5. A measure that is missing today is told as usual, for most
    scorers take what is missing for a zero, which would be the oddest value of all.

    Args:
        scorer: With river's interface.
        spread: As in :class:`RobustScorer`.
    """

    def __init__(self, scorer: Scorer, spread: float = 1.0) -> None:
        self._scorer = scorer
        self._scale = RobustScorer(spread=spread)
        self._known: dict[str, None] = {}

    def learn_one(self, x: Vector) -> None:
        """Takes in a vector; the scorer sees it once there is a scale."""
        deviations = self._scale.deviations(x)
        self._known |= dict.fromkeys(sorted(deviations))
        if deviations:
            self._scorer.learn_one(self._scaled(deviations))
        self._scale.learn_one(x)

    def score_one(self, x: Vector) -> float:
        """The scorer's own score; 0 before there is a scale."""
        deviations = self._scale.deviations(x)
        return float(self._scorer.score_one(self._scaled(deviations))) if deviations else 0.0

    def _scaled(self, deviations: Vector) -> Vector:
        found = dict.fromkeys(self._known, 0.5)
        for name, deviation in sorted(deviations.items()):
            found[name] = min(max(0.5 + deviation / (2 * REACH), 0.0), 1.0)
        return found
