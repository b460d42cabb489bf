"""Settings out of the environment: `TELECARE_GATEWAY_BROKER_HOST` stands above `[broker] host`.

Only what is one value can be set so; lists such as `[[sensors]]` stand in the file. A name that is
nearly one is refused, or a slip of the pen would go unseen.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import msgspec
from msgspec import inspect

from contract import Condition
from gateway.settings.whole import Settings
from gateway.toml_file import Step, TomlError

PREFIX = "TELECARE_GATEWAY_"
BROKER_PASSWORD = f"{PREFIX}BROKER_PASSWORD"
"""The one secret that may come so. It is no setting: no command shows it."""

_SIMPLE = (
    inspect.StrType,
    inspect.IntType,
    inspect.FloatType,
    inspect.BoolType,
    inspect.LiteralType,
    inspect.NoneType,
)


class Environment:
    """The settings that the environment holds.

    Args:
        variables: Of the process.

    Raises:
        TomlError: One of ours is none; the sentence names the nearest that is.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        known = settable()
        self._set = {
            name: text
            for name, text in variables.items()
            if name.startswith(PREFIX) and name != BROKER_PASSWORD
        }
        for name in self._set:
            if name not in known:
                raise TomlError(f"{name}: no such setting; {_nearest(name, known)}")
        self._places = {known[name]: name for name in self._set}

    def amend(self, document: dict[str, Any]) -> None:
        """Puts them in the place of what the file says."""
        for (table, key), name in self._places.items():
            entries = document.setdefault(table, {})
            if isinstance(entries, dict):
                entries[key] = _value(table, key, self._set[name])

    def place(self, keys: tuple[Step, ...]) -> str | None:
        """The variable that set a key, or None."""
        return self._places.get((str(keys[0]), str(keys[1]))) if len(keys) > 1 else None


def settable() -> dict[str, tuple[str, str]]:
    """Each variable that is known, with the table and key that it sets."""
    return {
        f"{PREFIX}{table}_{key}".upper(): (table, key)
        for table, struct in _tables().items()
        for key in _keys(struct)
    }


def _tables() -> dict[str, inspect.Type]:
    """Each table that stands once."""
    info = inspect.type_info(Settings)
    fields = info.fields if isinstance(info, inspect.StructType) else ()
    found: dict[str, inspect.Type] = {}
    for field in fields:
        types = field.type.types if isinstance(field.type, inspect.UnionType) else (field.type,)
        for one in types:
            if isinstance(one, inspect.StructType | inspect.DictType):
                found[field.name] = one
    return found


def _keys(table: inspect.Type) -> list[str]:
    """Those of its keys that hold one value."""
    if isinstance(table, inspect.StructType):
        return [field.name for field in table.fields if _is_simple(field.type)]
    return [str(condition) for condition in Condition]  # of [budget]


def _is_simple(info: inspect.Type) -> bool:
    if isinstance(info, inspect.Metadata):
        return _is_simple(info.type)
    if isinstance(info, inspect.UnionType):
        return all(_is_simple(one) for one in info.types)
    return isinstance(info, _SIMPLE)


def _value(table: str, key: str, text: str) -> Any:
    """The text as what the key takes; as it is where it is no such thing, which is told later."""
    info = _tables()[table]
    annotation: Any = float
    if isinstance(info, inspect.StructType):
        fields = msgspec.structs.fields(info.cls)
        annotation = next(one.type for one in fields if one.name == key)
    try:
        return msgspec.convert(text, annotation, strict=False)
    except msgspec.ValidationError:
        return _number(text)


def _number(text: str) -> Any:
    """A number that is out of range is told as such, and not as a text."""
    try:
        return msgspec.json.decode(text, type=int | float)
    except msgspec.DecodeError:
        return text


def _nearest(name: str, known: Mapping[str, object]) -> str:
    near = get_close_matches(name, [*known, BROKER_PASSWORD], n=1, cutoff=0.75)
    if near:
        return f"the nearest is {near[0]}"
    return "telecare-gateway settings --keys names them all"
