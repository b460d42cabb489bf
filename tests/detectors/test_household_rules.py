"""Rules of a home: each answers by its name, and what staff change takes nothing else along."""

from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import Alert, Assessment, Phase, Severity, State, encode
from detectors.conformance import CHECKS
from detectors.conformance.checks import Check
from detectors.conformance.driver import drive
from detectors.household_rules import HouseholdRule, UrgentHouseholdRule
from detectors.moment import Calendar
from detectors.profile import HomeProfile
from detectors.rules.long_stay import LongStay
from detectors.rules.no_movement_by import NoMovementBy
from detectors.rules.no_use import NoUse
from detectors.rules.open_door import OpenDoor
from detectors.rules.out_of_bed import OutOfBed
from detectors.rules.registry import MOST_RULES, Rule
from detectors.rules.unoccupied import Unoccupied
from gateway.engine import Engine
from tests.detectors.rules.houses import KINDS, ZONE, days, happens, home, instant

KETTLE = NoUse(name="kettle", by="10:00")
BATH = LongStay(name="bathroom", minutes=30)
ALL: tuple[Rule, ...] = (
    KETTLE,
    NoMovementBy(name="up", by="08:00"),
    BATH,
    OutOfBed(name="bed", minutes=10),
    OpenDoor(name="night door", since="22:00", until="06:00"),
    OpenDoor(name="door", minutes=2, weekdays=("mon", "sat")),
    Unoccupied(name="away", hours=1),
    NoUse(name="flush", place="toilet", by="08:00", weekdays=("sat", "sun")),
)
MORNING = "07:00 bedroom, 07:10 bathroom, 07:20 kitchen, 07:30 kettle, 22:00 bedroom"
FACTORIES = [HouseholdRule, UrgentHouseholdRule]


def with_all(profile: HomeProfile) -> HouseholdRule:
    return HouseholdRule(msgspec.structs.replace(profile, rules=ALL))


def test_each_kind_of_rule_is_examined_here() -> None:
    assert {type(rule) for rule in ALL} == set(get_args(Rule))


@pytest.mark.parametrize(
    "check",
    [
        pytest.param(check, marks=pytest.mark.slow if "years" in check.__name__ else ())
        for check in CHECKS
    ],
    ids=lambda check: check.__name__,
)
def test_a_home_full_of_rules_can_be_relied_on(check: Check) -> None:
    check(with_all)


def test_the_most_rules_a_home_may_have_fit_in_its_checkpoint() -> None:
    rules = tuple(LongStay(name=f"{n}" * 32, minutes=5, place="a" * 60) for n in range(10, 22))
    assert len(rules) == MOST_RULES
    detector = HouseholdRule(home(*rules))
    drive(detector, days(MORNING, 40), ZONE)
    assert len(detector.snapshot()) <= 16 * 1024


def test_an_urgent_rule_is_for_now_and_another_for_today() -> None:
    urgent = msgspec.structs.replace(BATH, name="bathroom now", urgent=True)
    engine = Engine(home(BATH, urgent), FACTORIES)
    outputs = [
        one
        for event in happens(MORNING + ", 22:01 bathroom, 23:00 bathroom")
        for one in engine.process(event)
    ]
    found = {one.subject: one.severity for one in outputs if isinstance(one, Alert)}
    assert found == {"bathroom": Severity.ADVISORY, "bathroom now": Severity.URGENT}


def raised(engine: Engine, day: int) -> None:
    """The person goes to the bathroom at noon and stays."""
    for event in [
        *days(MORNING, day),
        *happens("07:00 bedroom, 07:30 kettle, 12:00 bathroom", day),
    ]:
        engine.process(event)
    outputs = engine.advance(instant("13:00", day))
    assert {one.subject for one in outputs if isinstance(one, Alert)} == {"bathroom"}


