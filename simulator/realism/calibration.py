"""Which real homes may be looked at in tuning made-up people, and which are kept to judge them."""

from collections.abc import Iterable


def calibration_homes(names: Iterable[str]) -> list[str]:
    """Every other home of the sorted names, from the first: indices 0, 2, 4 and so on.

    Made-up people may be fitted to these. The others are never looked at while fitting.
    """
    return sorted(set(names))[::2]
