"""What to do next by a plan, from what was tried so far. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from api.response.plan import PlanStep


class Result(StrEnum):
    """What came of an attempt."""

    SENT = "sent"  # a message is on its way; the centre says what becomes of it
    DELIVERED = "delivered"
    FAILED = "failed"
    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    REFUSED = "refused"
    DONE = "done"  # a responder was sent, a service told, a visit booked
    SKIPPED = "skipped"
    OTHER = "other"


BY_STAFF = tuple(each for each in Result if each is not Result.SENT)
"""What staff can say; of a message that the centre sent, the centre says it."""
AT_ONCE = frozenset({Result.FAILED, Result.WRONG_NUMBER, Result.REFUSED, Result.SKIPPED})
"""Results behind which nothing is waited for."""


_TRY_NEXT = AT_ONCE - {Result.SKIPPED} | {Result.NO_ANSWER, Result.OTHER}
"""Results behind which the next of several people is called."""


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt, as far as it decides what is next. `step` counts from 1."""

    step: int | None
    contact: int | None
    result: Result
    due_at: datetime | None


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What to do next.

    Attributes:
        step: Counted from 1.
        contact: Whom to call of several; None where nobody of them is available.
        not_before: Until when an answer is waited for; None for at once.
    """

    step: int
    contact: int | None = None
    not_before: datetime | None = None


def due_at(step: PlanStep | None, result: Result, at: datetime) -> datetime | None:
    """When the next step's time has come; None where nothing is waited for."""
    if step is None or result in AT_ONCE or result is Result.ANSWERED:
        return None
    return at + timedelta(seconds=step.wait_s)


def propose(
    steps: Sequence[PlanStep],
    tried: Sequence[Tried],
    candidates: Callable[[PlanStep], Sequence[int]],
) -> Proposal | None:
    """What is next; None where somebody answered, or the plan is at its end.

    Args:
        steps: Of the plan, in order.
        tried: The oldest first.
        candidates: Who can be called now of those whom a step names, the first first.
    """
    along = [one for one in tried if one.step is not None and 1 <= one.step <= len(steps)]
    if not along:
        return _at(1, steps, set(), candidates) if steps else None
    last = along[-1]
    if last.result is Result.ANSWERED or last.step is None:
        return None
    done = {one.contact for one in along if one.step == last.step and one.contact is not None}
    if steps[last.step - 1].calls_in_turn and last.result in _TRY_NEXT:
        again = _at(last.step, steps, done, candidates)
        if again is not None and again.contact is not None:
            return again
    return _at(last.step + 1, steps, set(), candidates, last)


def _at(
    number: int,
    steps: Sequence[PlanStep],
    done: set[int],
    candidates: Callable[[PlanStep], Sequence[int]],
    last: Tried | None = None,
) -> Proposal | None:
    if number > len(steps):
        return None
    left = [one for one in candidates(steps[number - 1]) if one not in done]
    waits = last.due_at if last and last.result not in AT_ONCE else None
    return Proposal(step=number, contact=left[0] if left else None, not_before=waits)
