"""No label may leak: a detector trained on a leak would know nothing of people."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache

import msgspec
import numpy as np
import pytest

from contract.codec import encode
from simulator.living.episodes.episode import DAY_S, Episode
from simulator.living.episodes.registry import KINDS
from simulator.living.home import Home
from simulator.living.household import Household
from tests.simulator.living.people import EVERYTHING

START = datetime(2026, 3, 25, tzinfo=UTC).timestamp()  # London's clocks change on day 4
OPTIONS = {
    "sensor_death": {"sensor": "bathroom-pir"},
    "moved_sensor": {"sensor": "hallway-pir", "room": "lounge"},
}
ONSETS = (2.6, 4.0)  # in the midst of what is lived at once, and at its seam
DAYS = 6
HOMES = 5


def begun(kind: str, onset: float, **more: str) -> Episode:
    length = None if KINDS[kind].hours else 1.5
    options = {**OPTIONS.get(kind, {}), **more}
    return KINDS[kind].begin(
        START + onset * DAY_S,
        days=length,
        sensor=options.get("sensor", ""),
        room=options.get("room", ""),
    )


@cache
def lines(seed: int, *episodes: Episode, residents: int = 1) -> tuple[tuple[float, bytes], ...]:
    household = Household(residents=residents, sensors=EVERYTHING)
    lived = Home("home1", seed=(seed,), start=START, household=household, episodes=episodes)
    return tuple(
        (event.at.timestamp(), encode(event)) for event in lived.until(START + DAYS * DAY_S)
    )


def onsets_of(kind: str) -> tuple[float, ...]:
    return ONSETS[1:] if kind == "clock_change" else ONSETS


@pytest.mark.parametrize("kind", KINDS)
def test_before_an_episode_sets_in_the_bytes_are_those_of_a_home_it_never_befalls(
    kind: str,
) -> None:
    for onset in onsets_of(kind):
        episode = begun(kind, onset)
        for seed, residents in ((1, 1), (2, 2)):
            ill, well = lines(seed, episode, residents=residents), lines(seed, residents=residents)
            before = [line for t, line in ill if t < episode.onset]
            assert before == [line for t, line in well if t < episode.onset]
            assert len(before) > 300


def test_a_fall_that_waits_longer_than_it_lasts_leaves_the_past_alone() -> None:
    """At midnight for the kitchen: it strikes hours after its label has ended."""
    for seed in range(1, 7):
        episode = begun("fall", 4.0, room="kitchen")
        before = [line for t, line in lines(seed, episode) if t < episode.onset]
        assert before == [line for t, line in lines(seed) if t < episode.onset]


def fields(told: Iterable[tuple[float, bytes]]) -> dict[str, set[object]]:
    """All values of all fields that name something, and the names of the fields of each kind."""
    found: dict[str, set[object]] = defaultdict(set)
    for _, line in told:
        event = msgspec.json.decode(line)
        found[f"fields of {event['kind']}"].add(tuple(sorted(event)))
        for name, value in event.items():
            if isinstance(value, str) and name != "at":
                found[name].add(value)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_no_field_of_any_event_names_the_episode_or_says_what_others_never_say(kind: str) -> None:
    usual = fields(line for seed in range(1, 4) for line in lines(seed))
    for onset in onsets_of(kind):
        for seed in range(1, 4):
            told = lines(seed, begun(kind, onset))
            found = fields(told)
            assert all(found[name] <= usual[name] for name in found)
            text = b"".join(line for _, line in told)
            assert not [name for name in KINDS if name.encode() in text]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_happens_at_the_very_instants_that_a_label_names(kind: str) -> None:
    """Nor on the full second oftener than one in a thousand, as everything else does."""
    full_seconds = told = 0
    for onset in onsets_of(kind):
        episode = begun(kind, onset)
        full = episode.onset + episode.ramp_s
        named = {episode.onset, full, full + episode.plateau_s, episode.end}
        for seed in range(1, HOMES + 1):
            times = [t for t, line in lines(seed, episode) if b'"temperature"' not in line]
            assert not named & set(times)
            ill = [t for t in times if t >= episode.onset]
            full_seconds += sum(t == int(t) for t in ill)
            told += len(ill)
    assert full_seconds <= 6 + 2 * told / 1000


@pytest.mark.parametrize("kind", KINDS)
def test_milliseconds_are_as_even_in_an_episode_as_before_it(kind: str) -> None:
    """Thirds of a second, counted over homes: no digit of a time tells of the label.

    But for the thermometer, which looks at the same fraction of a second for all its life.
    """
    episode = begun(kind, 4.0)
    told = [line for seed in range(1, HOMES + 1) for line in lines(seed, episode)]
    times = np.array([t for t, line in told if b'"temperature"' not in line])
    shares = np.histogram(times[times >= episode.onset] % 1, bins=3, range=(0, 1))[0]
    if shares.sum() > 450:
        assert shares.min() / shares.sum() > 0.25
