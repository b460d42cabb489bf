"""Cohorts as staff see them: what the JSON API sends and the console draws."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from api.cohorts.criteria import Criteria


class Cohort(msgspec.Struct, frozen=True, kw_only=True):
    """A saved filter.

    Attributes:
        quiet_days: For how many days somebody who was reached is not listed again.
        unread: What else it asks for, which a newer version of the centre has saved and this one
            cannot read. Of whom all else holds it cannot be said whether they are on the list.
    """

    cohort: int
    organisation: int
    name: str
    criteria: Criteria
    quiet_days: int
    unread: list[str] = []


class NewCohort(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for when a filter is saved."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    criteria: Criteria
    quiet_days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 7


class CohortCall(msgspec.Struct, frozen=True, kw_only=True):
    """That somebody was called because of a list. Until `until` they are not on it again.

    Attributes:
        cohort, from_list: Because of which list; its name. None where it was removed since.
    """

    home: str
    label: str
    at: datetime
    by: str
    outcome: str
    note: str
    why: list[str]
    until: datetime
    cohort: int | None
    from_list: str | None


class NewContact(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a call.

    Attributes:
        outcome: `contacted`, `no_answer`, or `action` where something was done or arranged.
        seen_at: `made_at` of the list that it was read from: two who call from the same list
            would call the same person twice.
    """

    home: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    outcome: Literal["contacted", "no_answer", "action"]
    note: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    seen_at: datetime | None = None


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to call, and why.

    Attributes:
        last: Their last call because of any list, if there was one.
        held_until: Until when they are better left in peace, where they were called because of
            another list.
    """

    home: str
    label: str
    why: list[str]
    last: CohortCall | None = None
    held_until: datetime | None = None


class ContactList(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to call now.

    Attributes:
        people: By name; at most 500.
        held: Who belongs here and was called within a day because of another list; at most 500.
        quiet: How many belong here and were called lately because of this one.
        gone: How many are away or in hospital; they are not looked at.
        unknown: How many it cannot be said of, by what is not known.
        unshared: How many a care professional is not shown, for their people have not agreed that
            their data goes to the care team; nothing is said of them.
        recent: The newest calls because of this list.
    """

    cohort: Cohort
    made_at: datetime
    people: list[Listed]
    held: list[Listed]
    quiet: int
    gone: int
    unknown: dict[str, int]
    unshared: int
    recent: list[CohortCall]
