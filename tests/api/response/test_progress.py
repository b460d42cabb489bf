"""What a plan proposes next: nobody is asked twice in a row, and nobody is forgotten."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.refusals import Invalid
from api.response.plan import BUILT_IN, PlanStep, StepKind, Whom, check
from api.response.progress import BY_STAFF, Proposal, Result, Tried, due_at, propose
from contract import SEVERITY, Severity

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
STEPS = [
    PlanStep(kind=StepKind.PROMPT_TEXT, say="How are you?", wait_s=600),
    PlanStep(kind=StepKind.CALL, whom=Whom.CONTACTS, wait_s=60),
    PlanStep(kind=StepKind.SEND_RESPONDER, whom=Whom.KEYHOLDERS),
]


def candidates(step: PlanStep) -> list[int]:
    return {Whom.CONTACTS: [7, 8], Whom.KEYHOLDERS: [8]}.get(step.whom, [])


def tried(step: int | None, result: Result, contact: int | None = None) -> Tried:
    of = STEPS[step - 1] if step else None
    return Tried(step=step, contact=contact, result=result, due_at=due_at(of, result, NOON))


def next_after(*attempts: Tried) -> Proposal | None:
    return propose(STEPS, attempts, candidates)


def test_the_person_is_asked_first_and_given_time_to_answer() -> None:
    assert next_after() == Proposal(step=1)
    waiting = next_after(tried(1, Result.SENT))
    assert waiting == Proposal(step=2, contact=7, not_before=NOON + timedelta(seconds=600))


def test_a_message_that_failed_is_waited_for_by_nobody() -> None:
    assert next_after(tried(1, Result.FAILED)) == Proposal(step=2, contact=7)


def test_each_contact_is_tried_before_a_responder_is_sent() -> None:
    first = tried(2, Result.NO_ANSWER, 7)
    assert next_after(first) == Proposal(step=2, contact=8)
    both = (first, tried(2, Result.WRONG_NUMBER, 8))
    assert next_after(*both) == Proposal(step=3, contact=8)


def test_once_somebody_answered_nothing_more_is_proposed() -> None:
    assert next_after(tried(1, Result.NO_ANSWER), tried(2, Result.ANSWERED, 7)) is None


def test_what_was_done_beside_the_plan_moves_nothing() -> None:
    assert next_after(tried(None, Result.ANSWERED)) == Proposal(step=1)


@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.sampled_from(list(Result)), st.sampled_from([None, 7, 8])),
        max_size=12,
    )
)
def test_following_proposals_always_comes_to_an_end(begun: list[tuple[int, Result, int]]) -> None:
    """Whatever was tried before: who then does what is proposed is done within seven attempts."""
    so_far = [tried(step, result, contact) for step, result, contact in begun]
    for _ in range(7):
        following = next_after(*so_far)
        if following is None:
            return
        assert 1 <= following.step <= len(STEPS)
        so_far.append(tried(following.step, Result.NO_ANSWER, following.contact))
    assert next_after(*so_far) is None


@pytest.mark.parametrize("priority", sorted(BUILT_IN))
def test_the_built_in_plans_ask_the_person_first_and_can_be_followed(priority: str) -> None:
    steps = BUILT_IN[priority]
    check(steps, contacts=None)
    assert steps[0].whom is Whom.PERSON
    assert set(BUILT_IN) == {str(each) for each in Severity} == {str(v) for v in SEVERITY.values()}


def test_a_plan_that_could_not_be_followed_is_refused_with_its_step() -> None:
    wrong = {
        "prompt goes to the person": PlanStep(kind=StepKind.PROMPT_CALL, whom=Whom.CONTACTS),
        "needs its words": PlanStep(kind=StepKind.PROMPT_TEXT),
        "no contact 9": PlanStep(kind=StepKind.CALL, contact=9),
        "name the service": PlanStep(kind=StepKind.BOOK_VISIT, whom=Whom.NOBODY),
    }
    for says, step in wrong.items():
        with pytest.raises(Invalid, match=says):
            check([STEPS[0], step], contacts=frozenset({7}))
    with pytest.raises(Invalid, match="for many homes"):
        check([PlanStep(kind=StepKind.CALL, contact=7)], contacts=None)


def test_staff_cannot_say_of_a_message_that_it_is_on_its_way() -> None:
    assert Result.SENT not in BY_STAFF
