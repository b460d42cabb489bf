"""Quantiles at every twentieth, as the appliances keep them."""

import numpy as np
from numpy.typing import NDArray

_STEPS = 20


def quantiles(values: NDArray[np.float64], digits: int) -> list[float]:
    """From the smallest to the largest. Of no value at all, twice nothing."""
    if not len(values):
        return [0.0, 0.0]
    found = np.percentile(values, np.linspace(0, 100, _STEPS + 1))
    return [round(float(value), digits) for value in found]
