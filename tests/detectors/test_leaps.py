"""A clock that is set ahead makes nothing last longer: who is really missed is missed in time."""

from collections.abc import Sequence

import pytest

from contract import Assessment, SensorEvent, State
from detectors.conformance.lifelike import event, profile
from detectors.features.pulse import SPEAKING_ALONE
from detectors.household_rules import HouseholdRule
from detectors.night_wandering import NightWandering
from detectors.no_movement import NoMovement
from detectors.possible_fall import PossibleFall
from detectors.profile import HomeProfile
from detectors.protocol import CountsTime
from detectors.registry import DETECTORS
from detectors.rules.long_stay import LongStay
from detectors.rules.no_use import NoUse
from detectors.rules.open_door import OpenDoor
from detectors.rules.registry import Rule
from detectors.rules.unoccupied import Unoccupied
from detectors.sensor_silent import SensorSilent
from gateway.engine import DetectorFactory, Engine
from gateway.engine.gate import Interval
from tests.detectors.people import Events, instant, life, when
from tests.detectors.rules import houses

HOUR, MINUTE = 3600.0, 60.0
DAYS = 25


class Leapt:
    """One detector of a home whose clock is set ahead at the last event, after half a minute."""

    def __init__(
        self, home: HomeProfile, make: DetectorFactory, events: Sequence[SensorEvent], by: float
    ) -> None:
        since = events[-1].at.timestamp() + 30
        self.until = since + by
        self._engine = Engine(home, [make], leaps=[Interval(since, self.until)])
        for one in events:
            self._engine.process(one)

    def raised(self, after: float) -> list[Assessment]:
        """What is raised in so many seconds after the leap."""
        found = self._engine.advance(self.until + after)
        return [one for one in found if isinstance(one, Assessment) and one.state == State.RAISED]


def of_rule(rule: Rule, what: str, by: float) -> Leapt:
    lived = [*houses.days("07:00 bedroom, 07:30 kettle, 09:00 front_door 0, 20:00 kitchen", 3)]
    return Leapt(houses.home(rule), HouseholdRule, [*lived, *houses.happens(what, 3)], by)


@pytest.mark.parametrize("by", [4 * MINUTE, 5 * HOUR, 23 * HOUR])
@pytest.mark.parametrize(
    ("rule", "what", "limit"),
    [
        (OpenDoor(name="r", minutes=20), "07:00 kitchen, 11:00 front_door 1", 20 * MINUTE),
        (LongStay(name="r", minutes=30), "07:00 kitchen, 11:00 bathroom", 30 * MINUTE),
        (Unoccupied(name="r", hours=2), "10:50 kitchen, 11:00 front_door 0", 2 * HOUR),
    ],
    ids=["an open door", "a stay", "an empty home"],
)
def test_what_a_rule_allows_to_last_may_last_as_long_by_the_machine_s_own_seconds(
    rule: Rule, what: str, limit: float, by: float
) -> None:
    home = of_rule(rule, what, by)
    assert not home.raised(limit - 31)
    assert home.raised(limit)


@pytest.mark.parametrize(("by", "told"), [(3 * MINUTE, True), (3 * HOUR, False)])
def test_of_hours_that_were_passed_over_a_rule_says_nothing(by: float, *, told: bool) -> None:
    home = of_rule(NoUse(name="r", by="10:00"), "09:00 kitchen", by)
    assert bool(home.raised(2 * HOUR)) is told


def left_at_night() -> Events:
    t = instant(DAYS, 2)
    lived = when(life(DAYS + 1), lambda one: one.at.timestamp() < t - 60)
    return [*lived, event("hallway-pir", t - 20), event("front-door-contact", t)]


def test_who_leaves_at_night_has_been_out_for_no_longer_because_the_clock_was_set() -> None:
    home = Leapt(profile(), NightWandering, left_at_night(), 2 * HOUR)
    assert not home.raised(13 * MINUTE)
    assert home.raised(15 * MINUTE)


def in_the_bathroom(*, without: frozenset[str] = SPEAKING_ALONE) -> Events:
    """By default of a home without thermometers, which would tell that the link is up."""
    t = instant(DAYS, 11)
    lived = when(life(DAYS + 1), lambda one: one.at.timestamp() < t and one.kind not in without)
    return [*lived, event("bathroom-pir", t)]


@pytest.mark.parametrize("make", [PossibleFall, NoMovement])
@pytest.mark.parametrize("by", [4 * MINUTE, 3 * HOUR, 20 * HOUR])
def test_who_lies_still_is_missed_as_soon_as_without_a_leap(
    make: DetectorFactory, by: float
) -> None:
    def missed_after(leap: float) -> float:
        home, after = Leapt(profile(), make, in_the_bathroom(), leap), 0.0
        while not home.raised(after):
            after += 5 * MINUTE
            assert after < DAYS * HOUR
        return after

    assert missed_after(by) == missed_after(0.001)


def test_no_sensor_is_silent_for_a_time_that_was_passed_over() -> None:
    home = Leapt(profile(), SensorSilent, in_the_bathroom(without=frozenset()), 23 * HOUR)
    assert not home.raised(20 * MINUTE)


def test_who_failed_and_is_mended_knows_of_the_leap_too() -> None:
    """It goes its way from the checkpoint once more, and must not lose or double it."""
    events = in_the_bathroom()
    since = events[-1].at.timestamp() + 30
    leaps = [Interval(since, since + 20 * HOUR)]
    engine = Engine(profile(), [NoMovement], leaps=leaps)
    for one in events[:-20]:
        engine.process(one)
    blob = engine.snapshot()
    for one in events[-20:]:
        engine.process(one)
    engine.advance(since + 20 * HOUR + 60)
    (before,) = engine.taught()
    assert engine.mend("no_movement", blob, events[-20:], 0) == []
    (after,) = engine.taught()
    assert after is not before
    assert after.snapshot() == before.snapshot()


def test_every_urgent_condition_that_counts_time_is_told_of_leaps() -> None:
    told = {
        make(profile()).condition for make in DETECTORS if isinstance(make(profile()), CountsTime)
    }
    assert told == {
        "possible_fall", "no_movement", "night_wandering", "urgent_household_rule",
        "household_rule", "sensor_silent",
    }  # fmt: skip
