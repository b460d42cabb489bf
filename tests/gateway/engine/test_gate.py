"""A pause is neither an alarm nor silence that nobody notices: it says that it cannot be told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import Assessment, Condition, Evidence, State, utc
from gateway.engine.gate import MENTIONED_S, UNTOUCHED, Interval, PauseGate
from tests.gateway.events import START

HOUR = 3600.0
PAUSE = Interval(START, START + 4 * HOUR)
GATE = PauseGate([PAUSE], "Europe/London")


def answer(
    t: float, condition: str = "no_movement", state: str = State.RAISED, *, silent: float = 0
) -> Assessment:
    """An answer; one of silence where it has lasted for so many minutes, of which 60 are borne."""
    evidence = Evidence(measure="silence", label="Silence", unit="minutes", value=silent, high=60.0)
    return Assessment(
        home="h1", condition=condition, at=utc(t), state=state, score=0.7,
        evidence=[evidence] if silent else [], text="Nobody moved.",
    )  # fmt: skip


@given(
    st.floats(0, 4 * HOUR - 1),
    st.sampled_from(sorted(set(Condition) - UNTOUCHED)),
    st.sampled_from(list(State)),
)
def test_in_a_pause_no_answer_is_given_whatever_a_detector_says(
    after: float, condition: str, state: str
) -> None:
    found = GATE(answer(PAUSE.since + after, condition, state, silent=90))
    assert (found.state, found.score, found.evidence) == (State.BLIND, 0.0, [])
    assert found.reason == "Recording is paused until 04:00 on 1 March."


@pytest.mark.parametrize("condition", sorted(UNTOUCHED))
def test_a_call_for_help_is_answered_in_a_pause_too(condition: str) -> None:
    said = answer(PAUSE.since + 60, condition)
    assert GATE(said) is said


@pytest.mark.parametrize("t", [PAUSE.since - 1, PAUSE.until + MENTIONED_S])
def test_before_and_long_after_a_pause_nothing_is_changed(t: float) -> None:
    said = answer(t, silent=500)
    assert GATE(said) is said


def test_silence_from_before_a_pause_counts_from_its_end() -> None:
    soon = GATE(answer(PAUSE.until + 59 * 60, silent=500))
    assert soon.state == State.BLIND
    assert soon.reason == "Recording was paused until 04:00 on 1 March; it is too soon to tell."
    late = GATE(answer(PAUSE.until + 60 * 60, silent=500))
    assert late.state == State.RAISED
    assert late.excluded == [
        "Nothing was recorded from 00:00 on 1 March to 04:00 on 1 March: it was paused."
    ]


def test_silence_that_began_after_the_pause_is_told_at_once() -> None:
    assert GATE(answer(PAUSE.until + 50 * 60, silent=45)).state == State.RAISED


def test_a_quiet_answer_after_the_pause_is_as_it_was() -> None:
    said = answer(PAUSE.until + 60, state=State.NORMAL)
    assert GATE(said) is said


def test_without_a_pause_nothing_is_looked_at() -> None:
    said = answer(START)
    assert PauseGate([], "Europe/London")(said) is said
