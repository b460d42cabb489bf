"""What a decoy is: a change of a home's events that is no illness of the person."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from contract import SensorEvent
from detectors.moment import Calendar

Events = list[SensorEvent]
DAY_S = 86_400.0


class Scene(NamedTuple):
    """Where a decoy is set.

    Attributes:
        events: The home's, in order of time.
        calendar: Its own.
        start, end: When the decoy begins and is over, in epoch seconds.
        company: Another home's events, for those who come to stay; empty where there is none.
        rng: Where chance comes from.
    """

    events: Events
    calendar: Calendar
    start: float
    end: float
    company: Events
    rng: np.random.Generator

    def within(self, events: Events) -> Events:
        """Those of the decoy's time."""
        return [event for event in events if self.start <= event.at.timestamp() < self.end]


Write = Callable[[Scene], Events | None]
"""The events of the decoy's time as they are with it, in order; None where it does not fit."""


class Decoy(NamedTuple):
    """One decoy.

    Attributes:
        name: In reports.
        about: What is written into the home.
        days: How long it lasts.
        write: Writes it.
        hours: The local hour at which it begins, and the one before which it does.
    """

    name: str
    about: str
    days: float
    write: Write
    hours: tuple[float, float] = (0.0, 0.0)
