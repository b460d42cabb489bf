"""Episodes: they begin after the warm-up, on days on which somebody was at home."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.conformance.lifelike import START, lifelike_home
from detectors.moment import Calendar
from simulator.evaluation.episodes import WARM_UP_DAYS, Episode, draw_episodes, lived_in

LONDON = Calendar("Europe/London")


def test_it_grows_over_its_ramp_and_then_stands() -> None:
    episode = Episode(onset=100, ramp=3, length=5)
    assert [episode.strength(day) for day in range(99, 106)] == pytest.approx(
        [0, 1 / 3, 2 / 3, 1, 1, 1, 0]
    )


@given(st.sets(st.integers(700_000, 700_120)), st.integers(0, 30), st.integers(0, 9))
def test_no_episode_is_drawn_where_nobody_lived(days: set[int], count: int, seed: int) -> None:
    found = draw_episodes(frozenset(days), count, np.random.default_rng(seed))
    assert len({episode.onset for episode in found}) == len(found) <= count
    for episode in found:
        assert set(episode.days) <= days
        assert episode.onset >= min(days) + WARM_UP_DAYS


def test_days_of_outage_and_absence_are_not_lived_in() -> None:
    first = START.toordinal()
    gone = range(first + 10, first + 14)
    events = [e for e in lifelike_home(20) if LONDON.moment(e.at.timestamp()).day not in gone]
    assert lived_in(events, LONDON) == set(range(first, first + 20)) - set(gone)


def test_the_window_ends_with_the_day_of_grace() -> None:
    start, end = Episode(onset=START.toordinal(), ramp=1, length=5).window(LONDON)
    assert end - start == 6 * 86_400
