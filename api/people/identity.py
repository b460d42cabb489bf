"""Who somebody is: kept sealed, apart from what sensors tell, and only as much as is needed."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

import msgspec

from api.people.risk import AgeBand
from api.refusals import Invalid

MAX_NOTES = 2000
Line = Annotated[str, msgspec.Meta(max_length=200)]
_ANY_LENGTH = frozenset({"notes", "address"})
_OLDEST = 130
_BANDS: tuple[tuple[int, AgeBand], ...] = ((80, "80_or_more"), (65, "65_to_79"), (0, "under_65"))


class Identity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What staff need to know to speak with somebody. All but a name may be left out.

    Attributes:
        name: In full.
        preferred: What they are called; the name where it is left out.
        address_as: How to speak to them, such as "Mrs Lee" or "first name, slowly".
        born: Date of birth; hubs are told an age band, never this.
        phone, address, language: How they are reached, and in which language.
        notes: What staff should know before they ring.
        nhs_number: Ten digits, where another service asks for it.
    """

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    preferred: Line = ""
    address_as: Line = ""
    born: date | None = None
    phone: Annotated[str, msgspec.Meta(max_length=40)] = ""
    address: Annotated[str, msgspec.Meta(max_length=500)] = ""
    language: Annotated[str, msgspec.Meta(max_length=60)] = ""
    notes: Annotated[str, msgspec.Meta(max_length=MAX_NOTES)] = ""
    nhs_number: Annotated[str, msgspec.Meta(max_length=20)] = ""

    @property
    def called(self) -> str:
        """What they are called."""
        return self.preferred or self.name


def checked(identity: Identity, today: date) -> Identity:
    """The identity, trimmed, once it can be one.

    Raises:
        Invalid: It cannot; the sentence says what is wrong.
    """
    plain = {key: value.strip() for key, value in _texts(identity)}
    tidy = msgspec.structs.replace(identity, **plain)
    if not tidy.name:
        raise Invalid("A resident needs a name.")
    for key, value in plain.items():
        if key not in _ANY_LENGTH and not value.isprintable():
            raise Invalid(f"{key} must be one line of printable characters.")
    if tidy.born is not None and not 0 <= age_on(tidy.born, today) <= _OLDEST:
        raise Invalid(f"born must be within the last {_OLDEST} years.")
    number = tidy.nhs_number.replace(" ", "")
    if number and not is_nhs_number(number):
        raise Invalid("nhs_number is ten digits, the last of which checks the rest; look again.")
    return msgspec.structs.replace(tidy, nhs_number=number)


def is_nhs_number(text: str) -> bool:
    """Whether the last of ten digits checks the others, modulo 11 (NHS Data Dictionary)."""
    if len(text) != 10 or not (text.isascii() and text.isdecimal()):  # noqa: PLR2004 - as defined
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, range(10, 1, -1), strict=False))
    return (11 - total % 11) % 11 == int(text[9])


def age_on(born: date, day: date) -> int:
    """Full years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def band_on(born: date | None, day: date) -> AgeBand | None:
    """The age band that hubs are told; None where the date of birth is not on record."""
    if born is None:
        return None
    return next(band for least, band in _BANDS if age_on(born, day) >= least)


def _texts(identity: Identity) -> Iterator[tuple[str, str]]:
    for key in identity.__struct_fields__:
        value = getattr(identity, key)
        if isinstance(value, str):
            yield key, value
