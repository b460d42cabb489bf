"""A call that could not be judged stands as long as one that could, and no clock ends it sooner."""

import msgspec

from contract import Alert, Phase
from detectors.help_button import HELD_S
from detectors.profile import HomeProfile
from gateway.engine import Engine
from gateway.engine.gate import Interval
from gateway.engine.unjudged import Calls, let_go, taken_back, told
from tests.gateway.events import START, at, event
from tests.gateway.test_failing_help import POISON, Failing

HOUR = 3600.0


def test_a_clock_that_leaps_ahead_ends_no_call() -> None:
    calls: Calls = {}
    told(calls, event(1, "pendant", "button"), START + HOUR, [])
    leap = Interval(START + 2 * HOUR, START + 50 * HOUR)
    end = START + HOUR + HELD_S + 48 * HOUR
    assert let_go(calls, "h1", end - 1, [leap]) == []
    (over,) = let_go(calls, "h1", end + HOUR, [leap])
    assert over.at.timestamp() == end, "whenever it is looked at"
    assert calls == {}


def test_each_button_takes_back_its_own_calls_alone() -> None:
    calls: Calls = {}
    for button in ("pendant", "cord"):
        told(calls, event(1, button, "button"), START + HOUR, [])
    (over,) = taken_back(calls, event(2, "cord", "button", 0), START + 2 * HOUR, [])
    assert over.subject == "cord-button"
    assert list(calls) == ["pendant-button"]


def test_what_had_stood_for_too_long_ended_then_and_not_with_the_next_press() -> None:
    calls: Calls = {}
    told(calls, event(1, "pendant", "button"), START + HOUR, [])
    over, again = told(calls, event(20, "pendant", "button"), START + 20 * HOUR, [])
    assert over.at.timestamp() == START + HOUR + HELD_S
    assert again.evidence[0].value == 1


def test_a_press_is_told_though_the_detector_forgot_the_call_that_stands() -> None:
    """It would say the same again, which is no news; and staff may have done with the first."""
    engine = Engine(HomeProfile(home="h1"), [Failing])
    motion = msgspec.structs.replace(event(2), at=at(2).replace(microsecond=POISON))
    events = [event(1, "pendant", "button"), event(1.5), motion, event(3, "pendant", "button")]
    alerts = [one for each in events for one in engine.process(each) if isinstance(one, Alert)]
    assert [one.phase for one in alerts] == [Phase.OPEN, Phase.CLEARED, Phase.OPEN]
    assert len({one.id for one in alerts}) == 2
