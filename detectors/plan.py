"""What a condition that is judged over days is, before any home: its measures and its words."""

from typing import NamedTuple

from detectors.stream import Stream

LEAST_SEEN = 0.35
"""A part of a day of which less than this could be seen is not learned from."""


class Words(NamedTuple):
    """What a condition says to staff."""

    raised: str
    normal: str
    prompt: str


class Plan(NamedTuple):
    """What a condition is, before any home.

    Attributes:
        streams: What is measured.
        words: What is said.
        here: Where what is measured happens, and on the way there. What stirs elsewhere says how
            busy a day it was, and whether others are about.
        coupling: Power with which activity elsewhere in the home moves what is expected by day: on
            a busy day there is more of everything.
        at_home: Power with which the time at home moves it: who is out for half of a day makes up
            for some of what they did not do.
        least_seen: The share of a part of a day that must be seen to judge it.
        heard_at: Where the sensors are on which the measures hang; None for all that see motion.
    """

    streams: tuple[Stream, ...]
    words: Words
    here: frozenset[str]
    coupling: float = 0.0
    at_home: float = 1.0
    least_seen: float = LEAST_SEEN
    heard_at: frozenset[str] | None = None
