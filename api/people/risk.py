"""What is on record of a person's health, in words too coarse to name anyone: it goes to the hub.

The words are those of the hub's `[risk]` settings. One hub watches a home, so what is on record of
several who live there is brought together.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec

from api.store.stored import Stored

AgeBand = Literal["under_65", "65_to_79", "80_or_more"]
_RISING = ("under_65", "65_to_79", "80_or_more")
_ANY = ("earlier_uti", "dementia", "earlier_falls", "fluid_limit")


class RiskRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is on record of one person. All of it optional.

    Attributes:
        age: Band of years; where a date of birth is on record, that decides.
        sex: As on record.
        earlier_uti: An infection of the urinary tract in the last year.
        catheter: A catheter drains the bladder.
        dementia: Dementia, or cognitive impairment.
        earlier_falls: A fall in the last year.
        medicines: How many are taken regularly, from 0 to 50.
        fluid_limit: Drinks are limited for heart or kidney failure.
    """

    age: AgeBand | None = None
    sex: Literal["female", "male"] | None = None
    earlier_uti: bool = False
    catheter: bool = False
    dementia: bool = False
    earlier_falls: bool = False
    medicines: Annotated[int, msgspec.Meta(ge=0, le=50)] = 0
    fluid_limit: bool = False


def told(records: Sequence[Stored[RiskRecord]]) -> dict[str, Any] | None:
    """`[risk]` of a home's hub; None where nothing is on record of anybody.

    What a newer version put there and is not known here goes to the hub as it stands: it may know.
    """
    said = together([one.known for one in records])
    return said if said is None else {**unread(records), **said}


def unread(records: Sequence[Stored[RiskRecord]]) -> Mapping[str, Any]:
    """What of it cannot be read by this version."""
    return {name: value for one in records for name, value in one.beyond.items()}


def together(records: Sequence[RiskRecord]) -> dict[str, Any] | None:
    """What is on record of all who live in a home; None where nothing is of anybody.

    Sensors cannot tell people apart, so what raises the risk of one counts for the home. A catheter
    makes bathroom visits silent only where everybody has one; the sex counts where all share it.
    """
    if not records:
        return None
    ages = [one.age for one in records if one.age is not None]
    sexes = {one.sex for one in records}
    said: dict[str, Any] = {
        "age": max(ages, key=_RISING.index, default=None),
        "sex": sexes.pop() if len(sexes) == 1 else None,
        "catheter": all(one.catheter for one in records),
        "medicines": max(one.medicines for one in records),
        **{word: any(getattr(one, word) for one in records) for word in _ANY},
    }
    usual = msgspec.to_builtins(RiskRecord())
    return {word: value for word, value in said.items() if value != usual[word]}
