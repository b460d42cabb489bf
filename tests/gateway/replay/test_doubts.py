"""No alert where nothing could be said is not the same as no alert."""

from contract import Assessment, State
from gateway.replay.doubts import Doubts
from tests.gateway.events import START, at


def noted(*answers: tuple[float, State, str]) -> Doubts:
    doubts = Doubts("Europe/London")
    for hours, state, condition in answers:
        doubts.note(Assessment(home="h1", condition=condition, at=at(hours), state=state))
    return doubts


def test_a_day_counts_as_doubtful_only_where_no_answer_judged_it() -> None:
    doubts = noted(
        (6, State.BLIND, "uti_risk"),
        (23, State.NORMAL, "uti_risk"),
        (30, State.BLIND, "uti_risk"),
        (40, State.LEARNING, "uti_risk"),
        (54, State.RAISED, "uti_risk"),
        (55, State.BLIND, "uti_risk"),
    )
    assert doubts.since(START) == {"uti_risk": 1}


def test_an_answer_at_midnight_is_about_the_day_that_ends() -> None:
    doubts = noted((24, State.BLIND, "uti_risk"), (30, State.NORMAL, "uti_risk"))
    assert doubts.since(START) == {"uti_risk": 1}


def test_only_the_days_that_are_asked_for_are_counted_and_each_condition_by_itself() -> None:
    doubts = noted(
        *((24 * day + 12, State.BLIND, "uti_risk") for day in range(5)),
        *((24 * day + 12, State.NORMAL, "fall_risk") for day in range(5)),
    )
    assert doubts.since(START + 3 * 86_400) == {"uti_risk": 2, "fall_risk": 0}
