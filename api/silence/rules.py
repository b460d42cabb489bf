"""When a hub counts as silent, and when many silent hubs are one outage. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

MISSED = 3
"""Heartbeats that may be missed."""
USUAL_S = 300.0
"""Seconds between the heartbeats of a hub that does not say."""
WINDOW = timedelta(minutes=10)
"""Hubs that were last heard within this of each other may have fallen silent together."""
LEAST = 5
SHARE = 0.2
"""An outage is so many hubs, and such a part of all that were heard."""
MANY = 25
BY_CHANCE = 1 / 2000
"""Or so many, whatever part that is: of a large estate one mast or provider is a small part. It
must be five times what falls silent in the same time by chance, each hub about once a fortnight."""
MOST_BACK = 0.8
"""An outage is over once such a part of its hubs is back."""


class Quiet(NamedTuple):
    """A hub that has said nothing for a while.

    Attributes:
        at: When it was last heard, or set up if it never was.
        patience: How long it may say nothing.
    """

    hub: str
    at: datetime
    patience: timedelta


def patience(least: timedelta, every_s: float | None) -> timedelta:
    """How long a hub may say nothing whose heartbeats are `every_s` apart."""
    return max(least, MISSED * timedelta(seconds=every_s or USUAL_S))


def overdue(hub: Quiet, since: datetime, now: datetime) -> bool:
    """Whether a hub is silent, for a centre that listens since then."""
    return now - max(hub.at, since) >= hub.patience


def late(hub: Quiet, since: datetime, now: datetime) -> bool:
    """Whether a hub is silent if others are: it should have been heard by now."""
    return now - max(hub.at, since) >= hub.patience / 2


def outage(
    silent: Sequence[datetime], others: Sequence[datetime], estate: int
) -> tuple[datetime, datetime] | None:
    """When hubs fell silent together, if so many did that it is one outage.

    Args:
        silent: When each hub was last heard that is newly found silent.
        others: The same of those that are late, or were found silent just before.
        estate: Hubs that were heard until then.

    Returns:
        The ten minutes, both ends included, in which most of them were last heard.
    """
    every, news = sorted([*silent, *others]), sorted(silent)
    best, most = None, _enough(estate) - 1
    for first in every:
        last = first + WINDOW
        count = bisect_right(every, last) - bisect_left(every, first)
        if count > most and bisect_right(news, last) > bisect_left(news, first):
            best, most = (first, last), count
    return best


def _enough(estate: int) -> int:
    many = max(MANY, ceil(5 * BY_CHANCE * estate))
    return max(LEAST, min(ceil(estate * SHARE), many))


def belongs(at: datetime, began: datetime) -> bool:
    """Whether a hub last heard at `at` fell silent in the outage that began then."""
    return abs(at - began) <= WINDOW


def mostly_back(back: int, total: int) -> bool:
    """Whether an outage is over, and what is left of it is told hub by hub."""
    return back >= MOST_BACK * total
