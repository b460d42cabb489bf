"""In whatever order messages come, days are judged alike; and nobody waits for a call for help."""

from collections.abc import Sequence
from typing import ClassVar

from hypothesis import given
from hypothesis import strategies as st

from contract import Alert, Condition, SensorEvent, encode
from detectors.profile import HomeProfile
from gateway.engine import Engine, OrderingEngine
from gateway.engine.outputs import Output
from tests.gateway.events import START, event
from tests.gateway.small_detectors import DETECTORS, HelpDetector, QuietDetector, VisitsDetector

PROFILE = HomeProfile(home="h1")
WINDOW_S = 150.0
HOUR = 3600.0


class Lull(QuietDetector):
    """The same as an advisory condition: its answer depends on the order of movements."""

    condition: ClassVar[str] = Condition.FALL_RISK


class Presses(HelpDetector):
    """Says something of each press at once, and which it was."""

    condition: ClassVar[str] = Condition.UNUSUAL_DAY


PATIENT = (Lull, VisitsDetector, Presses)
ALL = (*DETECTORS, Lull, Presses)


def engine() -> OrderingEngine:
    return OrderingEngine(PROFILE, ALL, window_s=WINDOW_S)


def lines(outputs: Sequence[Output], *conditions: str) -> list[bytes]:
    return [encode(one) for one in outputs if one.condition in conditions]


PATIENT_ONES = tuple(one.condition for one in PATIENT)
PROMPT_ONES = (Condition.NO_MOVEMENT, Condition.HELP_BUTTON)

_HAPPENINGS = st.sampled_from(
    [
        ("bathroom", "motion", 1.0),
        ("kitchen", "motion", 1.0),
        ("pendant", "button", 1.0),
        ("pendant", "button", 0.0),
    ]
)
_ARRIVALS = st.lists(
    st.tuples(st.integers(1, 30_000), _HAPPENINGS, st.floats(0, WINDOW_S - 1)), max_size=40
)


def arrivals(
    steps: list[tuple[int, tuple[str, str, float], float]],
) -> tuple[list[SensorEvent], list[SensorEvent]]:
    """Events in order, and as they came: each held back by less than the window."""
    t, held = 0.0, []
    for seconds, (place, kind, value), late in steps:
        t += seconds if seconds > 200 else seconds / 10  # bursts too
        held.append((t + late, event(t / HOUR, place, kind, value)))
    came = [one for _, one in sorted(held, key=lambda pair: pair[0])]
    return [one for _, one in held], came


@given(_ARRIVALS)
def test_any_order_of_arrival_within_the_window_gives_the_answers_of_the_right_order(
    steps: list[tuple[int, tuple[str, str, float], float]],
) -> None:
    ordered, came = arrivals(steps)
    alone, both = Engine(PROFILE, PATIENT), engine()
    expected = [out for one in ordered for out in alone.process(one)]
    found = [out for one in came for out in both.process(one)] + both.finish()
    assert lines(found, *PATIENT_ONES) == lines(expected, *PATIENT_ONES)


@given(_ARRIVALS, st.data())
def test_a_restart_at_any_event_and_any_passing_of_time_change_no_answer(
    steps: list[tuple[int, tuple[str, str, float], float]], data: st.DataObject
) -> None:
    _, came = arrivals(steps)
    steady, shaken = engine(), engine()
    expected, found = list[Output](), list[Output]()
    newest = float("-inf")
    for one in came:
        if data.draw(st.booleans()):
            blob = shaken.snapshot()
            shaken = engine()
            assert shaken.restore(blob) == []
        expected += steady.process(one)
        found += shaken.process(one)
        newest = max(newest, one.at.timestamp())
        found += shaken.advance(newest - WINDOW_S + data.draw(st.floats(0, 1e-3)))
    expected += steady.advance(START + 1e7)
    found += shaken.advance(START + 1e7)
    assert lines(found, *PATIENT_ONES) == lines(expected, *PATIENT_ONES)
    assert lines(found, *PROMPT_ONES) == lines(expected, *PROMPT_ONES)


def test_nobody_waits_for_a_call_for_help() -> None:
    outputs = engine().process(event(1, "pendant", "button"))
    assert [one.condition for one in outputs if isinstance(one, Alert)] == ["help_button"]


def test_what_waits_is_shown_once_time_has_passed_though_nothing_more_is_heard() -> None:
    both = engine()
    both.process(event(1, "pendant", "button"))
    assert lines(both.advance(START + HOUR), *PATIENT_ONES) == []
    assert len(lines(both.advance(START + HOUR + 1), *PATIENT_ONES)) == 2


def test_an_event_at_the_very_line_is_still_put_in_its_place() -> None:
    both = engine()
    both.process(event(1, "pendant", "button", 1))
    both.advance(START + HOUR)
    both.process(event(1, "pendant", "button", 0))
    found = both.finish()
    assert [one.state for one in found if not isinstance(one, Alert)] == ["raised", "normal"]


def test_a_hub_that_ran_an_older_version_goes_on_from_its_checkpoint() -> None:
    alone = Engine(PROFILE, ALL)
    for hours in (1, 2, 3):
        alone.process(event(hours))
    both = engine()
    assert both.restore(alone.snapshot()) == []
    expected, found = (one.advance(START + 40 * HOUR) for one in (alone, both))
    assert sorted(map(encode, found)) == sorted(map(encode, expected))


@given(_ARRIVALS)
def test_a_newer_detector_is_taught_what_it_would_have_been_shown(
    steps: list[tuple[int, tuple[str, str, float], float]],
) -> None:
    class Newer(VisitsDetector):
        version: ClassVar[int] = 2

    _, came = arrivals(steps)
    both = engine()
    for one in came:
        both.process(one)
    newer = OrderingEngine(PROFILE, [Newer, HelpDetector], window_s=WINDOW_S)
    assert newer.restore(both.snapshot()) == ["uti_risk"]
    newer.relearn(["uti_risk"], came)
    later = START + 1e7
    assert lines(newer.advance(later), "uti_risk") == lines(both.advance(later), "uti_risk")
