"""Finds out beforehand what a hub will make of a life, with the hub's own engine."""

from collections.abc import Iterator

import msgspec

from contract import Alert
from detectors.profile import HomeProfile
from detectors.registry import DETECTORS
from gateway.engine import Engine
from simulator.demo.plan import Household, Story, Street
from simulator.living.episodes.episode import Episode
from simulator.living.home import Home


def rehearse(
    street: Street, household: Household, story: Story, *, after: float, before: float
) -> Episode | None:
    """The first of a story's episodes that is noticed in time, or None.

    Args:
        street: Where it happens.
        household: To whom it happens.
        story: What is to be noticed, and what might lead to it.
        after: It must not be noticed sooner (epoch seconds).
        before: It must be noticed by then (epoch seconds).
    """
    for episode in story.episodes:
        trial = msgspec.structs.replace(household, episodes=[*household.episodes, episode])
        first = next(
            (t for t in _raised(street.live_in(trial), story.condition, before)
             if t >= episode.onset),
            None,
        )  # fmt: skip
        if first is not None and first >= after:
            return episode
    return None


def _raised(home: Home, condition: str, until: float) -> Iterator[float]:
    """When a condition is raised in the home's life, up to `until`."""
    profile = HomeProfile(home=home.name, sensors=home.sensors)
    engine = Engine(profile, [make for make in DETECTORS if make(profile).condition == condition])
    for event in home.until(until):
        for output in engine.process(event):
            if isinstance(output, Alert) and output.version == 1:
                yield output.raised_at.timestamp()
