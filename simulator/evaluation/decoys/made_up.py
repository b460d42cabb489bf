"""Decoys in made-up homes, where the recordings have no sensors that would tell of them."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

import msgspec
import numpy as np

from contract import Kind, SensorEvent
from detectors.features.places import DRINK_APPLIANCES
from simulator.evaluation.decoys.decoy import DAY_S, Events
from simulator.evaluation.injection import moved, time_of
from simulator.living.episodes.registry import kind_of
from simulator.living.household import Mix
from simulator.living.senses.registry import USUAL
from simulator.living.street import Planned, made_up_home

DAYS = 42
ONSET = 28
MIX = Mix(sensors=(*USUAL, "lounge-temperature"))
COLD_SHARE = 0.6
"""Of hot drinks that are taken cold instead."""


class MadeUp(NamedTuple):
    """A home as it would have been, and as it was.

    Attributes:
        name: The decoy's.
        plain, changed: The events of either, in order.
        start, end: When the decoy begins and is over, in epoch seconds.
    """

    name: str
    plain: Events
    changed: Events
    start: float
    end: float


class Plan(NamedTuple):
    """A decoy that the simulator lives through.

    Attributes:
        name: In reports.
        kind: As the simulator calls it.
        first: The first day of the home's life.
        days: How long it lasts.
    """

    name: str
    kind: str
    first: datetime
    days: float


def _on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


PLANS = (
    Plan("hot days (made up)", "heat_wave", _on(2026, 6, 15), 5),
    Plan("visitors (made up)", "visitor", _on(2026, 4, 15), 3),
    Plan("second resident (made up)", "second_resident", _on(2026, 4, 15), 10),
    Plan("pet (made up)", "pet", _on(2026, 4, 15), 10),
    Plan("clock change in March (made up)", "clock_change", _on(2026, 3, 1), 3),
    Plan("clock change in October (made up)", "clock_change", _on(2026, 9, 27), 3),
)
COLD_DRINKS = "cold drinks instead of tea (made up)"


def lived(number: int, seed: int, plan: Plan) -> MadeUp:
    """One home, counted from 1, with and without."""
    start = plan.first.timestamp()
    onset = ONSET * DAY_S
    episode = kind_of(plan.kind).begin(onset, days=plan.days)
    befallen = Planned(f"home{number}", episode)
    return MadeUp(
        plan.name,
        _events(number, seed, start, ()),
        _events(number, seed, start, (befallen,)),
        start + onset,
        start + onset + plan.days * DAY_S,
    )


def cold_drinks(number: int, seed: int) -> MadeUp:
    """Six hot drinks in ten become something from the fridge."""
    start = _on(2026, 4, 15).timestamp()
    plain = _events(number, seed, start, ())
    onset, end = start + ONSET * DAY_S, start + (ONSET + 7) * DAY_S
    rng = np.random.default_rng([seed, number])
    fridge = next((e for e in plain if e.place == "fridge" and e.value == 1), None)
    changed: Events = []
    for event in plain:
        hot = event.kind == Kind.APPLIANCE and event.place in DRINK_APPLIANCES
        if hot and onset <= time_of(event) < end and rng.random() < COLD_SHARE:
            changed += _from_the_fridge(fridge, time_of(event))
        else:
            changed.append(event)
    return MadeUp(COLD_DRINKS, plain, sorted(changed, key=time_of), onset, end)


def _from_the_fridge(fridge: SensorEvent | None, t: float) -> Events:
    if fridge is None:
        return []
    opened = moved(fridge, t - time_of(fridge))
    return [opened, msgspec.structs.replace(moved(opened, 15.0), value=0)]


def _events(number: int, seed: int, start: float, planned: tuple[Planned, ...]) -> Events:
    home = made_up_home(number, seed=seed, start=start, mix=MIX, planned=planned)
    return list(home.until(start + DAYS * DAY_S))


def all_of(number: int, seed: int) -> list[Callable[[], MadeUp]]:
    """Every made-up decoy of a home."""
    found = [partial(lived, number, seed, plan) for plan in PLANS]
    return [*found, partial(cold_drinks, number, seed)]
