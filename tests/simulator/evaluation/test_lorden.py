"""Lorden's bound: nobody is asked to be quicker than the days can tell."""

from math import log

import numpy as np
import pytest

from detectors.conformance.lifelike import lifelike_home
from detectors.moment import Calendar
from simulator.evaluation.courses import KEPT, SLOWER, VISITS, Home
from simulator.evaluation.floors.daily import KITCHEN, TOILETING
from simulator.evaluation.lorden import bound, bounds, of_counts, of_journeys

HOME = Home(list(lifelike_home(40)), Calendar("Europe/London"))
A_NAT_A_DAY = {"strong": np.arange(1.0, 7.0)}


def test_the_bound_is_the_time_until_enough_is_told() -> None:
    found = bound([A_NAT_A_DAY], "strong", 0.3, 5.0)
    assert found is not None
    assert found.days == pytest.approx(log(30.44 / 0.3))
    assert found.efficiency == pytest.approx(log(30.44 / 0.3) / 5.0)
    assert (found.a_day, found.within) == (1.0, 1.0)


def test_a_home_that_tells_too_little_counts_with_the_whole_window() -> None:
    poor = {"strong": np.arange(1.0, 7.0) / 100}
    found = bound([A_NAT_A_DAY, poor], "strong", 0.3, 5.0)
    assert found is not None
    assert found.within == 0.5
    assert found.days == pytest.approx((log(30.44 / 0.3) + 6) / 2)


def test_without_false_alerts_there_is_no_bound() -> None:
    assert bound([A_NAT_A_DAY], "strong", 0.0, 5.0) is None
    assert bounds([A_NAT_A_DAY], 0.0, {"strong": 5.0}) == {}


@pytest.mark.parametrize(
    ("told", "names"),
    [
        (of_counts(TOILETING, HOME), VISITS),
        (of_counts(KITCHEN, HOME), KEPT),
        (of_journeys(14)(HOME), SLOWER),
    ],
)
def test_the_stronger_the_illness_the_more_a_day_tells(
    told: dict[str, list[float]], names: dict[str, object]
) -> None:
    assert list(told) == list(names)
    ends = [float(one[-1]) for one in told.values()]
    assert ends == sorted(ends)
    assert ends[0] > 0
    for one in told.values():
        assert (np.diff(one) >= 0).all()
        assert one[-1] == one[-2]  # the day after the end tells nothing
