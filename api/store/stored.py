"""Reads back what a row holds as JSON, also where a newer replica wrote it.

A request is held to what is known here: a misspelled field would do nothing. What is stored was
held to that by who wrote it. In the midst of an upgrade that was another version, and so it is
taken as far as it is known; what is not costs what it says, and nothing else.
"""

from functools import cache
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Generic,
    NamedTuple,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

S = TypeVar("S", bound=msgspec.Struct)
_MISSING = object()


class Unreadable(ValueError):  # noqa: N818 - a fact about a row
    """It is no JSON, or a part is not there without which it says nothing."""


class Stored(NamedTuple, Generic[S]):
    """What a row holds.

    Attributes:
        known: As far as it can be read here; what cannot is as if it had been left out.
        beyond: By name, as they stand, the fields that are not known here, or not all of them.
    """

    known: S
    beyond: dict[str, Any]


def read_stored(kept: str | bytes, kind: type[S]) -> Stored[S]:
    """What was kept as JSON.

    Raises:
        Unreadable: Nothing can be made of it.
    """
    try:
        return stored(msgspec.json.decode(kept), kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(f"not JSON: {error}") from error


def stored(raw: Any, kind: type[S]) -> Stored[S]:
    """The same of what has been read as JSON, or of a row's columns.

    Raises:
        Unreadable: Nothing can be made of it.
    """
    beyond: set[str] = set()
    known = _known(raw, kind, beyond)
    if known is _MISSING:
        raise Unreadable(f"no {kind.__name__} that is known here")
    return Stored(known, {name: raw[name] for name in sorted(beyond)})


def _known(raw: Any, hint: Any, beyond: set[str]) -> Any:
    """What of `raw` fits `hint`. Names at the top of what does not are added to `beyond`."""
    plain = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    if get_origin(plain) in {Union, UnionType} and raw is not None:
        one = [each for each in get_args(plain) if each is not NoneType]
        plain = one[0] if len(one) == 1 else plain
    if isinstance(plain, type) and issubclass(plain, msgspec.Struct) and isinstance(raw, dict):
        return _struct(raw, plain, beyond)
    if get_origin(plain) is list and isinstance(raw, list):
        items = [_known(one, get_args(plain)[0], beyond) for one in raw]
        return [one for one in items if one is not _MISSING]
    try:
        return msgspec.convert(raw, hint)
    except msgspec.ValidationError:
        beyond.add("")
        return _MISSING


def _struct(raw: dict[str, Any], kind: type[msgspec.Struct], beyond: set[str]) -> Any:
    fields, found = _fields(kind), {}
    beyond |= raw.keys() - fields.keys()
    for name in raw.keys() & fields.keys():
        within: set[str] = set()
        value = _known(raw[name], fields[name], within)
        if within:
            beyond.add(name)
        if value is not _MISSING:
            found[name] = value
    try:
        return kind(**found)
    except TypeError:  # something is missing that has no default
        beyond.add("")
        return _MISSING


@cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The type of each field, by its name."""
    hints = get_type_hints(kind, include_extras=True)
    return {name: hints[name] for name in kind.__struct_fields__}
