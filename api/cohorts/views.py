"""Cohorts as staff see them: what the JSON API sends and the console draws."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from api.cohorts.criteria import Criteria


class Cohort(msgspec.Struct, frozen=True, kw_only=True):
    """A saved filter.

    Attributes:
        quiet_days: For how many days somebody who was reached is not listed again.
    """

    cohort: int
    organisation: int
    name: str
    criteria: Criteria
    quiet_days: int


class NewCohort(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for when a filter is saved."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    criteria: Criteria
    quiet_days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 7


class CalledBefore(msgspec.Struct, frozen=True, kw_only=True):
    """That somebody was called because of a list. Until `until` they are not on it again."""

    home: str
    label: str
    at: datetime
    by: str
    outcome: str
    note: str
    why: list[str]
    until: datetime


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
        last: The last call because of this list, if there was one.
    """

    home: str
    label: str
    why: list[str]
    last: CalledBefore | None = None


class ContactList(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to call now.

    Attributes:
        people: By name; at most 500.
        quiet: How many belong here and were called lately.
        gone: How many are away or in hospital; they are not looked at.
        unknown: How many it cannot be said of, by what is not known.
        recent: The newest calls because of this list.
    """

    cohort: Cohort
    made_at: datetime
    people: list[Listed]
    quiet: int
    gone: int
    unknown: dict[str, int]
    recent: list[CalledBefore]
