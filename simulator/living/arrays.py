"""Arrays of plain numbers, and what NumPy has no word for."""

from collections.abc import Sequence
from struct import pack

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def numbers(flat: Sequence[float]) -> Floats:
    """Many plain numbers as an array, in a third of the time that NumPy takes to look at each."""
    return np.frombuffer(pack(f"{len(flat)}d", *flat))


def ranges(begin: Ints, many: Ints) -> Ints:
    """The whole numbers from each beginning on, so many of each, shape (many.sum(),).

    Args:
        begin: Shape (n,).
        many: Shape (n,), n above 0.
    """
    upto = many.cumsum()
    found: Ints = np.arange(upto[-1]) + (begin - upto + many).repeat(many)
    return found
