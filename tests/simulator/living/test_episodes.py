"""Episodes must begin, grow and end when they are said to, and do what they are said to do."""

from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.living.episodes import (
    DAY_S,
    WELL,
    Episode,
    EpisodeKind,
    away,
    decline,
    effects,
    fall,
    low_intake,
    sensor_death,
    uti,
)
from tests.simulator.living.measures import START, at_night, bathroom, between, boils, live, walk

SEEDS = range(10)
lengths = st.floats(min_value=0, max_value=30 * DAY_S)


@given(
    severity=st.floats(min_value=0, max_value=1),
    ramp=lengths,
    plateau=lengths,
    recovery=lengths,
    t=st.floats(min_value=-1e7, max_value=1e7),
)
def test_an_episode_is_never_felt_beyond_its_severity_or_its_time(
    severity: float, ramp: float, plateau: float, recovery: float, t: float
) -> None:
    episode = Episode(
        kind=EpisodeKind.UTI,
        onset=0,
        severity=severity,
        ramp_s=ramp,
        plateau_s=plateau,
        recovery_s=recovery,
    )
    assert 0 <= episode.intensity(t) <= severity
    if t < 0 or t > episode.end:
        assert episode.intensity(t) == 0
    if ramp <= t < ramp + plateau:
        assert episode.intensity(t) == pytest.approx(severity)


def test_it_grows_over_the_ramp_and_fades_over_the_recovery() -> None:
    episode = uti(0, severity=0.8, days=5)
    felt = [round(episode.intensity(day * DAY_S), 3) for day in (0, 1, 2, 7, 8, 9)]
    assert felt == [0, 0.4, 0.8, 0.8, 0.4, 0]


@pytest.mark.parametrize("wrong", [{"severity": 1.5}, {"severity": -0.1}, {"days": -1}])
def test_what_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="episode"):
        uti(0, **wrong)


def test_the_well_feel_nothing() -> None:
    assert effects([uti(10 * DAY_S), fall(3 * DAY_S)], 0) == WELL
    assert effects([sensor_death(0, "x"), away(0)], DAY_S) == WELL


def test_two_things_at_once_are_felt_together() -> None:
    both = effects([uti(0), decline(0)], 45 * DAY_S)
    assert both == effects([decline(0)], 45 * DAY_S)  # the infection is over
    early = effects([uti(0), low_intake(0)], 3 * DAY_S)
    assert early.thirst < effects([low_intake(0)], 3 * DAY_S).thirst
    assert early.capacity == effects([uti(0)], 3 * DAY_S).capacity


def ratios(episode: Episode, seeds: range = SEEDS) -> dict[str, float]:
    """What the plateau of an episode does, against the same people without it."""
    first, last = (episode.onset + episode.ramp_s - START) / DAY_S, 0.0
    last = first + min(episode.plateau_s / DAY_S, 8)
    ill = [between(live(seed, last, episode), first, last) for seed in seeds]
    well = [between(live(seed, last), first, last) for seed in seeds]
    measures = {"bathroom": bathroom, "night": at_night, "boils": boils, "walk": walk}
    return {
        name: mean(measure(events) for events in ill) / mean(measure(events) for events in well)
        for name, measure in measures.items()
    }


def test_an_infection_sends_people_to_the_bathroom_most_of_all_at_night() -> None:
    found = ratios(uti(START + 3 * DAY_S))
    assert 1.5 < found["bathroom"] < 2.4
    assert 2.2 < found["night"] < 5
    assert 0.7 < found["boils"] < 1.1


def test_a_mild_infection_does_less_than_a_severe_one() -> None:
    mild, severe = (ratios(uti(START + 3 * DAY_S, severity=s)) for s in (0.35, 1))
    assert 1.1 < mild["bathroom"] < severe["bathroom"]
    assert 1.2 < mild["night"] < severe["night"]


def test_who_drinks_less_boils_less_and_goes_less() -> None:
    found = ratios(low_intake(START + 3 * DAY_S))
    assert 0.15 < found["boils"] < 0.4
    assert 0.4 < found["bathroom"] < 0.85


def test_half_the_severity_keeps_about_two_thirds_of_the_boils() -> None:
    assert 0.5 < ratios(low_intake(START + 3 * DAY_S, severity=0.5))["boils"] < 0.8


def test_a_decline_slows_the_walk_and_leaves_the_kettle_alone() -> None:
    found = ratios(decline(START), range(4))
    assert 1.3 < found["walk"] < 1.8
    assert 0.85 < found["boils"] < 1.15
    assert 0.8 < found["bathroom"] < 1.1
