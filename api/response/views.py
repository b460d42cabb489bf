"""What staff see of plans, contacts, attempts, the key safe and follow-up tasks."""

from datetime import date, datetime
from typing import Annotated

import msgspec

from api.identity.people import User
from api.response.availability import Exceptional, Hours
from api.response.plan import PlanStep, StepKind
from api.response.progress import Proposal, Result
from api.store.columns import Version

Telephone = Annotated[str, msgspec.Meta(pattern=r"^\+?[0-9][0-9 ()-]{2,28}[0-9]$")]
Words = Annotated[str, msgspec.Meta(max_length=200)]


class ContactBody(msgspec.Struct, frozen=True, kw_only=True):
    """What is sealed of a contact.

    Attributes:
        numbers: Telephone numbers, the first to be tried first.
        hours: When they can be called; always where there are none.
        exceptions: Days on which that does not hold, such as holidays.
    """

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    relation: Words = ""
    numbers: Annotated[list[Telephone], msgspec.Meta(max_length=5)] = []
    note: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    hours: Annotated[list[Hours], msgspec.Meta(max_length=14)] = []
    exceptions: Annotated[list[Exceptional], msgspec.Meta(max_length=50)] = []


class PutContact(ContactBody, frozen=True, kw_only=True):
    """A contact as somebody writes it down.

    Attributes:
        version: Of the contact that was looked at; 0 of a new one.
        person: Whether it is the person who lives there. A home has one at most.
        keyholder: Whether they have a key.
        position: Who is called before whom; the lowest first.
    """

    version: Version = 0
    person: bool = False
    keyholder: bool = False
    position: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 100


class Contact(PutContact, frozen=True, kw_only=True):
    """A contact. `numbers` and `note` are empty for who may not call.

    Attributes:
        available: Whether they can be called now.
    """

    contact: int
    available: bool


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a plan.

    Attributes:
        scope: `home`, `organisation`, or `built_in` where nobody has put one.
        condition: Which alerts it is for; empty for those without a plan of their own.
        priority: The same by priority, of an organisation's.
        version: Counted up from 1; 0 of a built-in one.
        plan: Its number; None of a built-in one.
    """

    scope: str
    condition: str
    priority: str
    version: int
    steps: list[PlanStep]
    plan: int | None = None
    put_by: str = ""
    put_at: datetime | None = None


class StepLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the check list beside an alert.

    Attributes:
        number: From 1.
        sends: Whether the centre itself sends it.
        people: Whom to call, the first first; those who are not available now last.
        results: What came of it so far, the oldest first.
        gone: The contact that it names was removed: `people` are the others, and it is to be set
            anew.
    """

    number: int
    step: PlanStep
    sends: bool
    people: list[Contact]
    results: list[Result]
    gone: bool = False


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody tried something.

    Attributes:
        version: Of the alert, once it was made.
        step: Of the plan, from 1; None beside it.
        plan_version: Of which version of the plan.
        contact: Whom, also where they were removed since; None where it was nobody in particular.
        reason: Why a message failed.
        due_at: When the next step is.
    """

    attempt: int
    version: int
    step: int | None
    kind: StepKind
    contact: int | None
    who: str
    result: Result
    reason: str
    note: str
    by: User | None
    at: datetime
    due_at: datetime | None


class AlertResponse(msgspec.Struct, frozen=True, kw_only=True):
    """The plan beside an alert as a check list, and how far it has come.

    Attributes:
        newer: Somebody has put another plan since; this alert goes on by the one it began with.
        next: What to do next; None once somebody answered, or at the plan's end.
        due: Whether that is to be done now.
        key_safe: Whether the home has one.
    """

    alert: int
    version: int
    plan: Plan
    newer: bool
    steps: list[StepLine]
    attempts: list[Attempt]
    next: Proposal | None
    due: bool
    key_safe: bool


class KeySafe(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a home has a key safe; never its code."""

    home: str
    there: bool
    version: int
    changed_at: datetime | None


class OpenedKeySafe(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked at. Show it until `hide_at` and no longer."""

    home: str
    place: str
    code: str
    hide_at: datetime


class KeySafeLook(msgspec.Struct, frozen=True, kw_only=True):
    """That somebody looked at a code, for supervisors. `seen_by` has taken note of it."""

    look: int
    home: str
    label: str
    time_zone: str
    alert: int
    staff: int
    by: str
    at: datetime
    reason: str
    seen_by: str
    seen_at: datetime | None


class FollowUp(msgspec.Struct, frozen=True, kw_only=True):
    """Something left to do.

    Attributes:
        due_on: The home's local day.
        overdue: That day is over.
        due: It is that day, or later.
        outcome: `done`, `not_needed`, `no_contact` or `new_concern`; None while it is open.
    """

    follow_up: int
    version: int
    home: str
    label: str
    alert: int | None
    due_on: date
    due: bool
    overdue: bool
    assignee: str
    assignee_name: str
    what: str
    outcome: str | None
    note: str
    ended_at: datetime | None
