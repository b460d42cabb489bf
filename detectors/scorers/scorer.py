"""What a scorer and a drift detector must do: river's interfaces, as far as a day needs them."""

from typing import Protocol

Vector = dict[str, float]


class Scorer(Protocol):
    """Tells odd vectors from ordinary ones; :class:`river.base.AnomalyDetector` does."""

    def learn_one(self, x: Vector) -> None:
        """Takes in a vector. Measures may be missing."""
        ...

    def score_one(self, x: Vector) -> float:
        """How odd the vector is; higher is odder. Changes nothing."""
        ...


class Drift(Protocol):
    """Tells that a series has lastingly changed; :class:`river.base.DriftDetector` does."""

    @property
    def drift_detected(self) -> bool:
        """Whether the last value made it certain."""
        ...

    def update(self, x: float) -> None:
        """Takes in a value."""
        ...
