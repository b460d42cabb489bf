"""What detectors believe of people in general, learned on development homes."""

from typing import NamedTuple

import msgspec


class Usual(NamedTuple):
    """A daily measure as it is in the home in the middle.

    Attributes:
        level: Its mean in a part of a day.
        dispersion: Of a count, variance divided by mean; of any other measure, the variance.
    """

    level: float
    dispersion: float


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    """Everything in the detectors that was learned rather than decided.

    Attributes:
        caution: By condition, how far from usual something must be to keep the false-alert budget.
            Of routines it multiplies the threshold of the sequential test, of silences the length
            of a long ordinary silence.
        usual: By measure, what is believed before a person's first day.
        steepness: By condition, the power of a budget, against the default, with which the limit
            must move for false alerts to follow it; 1 where it is not learned.
    """

    caution: dict[str, float]
    usual: dict[str, Usual]
    steepness: dict[str, float] = {}
