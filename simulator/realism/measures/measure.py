"""What a measure is: a figure that every home has, with its unit and the reason to look at it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

U = TypeVar("U")


@dataclass(frozen=True)
class Measure(Generic[U]):
    """One figure of a home (or a month, or a week of one).

    Attributes:
        name: Unique among all measures.
        family: Measures that share a picture.
        unit: Of the figure.
        why: Which part of the project goes wrong where made-up homes differ.
        of: The figure, NaN where the home cannot tell, as for want of the sensor.
        resolution: How finely sensors tell it; no difference smaller than that is one.
    """

    name: str
    family: str
    unit: str
    why: str
    of: Callable[[U], float]
    resolution: float = 0.0


NONE = float("nan")
