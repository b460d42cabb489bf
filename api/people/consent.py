"""What somebody agreed to, free of the database: its scope, when it ends, what it leaves out."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec

from api.refusals import Invalid
from contract import Condition, Kind
from contract.vocabulary import MAY_BE_OFF

SOON = timedelta(days=30)
"""A consent that ends within so long is to be talked about."""
_LONGEST = timedelta(days=366 * 5)
WATCHED = MAY_BE_OFF
"""What is told of how a person lives, and so needs their word."""


class Purpose(StrEnum):
    """For what a home's data may leave the centre."""

    CARE_TEAM = "care_team"  # district nurses, social care, a family doctor
    FAMILY = "family"  # whom the person named
    HEALTH_RECORD = "health_record"  # other systems of care, as by FHIR
    REPORTS = "reports"  # exports and reports for commissioners that name a home
    RESEARCH = "research"


class GivenBy(StrEnum):
    """Whose word it was."""

    PERSON = "person"
    ATTORNEY = "attorney"  # a lasting power of attorney for health and welfare
    BEST_INTEREST = "best_interest"  # a decision under the Mental Capacity Act 2005, section 4


class Scope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is agreed to.

    Attributes:
        conditions: What may be watched for, of `WATCHED`.
        sensors: Kinds of sensors that may be fitted, of :class:`contract.Kind`.
        purposes: For what data may be shared, of :class:`Purpose`.
        given_by: Of :class:`GivenBy`.
        given_on: The day on which it was given; not after today.
        expires_on: The last day on which it holds; None where it was given until further notice.
        who: Who said so, by name, where it was not the person.
        note: How it was explained and what was said.
        seen: The version that was looked at, 0 for the first.
    """

    conditions: Annotated[list[Condition], msgspec.Meta(max_length=20)]
    sensors: Annotated[list[Kind], msgspec.Meta(max_length=20)]
    purposes: Annotated[list[Purpose], msgspec.Meta(max_length=20)] = []
    given_by: GivenBy
    given_on: date
    expires_on: date | None = None
    who: Annotated[str, msgspec.Meta(max_length=200)] = ""
    note: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    seen: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] = 0


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """Who gave a consent by name, and what was said: the part of it that is kept sealed."""

    who: str = ""
    note: str = ""


class Agreed(msgspec.Struct, frozen=True, kw_only=True):
    """The newest word of one resident, as far as it decides what is done."""

    state: str
    conditions: list[str]
    expires_on: date | None


def checked(scope: Scope, today: date) -> Scope:
    """The scope, once it makes sense on `today`.

    Raises:
        Invalid: It does not; the sentence says what is wrong.
    """
    odd = [word for word in scope.conditions if word not in WATCHED]
    if odd:
        raise Invalid(f"{odd[0]} needs no consent; those that do are {', '.join(WATCHED)}.")
    if scope.given_on > today:
        raise Invalid("given_on must not be after today.")
    end = scope.expires_on
    if end is not None and not today <= end <= today + _LONGEST:
        raise Invalid("expires_on must be from today to five years from now.")
    if scope.given_by != GivenBy.PERSON and not scope.who.strip():
        raise Invalid("Name who gave it, where it was not the person.")
    return scope


def holds(one: Agreed, day: date) -> bool:
    """Whether it is in force on a day."""
    return one.state == "given" and (one.expires_on is None or day <= one.expires_on)


def switched_off(agreed: Sequence[Agreed], day: date) -> list[str]:
    """What the hub is not to watch for: whatever one of those on record did not agree to.

    Where nothing is on record nothing is switched off; that it is missing is a follow-up.
    """
    return [word for word in WATCHED if any(not _covers(one, word, day) for one in agreed)]


def _covers(one: Agreed, condition: str, day: date) -> bool:
    return holds(one, day) and condition in one.conditions


def not_agreed(fitted: Iterable[str], agreed: Sequence[Iterable[str]]) -> list[str]:
    """Kinds of sensors that are heard and that somebody on record has not agreed to."""
    kinds = {kind for kind in fitted if kind not in {Kind.BUTTON, Kind.LINK}}
    return sorted(kind for kind in kinds if any(kind not in one for one in agreed))
