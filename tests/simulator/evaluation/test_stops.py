"""Stops: the deadline is the person's own, of days before, and nobody stops who was out."""

import numpy as np
import pytest

from contract import Kind, SensorEvent
from detectors.conformance.lifelike import START, event, lifelike_home
from detectors.moment import Calendar
from simulator.evaluation.courses import FULL, Home
from simulator.evaluation.floors.silence import try_rules
from simulator.evaluation.gaps import gaps, percentile_of_gaps, percentile_of_moments
from simulator.evaluation.injection import time_of
from simulator.evaluation.stops import BY_GAP, BY_MOMENT, GRACE_S, at_a_moment, silences_of

LONDON = Calendar("Europe/London")
HOME = Home(list(lifelike_home(40)), LONDON)
NOON = LONDON.at(START.toordinal(), 12)


def walk(*minutes: float) -> list[SensorEvent]:
    return [event("hallway-pir", NOON + 60 * m) for m in minutes]


def test_a_silence_from_door_to_door_is_an_outing_and_no_silence_at_home() -> None:
    out = [event("front-door-contact", NOON), event("front-door-contact", NOON + 3600)]
    found = gaps(out, LONDON)
    assert (found.waking.tolist(), found.doubtful.tolist()) == ([False], [True])
    home = gaps(walk(0, 60), LONDON)
    assert (home.waking.tolist(), home.lengths.tolist()) == ([True], [3600])


def test_only_silences_that_are_over_are_known() -> None:
    found = gaps(walk(0, 10, 40), LONDON)
    assert found.own(NOON + 20 * 60).tolist() == [600]
    assert found.own(NOON + 60 * 60).tolist() == [600, 1800]
    assert (found.at(NOON - 1), found.at(NOON + 15 * 60)) == (-1, 1)


def test_a_moment_lies_in_a_long_silence_more_often_than_silences_are_long() -> None:
    own = np.array([60.0] * 198 + [3600.0, 7200.0])
    by_gap, by_moment = percentile_of_gaps(own), percentile_of_moments(own)
    assert by_gap is not None
    assert by_moment == 7200
    assert by_gap < by_moment
    assert percentile_of_gaps(own[:50]) is None


def test_stops_fall_on_waking_moments_after_the_warm_up_with_a_deadline_of_their_own() -> None:
    found = at_a_moment(HOME, np.random.default_rng(1), FULL)
    assert {one.severity for one in found} == {BY_GAP, BY_MOMENT}
    silences = gaps(HOME.events, LONDON)
    for one in found:
        moment = LONDON.moment(one.start)
        assert 7 <= moment.hour < 22
        assert moment.day >= START.toordinal() + 14
        assert one.deadline is not None
        assert one.deadline > GRACE_S
        assert silences.waking[silences.at(one.start)]
        assert {said.kind for said in one.events} == {Kind.TEMPERATURE}, "nobody stirs"


def test_the_stricter_the_rule_the_fewer_alerts_and_the_later() -> None:
    found = at_a_moment(HOME, np.random.default_rng(1), FULL)
    rules = try_rules(HOME, found, [])
    assert len(rules) == 2
    for rule in rules.values():
        assert rule.alerts[0] >= rule.alerts[-1]
        first = [np.nanmin(delays, initial=np.inf) for delays in rule.delays[BY_MOMENT]]
        assert max(d for d in first if np.isfinite(d)) <= max(
            one.deadline or 0 for one in found if one.severity == BY_MOMENT
        )


def test_what_the_deadline_costs_is_told() -> None:
    facts = silences_of(HOME)
    assert facts[f"{BY_GAP}: minutes"] < facts[f"{BY_MOMENT}: minutes"]
    beyond = [value for name, value in facts.items() if "a month" in name]
    assert beyond[0] >= beyond[1] >= 0
    assert time_of(HOME.events[0]) > 0


@pytest.mark.parametrize("events", [walk(0), walk(0, 1)])
def test_a_home_that_hardly_spoke_gives_no_stop(events: list[SensorEvent]) -> None:
    assert at_a_moment(Home(events, LONDON), np.random.default_rng(1), FULL) == []
