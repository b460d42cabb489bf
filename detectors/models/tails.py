"""How much longer silences last that have outlasted half an hour, and which length is seldom.

The excess over half an hour is Weibull with a known shape: its tail is lighter than exponential, as
measured in many homes. The mean of its power is learned, with a conjugate (inverse gamma) belief,
so that what the next one exceeds is known with all the doubt about that mean. How often there is an
excess at all is a Poisson rate, learned likewise.

Source: Gelman et al., Bayesian Data Analysis (2013), section 2.6; Coles, An Introduction to
Statistical Modeling of Extreme Values (2001), chapter 4.
"""

from collections.abc import Iterable

import msgspec

BEYOND = 1800.0
"""Seconds. Shorter silences tell nothing of long ones."""
SHAPE = 1.3
"""Of the Weibull tail."""
BELIEVED = 8.0
"""How many silences of its own a place and hour must have before its belief counts for half."""
BELIEVED_HOME = 20.0
"""The same of a home against people in general."""
RATE, RATE_DAYS = 0.3, 1.0
"""Silences beyond half an hour a day in one place and block of hours, and how many days say so."""


class Tail(msgspec.Struct, array_like=True):
    """The long silences of one context.

    Attributes:
        times: Faded number of silences beyond half an hour.
        excess: Faded sum of their excess, in seconds to the power of the shape.
        time: Faded seconds spent in silences, each counted up to two hours.
    """

    times: float = 0.0
    excess: float = 0.0
    time: float = 0.0

    def learn_one(self, length: float) -> None:
        """Takes in a silence, in seconds."""
        if length > BEYOND:
            self.times += 1.0
            self.excess += power(length - BEYOND)
        self.time += min(length, 2 * 3600.0)

    def fade(self, keep: float) -> None:
        """Old silences count for less: they keep this share of their weight."""
        self.times, self.excess, self.time = keep * self.times, keep * self.excess, keep * self.time


def power(excess: float) -> float:
    """An excess in seconds to the power of the shape."""
    return float(excess**SHAPE)


def together(tails: Iterable[Tail]) -> Tail:
    """Several contexts as one."""
    whole = Tail()
    for tail in tails:
        whole.times += tail.times
        whole.excess += tail.excess
        whole.time += tail.time
    return whole


def mean(tail: Tail, believed: float, weight: float) -> float:
    """The mean excess to the power of the shape: their own, drawn towards what is believed."""
    return (tail.excess + weight * believed) / (tail.times + weight)


def seldom(tail: Tail, believed: float, days: float, a_day: float) -> float:
    """The length that silences of a context exceed only so often.

    Args:
        tail: Of the context.
        believed: Mean excess, to the power of the shape, beforehand.
        days: For how many days, faded, the context could have been seen.
        a_day: How often a day.

    Returns:
        Seconds, at least `BEYOND`.
    """
    rate = (tail.times + RATE * RATE_DAYS) / (days + RATE_DAYS)
    if a_day >= rate:
        return BEYOND
    times, excess = tail.times + BELIEVED, tail.excess + BELIEVED * believed
    exceeded: float = excess * ((a_day / rate) ** (-1.0 / times) - 1.0)
    return BEYOND + float(exceeded ** (1.0 / SHAPE))
