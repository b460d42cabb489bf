"""Our scorer: each measure against its own usual, and one number for the whole vector.

Every measure has a level and a spread that are learned online, fade, and take extreme values drawn
in (:mod:`detectors.models.levels`). The score is the mean surprise of the measures under Student's
t distribution, whose heavy tails keep a single wild measure from outweighing many that moved a
little together.

Source: Lange, Little, Taylor, Robust Statistical Modeling Using the t Distribution, JASA 84, 1989.
"""

from collections.abc import Mapping
from math import log1p
from typing import Any

from river.base import AnomalyDetector

from detectors.models.levels import LevelModel
from detectors.models.usual import NINE_IN_TEN, Band, Prior

KNOWN = 3
"""Values of a measure before it has a say."""
MOST_MEASURES = 256
"""Names beyond these are not learned, so that memory stays bounded."""
STEADINESS = 5.0
"""How many values the spread that is believed beforehand is worth."""


class RobustScorer(AnomalyDetector):
    """Scores a vector of any measures; a missing measure has no say.

    Args:
        memory: Vectors after which one's say has faded to 1 / e.
        freedom: Degrees of freedom of the t distribution; with fewer, a single wild measure has
            less of a say.
        spread: The standard deviation believed of a measure before it is known.

    Example:
        >>> scorer = RobustScorer()
        >>> for visits in (6, 7, 5, 6, 7, 6, 5):
        ...     scorer.learn_one({"visits": visits})
        >>> scorer.score_one({"visits": 6}) < 0.1 < 1 < scorer.score_one({"visits": 12})
        True
    """

    def __init__(self, memory: float = 45.0, freedom: float = 3.0, spread: float = 1.0) -> None:
        self.memory = memory
        self.freedom = freedom
        self.spread = spread
        self._levels: dict[Any, LevelModel] = {}
        self._priors: dict[Any, Prior] = {}

    def learn_one(self, x: Mapping[Any, float]) -> None:
        """Takes in a vector."""
        for name, value in x.items():
            prior = self._priors.get(name)
            if prior is None:
                if len(self._priors) >= MOST_MEASURES:
                    continue
                prior = self._priors[name] = prior_of(value, self.spread, self.memory)
                self._levels[name] = LevelModel()
            self._levels[name].learn_one(value, prior)

    def score_one(self, x: Mapping[Any, float]) -> float:
        """The mean surprise of the measures that are known, from 0; 0 where none is."""
        said = self.surprises(x)
        return sum(said.values()) / len(said) if said else 0.0

    def surprises(self, x: Mapping[Any, float]) -> dict[Any, float]:
        """How much each known measure says, from 0, in the order of their names."""
        half, freedom = (self.freedom + 1.0) / 2.0, self.freedom
        return {
            name: half * log1p(z * z / freedom) for name, z in sorted(self.deviations(x).items())
        }

    def deviations(self, x: Mapping[Any, float]) -> dict[Any, float]:
        """How far each known measure lies from its level, in standard deviations."""
        found: dict[Any, float] = {}
        for name, value in x.items():
            level = self._levels.get(name)
            if level is not None and level.weight >= KNOWN - 0.5:  # its sum fades a little
                band = level.band(self._priors[name])
                found[name] = (value - band.usual) * NINE_IN_TEN / (band.high - band.usual)
        return found

    def band(self, name: Any) -> Band | None:
        """What is usual of a measure, and what nine ordinary vectors in ten hold."""
        level = self._levels.get(name)
        return None if level is None else level.band(self._priors[name])


def prior_of(value: float, spread: float, memory: float) -> Prior:
    """What is believed of a measure once its first value is seen."""
    return Prior(float(value), spread**2, weight=0.5, steadiness=STEADINESS, memory=memory)
