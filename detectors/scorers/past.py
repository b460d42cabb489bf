"""A score against the person's own past scores: how rarely a day is so odd.

Among the past scores it is the rank that counts (a conformal p-value): whatever the scorer, and
whoever the person, a share `p` of ordinary days have a p-value of `p` or less, so a budget of false
alerts is a threshold. Beyond the few highest scores the tail is taken to be exponential, with the
doubt that so few leave; a person needs no hundred days for a budget of one alert in a hundred.

Sources: Vovk, Gammerman, Shafer, Algorithmic Learning in a Random World (2005), chapter 2; Coles,
An Introduction to Statistical Modeling of Extreme Values (2001), chapter 4.
"""

from collections.abc import Sequence
from math import log

ENOUGH = 14
"""Past scores before a new one is judged."""
MOST = 120
TAIL_SHARE = 0.2
LEAST_TAIL = 3
RAREST = 1e-12
"""Nothing is told as rarer."""


def rarity(score: float, past: Sequence[float]) -> float:
    """The chance, 0 to 1, that an ordinary day of this person has such a score or a higher one.

    Args:
        score: Of the day.
        past: Scores of earlier days; none of them needs to be in order.
    """
    beaten_by = sum(one >= score for one in past)
    rank = (1 + beaten_by) / (1 + len(past))
    tail = max(int(TAIL_SHARE * len(past)), LEAST_TAIL)
    if len(past) <= tail:
        return rank
    highest = sorted(past, reverse=True)
    begins = highest[tail]
    excess = sum(one - begins for one in highest[:tail])
    if score <= begins or excess <= 0:
        return rank
    # The predictive tail of an exponential whose mean is known from `tail` values alone.
    beyond = (1.0 + (score - begins) / excess) ** -tail
    return max((1 + tail) / (1 + len(past)) * beyond, RAREST)


def keep(past: list[float], score: float) -> None:
    """Adds a score and drops those beyond the newest :data:`MOST`."""
    past.append(score)
    del past[:-MOST]


def height(chance: float, limit: float) -> float:
    """A rarity as a score: 0 as usual, 0.5 at the limit, towards 1 beyond.

    Args:
        chance: As :func:`rarity` gives it.
        limit: The chance at which to alert, below 1.
    """
    said = -log(max(chance, RAREST))
    return said / (said - log(limit))
