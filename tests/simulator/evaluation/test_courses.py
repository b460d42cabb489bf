"""Courses: what an episode is made of lies close to it, so that long homes cost no more."""

import numpy as np
import pytest

from detectors.conformance.lifelike import lifelike_home
from detectors.moment import Calendar
from simulator.evaluation.courses import (
    FULL,
    NAMED,
    QUICK,
    SLOWER,
    VISITS,
    Change,
    Home,
    over_days,
    slowing,
    toileting,
)

HOME = Home(list(lifelike_home(45)), Calendar("Europe/London"))


@pytest.mark.parametrize(("change", "sizes"), [(toileting, VISITS), (slowing, SLOWER)])
def test_the_days_around_an_episode_are_enough_to_write_it(
    change: Change, sizes: dict[str, object]
) -> None:
    near, whole = (
        over_days(change, list(sizes), 5, near=near)(HOME, np.random.default_rng(1), QUICK)
        for near in (True, False)
    )
    assert near == whole
    assert near


def test_a_quick_look_takes_fewer_episodes_of_the_named_severities() -> None:
    course = over_days(toileting, list(VISITS), 5)
    quick, full = (course(HOME, np.random.default_rng(1), effort) for effort in (QUICK, FULL))
    assert {one.severity for one in quick} == set(NAMED)
    assert {one.severity for one in full} == set(VISITS)
    assert len(quick) < len(full)


def test_every_severity_of_an_episode_is_drawn_from_the_same_chance() -> None:
    found = over_days(toileting, list(VISITS), 5)(HOME, np.random.default_rng(1), FULL)
    sizes = [len(one.events) for one in found if one.start == found[0].start]
    assert len(sizes) == len(VISITS)
    assert sizes == sorted(sizes)