def restarted(engine: Engine, *rules: Rule) -> Engine:
    """The hub's engine after staff changed the rules."""
    after = Engine(home(*rules), FACTORIES)
    assert after.restore(engine.snapshot()) == []
    return after


def alerts(outputs: list[Assessment | Alert]) -> list[tuple[str, str]]:
    return [(one.subject, one.phase) for one in outputs if isinstance(one, Alert)]


def test_a_rule_that_is_taken_away_leaves_no_alert_behind() -> None:
    engine = Engine(home(KETTLE, BATH), FACTORIES)
    raised(engine, 2)
    after = restarted(engine, KETTLE)
    assert alerts(after.process(happens("13:05 bathroom", 2)[0])) == [("bathroom", Phase.CLEARED)]
    assert alerts(after.advance(instant("23:59", 2))) == []


def test_a_rule_that_stays_goes_on_where_it_was_though_others_change() -> None:
    engine = Engine(home(KETTLE, BATH), FACTORIES)
    raised(engine, 2)
    after = restarted(engine, BATH, OpenDoor(name="door"))
    assert alerts(after.process(happens("13:05 lounge", 2)[0])) == [("bathroom", Phase.CLEARED)]


def test_a_rule_that_is_changed_begins_afresh_and_an_hour_later_is_told_again() -> None:
    engine = Engine(home(BATH), FACTORIES)
    raised(engine, 2)
    after = restarted(engine, LongStay(name="bathroom", minutes=60))
    assert alerts(after.process(happens("13:05 bathroom", 2)[0])) == [("bathroom", Phase.CLEARED)]
    after.process(happens("13:06 lounge", 2)[0])
    after.process(happens("14:00 bathroom", 2)[0])
    assert alerts(after.advance(instant("14:59", 2))) == []
    assert alerts(after.advance(instant("15:01", 2))) == [("bathroom", Phase.OPEN)]


def test_two_rules_of_one_name_are_refused_for_an_alert_could_not_tell_which() -> None:
    with pytest.raises(ValueError, match=r"rules\[1\].name: 'kettle' names a rule above"):
        home(KETTLE, NoUse(name="kettle", by="11:00"))


def test_a_home_without_rules_says_so_once_a_day() -> None:
    answers = drive(HouseholdRule(home()), days(MORNING, 3), ZONE, instant("00:00", 3))
    assert [(one.state, one.reason) for one in answers] == [
        (State.BLIND, "No such rule has been set for this home.")
    ] * 3


PLACES = ("bathroom", "bedroom", "lounge", "hallway", *KINDS)


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.floats(0, 30_000), st.sampled_from(PLACES), st.booleans(), st.booleans()),
        max_size=60,
    )
)
def test_whatever_happens_a_restart_anywhere_changes_no_word_and_no_breach_is_told_twice(
    steps: list[tuple[float, str, bool, bool]],
) -> None:
    model = happens("00:00 lounge")[0]
    through, stopped = HouseholdRule(home(*ALL)), HouseholdRule(home(*ALL))
    said: tuple[list[Assessment], list[Assessment]] = ([], [])
    t = instant("00:00")
    calendar = Calendar(ZONE)
    for wait, place, value, stop in steps:
        t += wait
        event = msgspec.structs.replace(
            model,
            sensor=place,
            place=place,
            kind=KINDS.get(place, "motion"),
            value=float(value),
            at=model.at.fromtimestamp(t, model.at.tzinfo),
        )
        for detector, answers in zip((through, stopped), said, strict=True):
            while (due := detector.due()) <= t:
                answers.extend(detector.judge(calendar.moment(due)))
                assert detector.due() > due
            answers.extend(detector.observe(event, calendar.moment(t)))
        if stop:
            snapshot = stopped.snapshot()
            stopped = HouseholdRule(home(*ALL))
            stopped.restore(snapshot)
    assert [encode(one) for one in said[0]] == [encode(one) for one in said[1]]
    assert all(one.evidence and one.prompt for one in said[0] if one.state == State.RAISED)
