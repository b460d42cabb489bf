"""What is believed of a daily measure beforehand, and what is usual once days are seen."""

from typing import NamedTuple

NINE_IN_TEN = 1.645
"""Standard deviations either side of the mean that hold nine normal values in ten."""
DRAWN_IN = 2.5
"""Standard deviations from the mean beyond which a day is drawn in before it is learned."""


class Prior(NamedTuple):
    """What is believed before the first day, and how fast belief moves.

    Attributes:
        level: Expected value in an ordinary part of a day.
        dispersion: Of a count, variance divided by mean; of another measure, the variance. Above 0.
        weight: How many days the expectation is worth.
        steadiness: How many days the dispersion is worth.
        memory: Days after which a day's say has faded to 1 / e.
        lag: Days that a day waits before it is learned, once enough are known: what an illness does
            in its first days shall not move what it is measured against.
    """

    level: float
    dispersion: float
    weight: float = 0.3
    steadiness: float = 10.0
    memory: float = 45.0
    lag: int = 3


class Band(NamedTuple):
    """What is usual, and the ends of what nine ordinary days in ten hold."""

    usual: float
    low: float
    high: float
