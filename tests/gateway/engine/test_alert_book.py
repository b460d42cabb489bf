"""One alert for one thing: nobody is told twice, or told that all is well when it is not."""

from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import Alert, Assessment, Evidence, Phase, State
from gateway.engine.alert_book import ACTIONS, AlertBook, Standing
from tests.gateway.events import at


def answer(hours: float, state: str, *, score: float = 0.5, subject: str = "") -> Assessment:
    return Assessment(
        home="h1",
        condition="uti_risk",
        at=at(hours),
        state=state,
        subject=subject,
        score=score,
        text="More visits than usual." if state == State.RAISED else "",
        reason="The bathroom sensor is silent." if state == State.BLIND else "",
        evidence=[Evidence(measure="visits", label="Visits", unit="visits", value=9)],
        prompt="Ask how they are.",
    )


def test_the_table_has_an_action_for_every_answer_in_either_standing() -> None:
    assert set(ACTIONS) == {(standing, state) for standing in Standing for state in State}


@pytest.mark.parametrize("state", [State.LEARNING, State.NORMAL, State.BLIND])
def test_nothing_but_a_raised_answer_opens_an_alert(state: State) -> None:
    assert AlertBook().take(answer(0, state)) is None


def test_an_alert_opens_with_what_was_observed() -> None:
    alert = AlertBook().take(answer(7.5, State.RAISED))
    assert alert == Alert(
        id="h1:uti_risk:2026-03-01T07:30:00.000Z",
        home="h1",
        condition="uti_risk",
        severity="advisory",
        raised_at=at(7.5),
        updated_at=at(7.5),
        score=0.5,
        evidence=[Evidence(measure="visits", label="Visits", unit="visits", value=9)],
        text="More visits than usual.",
        prompt="Ask how they are.",
    )


def test_the_same_answer_again_tells_nobody_again() -> None:
    book = AlertBook()
    book.take(answer(0, State.RAISED))
    assert book.take(answer(1, State.RAISED)) is None


def test_a_stronger_answer_is_a_new_version_of_the_same_alert() -> None:
    book = AlertBook()
    first = book.take(answer(0, State.RAISED))
    second = book.take(answer(1, State.RAISED, score=0.9))
    assert first is not None
    assert second is not None
    assert (second.id, second.version, second.score) == (first.id, 2, 0.9)
    assert (second.raised_at, second.updated_at) == (at(0), at(1))


def test_a_detector_gone_blind_does_not_clear_what_it_can_no_longer_see() -> None:
    book = AlertBook()
    book.take(answer(0, State.RAISED))
    held = book.take(answer(1, State.BLIND))
    assert held is not None
    assert held.phase == Phase.OPEN
    assert held.text == (
        "More visits than usual. It cannot be said now whether this still holds: "
        "The bathroom sensor is silent."
    )
    assert book.take(answer(2, State.BLIND)) is None
    seen_again = book.take(answer(3, State.RAISED))
    assert seen_again is not None
    assert (seen_again.version, seen_again.text) == (3, "More visits than usual.")


def test_a_cleared_alert_says_what_it_was_about() -> None:
    book = AlertBook()
    book.take(answer(0, State.RAISED))
    book.take(answer(1, State.BLIND))
    cleared = book.take(answer(2, State.NORMAL))
    assert cleared is not None
    assert (cleared.phase, cleared.version, cleared.text) == (
        Phase.CLEARED,
        3,
        "More visits than usual.",
    )
    assert book.take(answer(3, State.NORMAL)) is None


def test_after_clearing_the_same_condition_is_a_new_alert() -> None:
    book = AlertBook()
    first = book.take(answer(0, State.RAISED))
    book.take(answer(1, State.NORMAL))
    second = book.take(answer(2, State.RAISED))
    assert first is not None
    assert second is not None
    assert first.id != second.id
    assert second.version == 1


def test_two_alerts_within_one_instant_do_not_share_a_name() -> None:
    book = AlertBook()
    first, _, second = (
        book.take(answer(0, state)) for state in (State.RAISED, State.NORMAL, State.RAISED)
    )
    assert first is not None
    assert second is not None
    assert first.id != second.id


def test_each_sensor_that_falls_silent_is_an_alert_of_its_own() -> None:
    book = AlertBook()
    one = book.take(answer(0, State.RAISED, subject="kettle"))
    other = book.take(answer(0, State.RAISED, subject="bed"))
    assert one is not None
    assert other is not None
    assert one.id == "h1:uti_risk:kettle:2026-03-01T00:00:00.000Z"
    assert other.id != one.id


def test_a_very_long_name_still_fits_the_contract_and_stays_unique() -> None:
    book = AlertBook()
    names = set()
    for end in "ab":
        alert = book.take(answer(0, State.RAISED, subject="s" * 120 + end))
        assert alert is not None
        assert msgspec.json.decode(msgspec.json.encode(alert), type=Alert) == alert
        names.add(alert.id)
    assert len(names) == 2


def test_a_word_for_a_state_that_is_not_known_yet_changes_nothing() -> None:
    book = AlertBook()
    book.take(answer(0, State.RAISED))
    assert book.take(answer(1, "dreaming")) is None
    assert book.take(answer(2, State.NORMAL)) is not None


@given(
    st.lists(
        st.tuples(st.sampled_from(list(State)), st.sampled_from(["", "x"]), st.floats(0, 1)),
        max_size=40,
    )
)
def test_whatever_is_answered_every_alert_has_one_life(
    answers: list[tuple[State, str, float]],
) -> None:
    book = AlertBook()
    lives: dict[str, list[Alert]] = {}
    for hours, (state, subject, score) in enumerate(answers):
        if alert := book.take(answer(hours, state, score=score, subject=subject)):
            lives.setdefault(alert.id, []).append(alert)
        # A book that was put away and taken out again goes on the same.
        entries = book.entries()
        book = AlertBook()
        book.restore(entries)
    for versions in lives.values():
        assert [one.version for one in versions] == list(range(1, len(versions) + 1))
        assert all(one.phase == Phase.OPEN for one in versions[:-1])
        assert all(before.updated_at <= after.updated_at for before, after in pairwise(versions))
    open_now = [one[-1] for one in lives.values() if one[-1].phase == Phase.OPEN]
    assert len(open_now) <= 2
    assert len({(one.condition, one.subject) for one in open_now}) == len(open_now)
