"""One silence of a home calls one person out once, and its hard stop is never swallowed."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import Alert, Assessment, Condition, Evidence, Phase, State
from detectors.conformance.lifelike import event
from detectors.no_movement import NoMovement
from detectors.possible_fall import PossibleFall
from gateway.engine import AlertBook, Engine
from gateway.engine.alert_book import SPEAKS_FOR
from tests.detectors.people import Events, alone, also, at, instant, life, nobody_stirs

FALL, STILL = Condition.POSSIBLE_FALL, Condition.NO_MOVEMENT
T = instant(25, 10.5)
SPEAKS_HOURS = SPEAKS_FOR.total_seconds() / 3600


def told(condition: str, hours: float, state: str = State.RAISED) -> Assessment:
    return Assessment(
        home="h1",
        condition=condition,
        at=at(T + hours * 3600),
        state=state,
        score=0.5 if state == State.RAISED else 0.0,
        text=f"{condition} for {hours:g} hours." if state == State.RAISED else "",
        reason="The link is down." if state == State.BLIND else "",
        evidence=[Evidence(measure=condition, label="Silence", unit="hours", value=hours)],
        prompt="Call.",
    )


def opened(alerts: list[Alert]) -> list[Alert]:
    return [one for one in alerts if one.version == 1]


def lies_since(t: float, sensor: str) -> Events:
    before = nobody_stirs(life(30), t - 60, until=t + 12 * 3600)
    return also(before, event("hallway-pir", t - 8), event(sensor, t))


def alerts_of(events: Events, until: float) -> list[Alert]:
    bold = alone(budget={FALL: 1.0})  # so that it speaks before the other does
    engine = Engine(bold, [PossibleFall, NoMovement])
    outputs = [output for one in events if one.at <= at(until) for output in engine.process(one)]
    outputs += engine.advance(until)
    return [one for one in outputs if isinstance(one, Alert) and one.raised_at > at(T)]


@pytest.mark.parametrize("sensor", ["bathroom-pir", "kitchen-pir", "hallway-pir"])
def test_whoever_lies_for_ten_hours_is_one_urgent_alert_that_tells_of_both(sensor: str) -> None:
    found = alerts_of(lies_since(T, sensor), T + 10 * 3600)
    assert [one.condition for one in opened(found)] == [FALL]
    last = found[-1]
    assert {item.measure for item in last.evidence} == {"stillness", "silence"}
    assert "since the" in last.text
    assert "anywhere" in last.text
    assert last.updated_at > found[0].updated_at


def test_who_was_last_seen_in_bed_is_still_missed_by_the_other_condition() -> None:
    found = alerts_of(lies_since(T, "bedroom-pir"), T + 12 * 3600)
    assert [one.condition for one in opened(found)] == [STILL]


def test_the_first_sign_of_life_clears_all_there_is_and_says_what_it_was() -> None:
    events = also(lies_since(T, "bathroom-pir"), event("bedroom-pir", T + 9 * 3600))
    last = alerts_of(events, T + 9.1 * 3600)[-1]
    assert (last.condition, last.phase) == (FALL, Phase.CLEARED)
    assert "bedroom" in last.text


@pytest.mark.parametrize(("first", "second"), [(FALL, STILL), (STILL, FALL)])
def test_whichever_speaks_first_tells_of_the_other(first: str, second: str) -> None:
    book = AlertBook()
    one, other = book.take(told(first, 1)), book.take(told(second, 3))
    assert one is not None
    assert other is not None
    assert (other.id, other.version) == (one.id, 2)
    assert {item.measure for item in other.evidence} == {first, second}
    assert f"{first} for 1 hours. {second} for 3 hours." == other.text


def test_what_another_condition_said_outlives_an_update_and_a_restart() -> None:
    book = AlertBook()
    book.take(told(FALL, 1))
    book.take(told(STILL, 3))
    entries = book.entries()
    book = AlertBook()
    book.restore(entries)
    updated = book.take(told(FALL, 4))
    assert updated is not None
    assert updated.text == "possible_fall for 4 hours. no_movement for 3 hours."
    assert len(updated.evidence) == 2


def test_an_alert_that_cannot_say_any_more_speaks_for_nobody() -> None:
    book = AlertBook()
    book.take(told(FALL, 1))
    book.take(told(FALL, 2, State.BLIND))
    own = book.take(told(STILL, 3))
    assert own is not None
    assert (own.condition, own.version) == (STILL, 1)


def test_an_old_alert_speaks_for_nobody_so_that_the_hard_stop_is_heard() -> None:
    book = AlertBook()
    book.take(told(FALL, 1))
    own = book.take(told(STILL, 1 + SPEAKS_HOURS))
    assert own is not None
    assert (own.condition, own.version) == (STILL, 1)


def test_an_alert_of_another_kind_is_not_mixed_up_with_a_silence() -> None:
    book = AlertBook()
    book.take(told(FALL, 1))
    help_ = book.take(told(Condition.HELP_BUTTON, 2))
    assert help_ is not None
    assert (help_.condition, help_.version) == (Condition.HELP_BUTTON, 1)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([FALL, STILL]), st.sampled_from(list(State)), st.floats(0.1, 8.0)
        ),
        max_size=30,
    )
)
def test_no_raised_silence_is_ever_without_a_fresh_urgent_alert(
    answers: list[tuple[str, State, float]],
) -> None:
    book, now = AlertBook(), 0.0
    standing: dict[str, Alert] = {}
    said_at: dict[str, datetime] = {}
    for condition, state, hours in answers:
        now += hours
        answer = told(condition, now, state)
        if alert := book.take(answer):
            standing[alert.id] = alert
            said_at[alert.id] = answer.at
        entries = book.entries()
        book = AlertBook()
        book.restore(entries)
        if state == State.RAISED:
            speaking = [
                one
                for one in standing.values()
                if one.phase == Phase.OPEN and answer.text in one.text
            ]
            assert len(speaking) == 1, "what was raised stands on one alert, and on no other"
            own = speaking[0].condition == condition
            assert own or answer.at - speaking[0].raised_at < SPEAKS_FOR
