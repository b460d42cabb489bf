"""A plan: what to do about an alert, in order, the person asked first. Pure.

Words that are said describe and ask; none says what an illness might be.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import msgspec

from api.refusals import Invalid

MOST_STEPS = 8
PRIORITIES = ("urgent", "advisory", "technical")

Say = Annotated[str, msgspec.Meta(max_length=1000)]
Name = Annotated[str, msgspec.Meta(max_length=200)]
Wait = Annotated[int, msgspec.Meta(ge=0, le=7 * 24 * 3600)]
ContactId = Annotated[int, msgspec.Meta(ge=1, le=2**53)]


class StepKind(StrEnum):
    """What a step does."""

    PROMPT_TEXT = "prompt_text"  # a text message to the person; sent by the centre where it can
    PROMPT_CALL = "prompt_call"  # an automated call; staff start it
    PROMPT_TABLET = "prompt_tablet"  # a question on the person's tablet; staff start it
    CALL = "call"  # staff ring somebody
    SEND_RESPONDER = "send_responder"
    TELL_SERVICE = "tell_service"
    BOOK_VISIT = "book_visit"


class Whom(StrEnum):
    """Whom a step is to reach, where it names nobody in particular."""

    PERSON = "person"
    CONTACTS = "contacts"  # one after the other, those who are available
    KEYHOLDERS = "keyholders"
    NOBODY = "nobody"  # see the step's `name`


PROMPTS = frozenset({StepKind.PROMPT_TEXT, StepKind.PROMPT_CALL, StepKind.PROMPT_TABLET})
ASKS = frozenset({StepKind.SEND_RESPONDER, StepKind.TELL_SERVICE, StepKind.BOOK_VISIT})
"""Steps that the centre itself carries out where their `name` is that of a destination."""
GROUPS = frozenset({Whom.CONTACTS, Whom.KEYHOLDERS})


class PlanStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a plan.

    Attributes:
        kind: What is done.
        whom: Whom it is to reach.
        contact: One contact of the home in particular, instead of `whom`.
        name: Of the responder or the service; that of a destination has the centre tell it.
        say: What to say or write.
        wait_s: How long to wait before the next step, in seconds, up to a week.
    """

    kind: StepKind
    whom: Whom = Whom.PERSON
    contact: ContactId | None = None
    name: Name = ""
    say: Say = ""
    wait_s: Wait = 300

    @property
    def calls_in_turn(self) -> bool:
        """Whether several people are tried one after the other."""
        return self.contact is None and self.whom in GROUPS


Steps = Annotated[list[PlanStep], msgspec.Meta(max_length=MOST_STEPS)]


def check(steps: Sequence[PlanStep], *, contacts: frozenset[int] | None) -> None:
    """Raises `Invalid` for a plan that could not be followed.

    Args:
        steps: In order.
        contacts: Those of the home; None of an organisation's plan, which can name nobody.
    """
    for number, one in enumerate(steps, start=1):
        asks = one.kind in PROMPTS
        if asks and (one.whom is not Whom.PERSON or one.contact is not None):
            raise Invalid(f"Step {number}: a prompt goes to the person.")
        if one.kind is StepKind.PROMPT_TEXT and not one.say.strip():
            raise Invalid(f"Step {number}: a text message needs its words.")
        if one.contact is not None and contacts is None:
            raise Invalid(f"Step {number}: a plan for many homes cannot name one contact.")
        if one.contact is not None and one.contact not in (contacts or ()):
            raise Invalid(f"Step {number}: this home has no contact {one.contact}: choose another.")
        if one.whom is Whom.NOBODY and one.contact is None and not one.name.strip():
            raise Invalid(f"Step {number}: say whom it is to reach, or name the service.")
        if "\0" in one.say + one.name:
            raise Invalid(f"Step {number}: a text cannot hold a NUL character.")


_K, _W = StepKind, Whom
_HOUR, _DAY = 3600, 24 * 3600
_ASK = "This is your monitoring centre. How are you today? Please ring us, or answer our call."

BUILT_IN: dict[str, tuple[PlanStep, ...]] = {
    "urgent": (
        PlanStep(kind=_K.CALL, say="Ask whether they are all right and need help.", wait_s=60),
        PlanStep(
            kind=_K.CALL, whom=_W.CONTACTS, say="Ask who can look in now.", wait_s=120,
        ),
        PlanStep(
            kind=_K.SEND_RESPONDER, whom=_W.KEYHOLDERS, wait_s=900,
            say="Say what was observed, and who was tried. Ask them to ring from the home.",
        ),
        PlanStep(
            kind=_K.TELL_SERVICE, whom=_W.NOBODY, name="Emergency service", wait_s=900,
            say="Say what was observed, and that nobody could be reached.",
        ),
    ),
    "advisory": (
        PlanStep(kind=_K.PROMPT_TEXT, say=_ASK, wait_s=_HOUR),
        PlanStep(kind=_K.CALL, say="Ask how they are and what has changed.", wait_s=_HOUR),
        PlanStep(
            kind=_K.CALL, whom=_W.CONTACTS, wait_s=4 * _HOUR,
            say="Ask when they last saw them, and whether anything has changed.",
        ),
        PlanStep(
            kind=_K.BOOK_VISIT, whom=_W.NOBODY, name="Community service", wait_s=_DAY,
            say="Say what changed and since when.",
        ),
    ),
    "technical": (
        PlanStep(
            kind=_K.CALL, say="Ask whether a plug was pulled or something was moved.",
            wait_s=4 * _HOUR,
        ),
        PlanStep(
            kind=_K.CALL, whom=_W.CONTACTS, say="Ask whether somebody can look.",
            wait_s=4 * _HOUR,
        ),
        PlanStep(
            kind=_K.BOOK_VISIT, whom=_W.NOBODY, name="Installer", wait_s=_DAY,
            say="Say which sensor or hub it is, and since when.",
        ),
    ),
}  # fmt: skip
"""What holds where nobody has put a plan: ask the person first."""
