"""What a floor is: told of one day after another, it says at which of its limits it would alert."""

from typing import ClassVar, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from simulator.evaluation.floors.daily import Measure, Row

Flags = NDArray[np.bool_]
Limits = NDArray[np.float64]
LEAST_DAYS = 7
"""No floor judges before it has seen so many days."""
WINDOW = 28
"""Days that most of them look back."""


class Floor(Protocol):
    """A simple detector at many limits at once, so that it can be set beside any other.

    Attributes:
        name: In reports.
        limits: From the most easily alarmed on; shape (limits,).
    """

    name: ClassVar[str]

    def __init__(self, measure: Measure) -> None: ...

    @property
    def limits(self) -> Limits:
        """Shape (limits,)."""
        ...

    def step(self, row: Row) -> Flags | None:
        """Judges a day by those before it, then learns it; None while there are too few."""
        ...

    def branch(self) -> Self:
        """One that goes on by itself, from here."""
        ...
