"""The homes of recordings, and how they are split so that none judges itself."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from contract import SensorEvent
from contract.recordings import BadLine, open_recording, read_recording
from detectors.features.places import DRINK_APPLIANCES

Homes = dict[str, list[SensorEvent]]
FOLDS = 5
LEAST_DAYS = 21
"""Homes with fewer days tell too little after the warm-up."""

OUTAGE_S = 3 * 3600.0
LEAST_WITNESSES = 5


class Outage(NamedTuple):
    """A time in which the recording itself failed, in epoch seconds."""

    start: float
    end: float


def read_homes(paths: Iterable[Path]) -> tuple[Homes, int]:
    """The events of each home, in order of time, and how many lines were no events."""
    homes: defaultdict[str, list[SensorEvent]] = defaultdict(list)
    bad = 0
    for path in paths:
        with open_recording(path) as lines:
            for item in read_recording(lines):
                if isinstance(item, BadLine):
                    bad += 1
                else:
                    homes[item.home].append(item)
    for events in homes.values():
        events.sort(key=lambda event: event.at)
    return dict(homes), bad


def long_enough(homes: Homes) -> Homes:
    """The homes with at least `LEAST_DAYS` days from their first event to their last."""
    return {
        home: events
        for home, events in sorted(homes.items())
        if events and (events[-1].at - events[0].at).days >= LEAST_DAYS
    }


def has_kettle(events: Sequence[SensorEvent]) -> bool:
    """Whether the home's drinks are metered."""
    return any(event.place in DRINK_APPLIANCES for event in events)


def folds(homes: Homes, seed: int, count: int = FOLDS) -> list[list[str]]:
    """Splits the homes at random; the few with a kettle are dealt out first, to be apart."""
    rng = np.random.default_rng(seed)
    names = [sorted(homes)[i] for i in rng.permutation(len(homes))]
    names.sort(key=lambda home: not has_kettle(homes[home]))
    return [fold for fold in (names[start::count] for start in range(count)) if fold]


def outages(homes: Homes) -> list[Outage]:
    """The times in which none of many homes said anything: the recording itself was silent."""
    spans = [(e[0].at.timestamp(), e[-1].at.timestamp()) for e in homes.values() if e]
    times = sorted(event.at.timestamp() for events in homes.values() for event in events)
    return [
        Outage(start, end)
        for start, end in pairwise(times)
        if end - start > OUTAGE_S
        and sum(first <= start and end <= last for first, last in spans) >= LEAST_WITNESSES
    ]
