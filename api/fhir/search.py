"""Reads FHIR's search parameters.

One that is not known is refused, not passed over: a filter that does nothing would show more than
was asked for.
"""

import base64
import binascii
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from api.exports.rows import Asked, Source
from api.fhir.resources import Kind
from api.refusals import Invalid

ZONE = ZoneInfo("Europe/London")
"""In which a day without a time is."""
MOST = 1000
USUAL = 100

_YEAR, _MONTH, _DAY = 4, 7, 10
_PREFIXES = {"eq", "ge", "le", "gt", "lt", "sa", "eb"}
_FORMATS = {"json", "application/json", "application/fhir+json"}


class Span(NamedTuple):
    """From, inclusive, until, exclusive; None is open."""

    since: datetime | None = None
    until: datetime | None = None

    def within(self, other: "Span") -> "Span":
        """What lies in both."""
        since = [one for one in (self.since, other.since) if one is not None]
        until = [one for one in (self.until, other.until) if one is not None]
        return Span(max(since, default=None), min(until, default=None))


class Wanted(NamedTuple):
    """A search.

    Attributes:
        number: The one resource that is asked for by its id.
        patient: The patient's id.
        date: When it was.
        changed: When it was changed last.
        size: How many on a page.
        cursor: Where the page before ended.
        identified: Whether identifiers are asked for.
    """

    number: str | None = None
    patient: str | None = None
    date: Span = Span()
    changed: Span = Span()
    size: int = USUAL
    cursor: str = ""
    identified: bool = False

    def asked(self, home: str | None) -> Asked:
        """As rows are asked for."""
        return Asked(home, *self.date, *self.changed)


def read(kind: Kind, parameters: Iterable[tuple[str, str]]) -> Wanted:
    """The search that the parameters of an address ask for.

    Raises:
        Invalid: One is not known, or its value will not do.
    """
    wanted = Wanted()
    for name, value in parameters:
        wanted = _with(kind, wanted, name, value)
    return wanted


def _with(  # noqa: PLR0911 - one for each parameter
    kind: Kind, wanted: Wanted, name: str, value: str
) -> Wanted:
    if name in {"patient", "subject"}:
        return wanted._replace(patient=value.removeprefix("Patient/"))
    if name == "_id":
        return wanted._replace(number=value)
    if name == "_lastUpdated":
        return wanted._replace(changed=wanted.changed.within(span(value)))
    if kind.date and name == kind.date:
        return wanted._replace(date=wanted.date.within(span(value)))
    if name == "_count":
        short = len(value) <= len(f"{MOST}") and value.isascii() and value.isdecimal()
        if not (short and 1 <= int(value) <= MOST):
            raise Invalid(f"_count must be from 1 to {MOST}.")
        return wanted._replace(size=int(value))
    if name == "_cursor":
        return wanted._replace(cursor=value)
    if name == "_format" and value.replace(" ", "+") in _FORMATS:
        return wanted
    if name == "identified" and value in {"true", "false"}:
        return wanted._replace(identified=value == "true")
    raise Invalid(f"{name}={value} is not understood here; see /v1/fhir/metadata.")


def span(value: str) -> Span:
    """A date parameter, with its prefix, as a span of time.

    Raises:
        Invalid: It is no date, or has a prefix that is not understood.
    """
    prefix, rest = ("eq", value) if value[:1].isdecimal() else (value[:2], value[2:])
    if prefix not in _PREFIXES:
        raise Invalid(f"{value}: of prefixes there are eq, ge, le, gt, lt, sa and eb.")
    try:
        first, end = _range(rest)
    except (ValueError, OverflowError) as error:
        raise Invalid(f"{value} is not a date, such as ge2026-03-01.") from error
    return {
        "eq": Span(first, end), "ge": Span(first, None), "le": Span(None, end),
        "gt": Span(end, None), "sa": Span(end, None), "lt": Span(None, first),
        "eb": Span(None, first),
    }[prefix]  # fmt: skip


def _range(text: str) -> tuple[datetime, datetime]:
    if not text.isascii():
        raise ValueError(text)
    if len(text) == _YEAR:
        first = date(int(text), 1, 1)
        return _midnight(first), _midnight(first.replace(year=first.year + 1))
    if len(text) == _MONTH:
        first = date.fromisoformat(f"{text}-01")
        return _midnight(first), _midnight((first + timedelta(days=31)).replace(day=1))
    if len(text) == _DAY:
        first = date.fromisoformat(text)
        return _midnight(first), _midnight(first + timedelta(days=1))
    at = datetime.fromisoformat(text.replace(" ", "+"))  # a + that was not escaped
    if at.tzinfo is None:
        at = at.replace(tzinfo=ZONE)
    fine = timedelta(milliseconds=1) if "." in text else timedelta(seconds=1)
    return _bounded(at), _bounded(at) + fine


def _midnight(day: date) -> datetime:
    return _bounded(datetime.combine(day, time(), ZONE))


def _bounded(at: datetime) -> datetime:
    """Within what every part of the way can hold, whatever the time zone."""
    if not date(1900, 1, 1) <= at.date() <= date(9000, 1, 1):
        raise ValueError(f"{at}")
    return at


def write_cursor(key: Sequence[Any]) -> str:
    """A key as it stands in an address."""
    return base64.urlsafe_b64encode(msgspec.json.encode(list(key))).decode().rstrip("=")


def read_cursor(source: Source, cursor: str) -> tuple[Any, ...]:
    """The key again; the one before the first of an empty cursor.

    Raises:
        Invalid: Nobody here has given it out.
    """
    if not cursor:
        return source.first
    kinds: Any = tuple[tuple(type(one) for one in source.first)]  # type: ignore[misc]  # made here
    try:
        packed = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        key: tuple[Any, ...] = msgspec.json.decode(packed, type=kinds)
    except (msgspec.MsgspecError, binascii.Error, UnicodeEncodeError, ValueError) as error:
        raise Invalid("_cursor must be one that a page before gave out.") from error
    odd = any(
        (isinstance(one, str) and "\0" in one)
        or (isinstance(one, int) and not 0 <= one < 2**62)
        or (isinstance(one, datetime) and one.tzinfo is None)
        for one in key
    )
    if odd:
        raise Invalid("_cursor must be one that a page before gave out.")
    return key
