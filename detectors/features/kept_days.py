"""The last days as vectors, small enough for a checkpoint: two bytes a measure."""

from math import isnan
from typing import Final, Literal

import msgspec
import numpy as np

from detectors.features.measures import MEASURES

LEARNED: Final = "learned"
RAISED: Final = "raised"
VISITED: Final = "visited"
Standing = Literal["learned", "raised", "visited"]
"""What became of a day: it is part of the usual, it was raised, or others were there."""


class KeptDay(msgspec.Struct, array_like=True):
    """One day.

    Attributes:
        day: The local day, as an ordinal.
        standing: What became of it.
        packed: :data:`MEASURES` in their order as 16-bit floats; not a number where absent.
    """

    day: int
    standing: Standing
    packed: bytes

    @property
    def measures(self) -> dict[str, float]:
        """The measures by name, to about one part in a thousand."""
        values = np.frombuffer(self.packed, dtype="<f2").tolist()
        return {
            measure.name: value
            for measure, value in zip(MEASURES, values, strict=True)
            if not isnan(value)
        }


def kept(day: int, standing: Standing, measures: dict[str, float]) -> KeptDay:
    """A day, packed."""
    values = [measures.get(measure.name, float("nan")) for measure in MEASURES]
    return KeptDay(day, standing, np.clip(values, -6e4, 6e4).astype("<f2").tobytes())


def check(days: list[KeptDay]) -> None:
    """Refuses days of other measures than these.

    Raises:
        ValueError: They were kept by another version.
    """
    if any(len(one.packed) != 2 * len(MEASURES) for one in days):
        raise ValueError("kept days are not of these measures; learn anew")
