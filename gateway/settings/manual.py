"""What may be set: each key with its range, its default and what it is for, out of the types."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect

from gateway.settings.whole import Settings
from gateway.toml_file import what_is_allowed

_ROLE = re.compile(r":\w+:`~?([^`]*)`")
_ENTRY = re.compile(r"(?P<names>[a-z_]+(?:, [a-z_]+)*): (?P<about>.*)")
_ANY = "<any>"


class Key(NamedTuple):
    """One key that may be set.

    Attributes:
        table: Where it stands, such as `broker`.
        many: Whether the table may stand several times (`[[sensors]]`).
        kind: Of which kind of entry it is, where the table has kinds (`[[rules]]`); else empty.
        name: Its own; `<any>` where the table takes names of its own (`[budget]`).
        about: What it is for.
        allowed: What may be set.
        needed: Whether it must be set, where its table stands.
        default: What holds otherwise; None where nothing does.
        form: Name of the type of its table; empty where the table takes names of its own.
    """

    table: str
    many: bool
    kind: str
    name: str
    about: str
    allowed: str
    needed: bool
    default: Any
    form: str = ""


def keys() -> Iterator[Key]:
    """Every key, in the order of the tables."""
    whole = _struct(inspect.type_info(Settings))
    about = described(Settings)
    for field in whole.fields:
        yield from _table(field, about.get(field.name, ""))


def _table(field: inspect.Field, about: str) -> Iterator[Key]:
    info, many = _without_none(field.type), False
    if isinstance(info, inspect.VarTupleType):
        info, many = _without_none(info.item_type), True
    if isinstance(info, inspect.DictType):
        allowed = what_is_allowed(info.value_type)
        yield Key(field.name, many, "", _ANY, about, allowed, needed=False, default=None)
        return
    kinds = info.types if isinstance(info, inspect.UnionType) else (info,)
    for one in kinds:
        struct = _struct(one)
        kind = str(struct.tag) if struct.tag is not None else ""
        of_each = described(struct.cls)
        for key in struct.fields:
            said = of_each.get(key.name, "")
            allowed = what_is_allowed(key.type)
            yield Key(
                table=field.name,
                many=many,
                kind=kind,
                name=key.name,
                about=said,
                allowed=allowed,
                needed=key.required,
                default=_default(key),
                form=struct.cls.__name__,
            )


def _struct(info: inspect.Type) -> inspect.StructType:
    if not isinstance(info, inspect.StructType):
        raise TypeError(f"{info} is no table")
    return info


def _without_none(info: inspect.Type) -> inspect.Type:
    """The type itself, of one that may be left out or that bears remarks."""
    if isinstance(info, inspect.Metadata):
        return _without_none(info.type)
    if isinstance(info, inspect.UnionType):
        types = [one for one in info.types if not isinstance(one, inspect.NoneType)]
        if len(types) == 1:
            return types[0]
    return info


def _default(field: inspect.Field) -> Any:
    if field.default is not msgspec.NODEFAULT:
        return field.default
    return None if field.default_factory is msgspec.NODEFAULT else field.default_factory()


def described(kind: type) -> dict[str, str]:
    """What a class and those it is made from say of each attribute, each as one line."""
    found: dict[str, str] = {}
    for one in reversed(kind.__mro__):
        found |= _attributes(one.__doc__ or "")
    return found


def _attributes(docstring: str) -> dict[str, str]:
    """The section `Attributes:` of a docstring; names that share a line share what it says."""
    found: dict[str, str] = {}
    names: list[str] = []
    for line in docstring.partition("Attributes:\n")[2].splitlines():
        if line.strip() and not line.startswith("     "):
            break  # another section
        if not line.startswith("         ") and (entry := _ENTRY.match(line.strip())):
            names = entry["names"].split(", ")
            found |= dict.fromkeys(names, _plain(entry["about"]))
        else:
            more = _plain(line.strip())
            found |= {name: f"{found[name]} {more}".strip() for name in names}
    return found


def _plain(text: str) -> str:
    return _ROLE.sub(r"`\1`", text)


def schema() -> dict[str, Any]:
    """JSON Schema of the whole file, with what each key is for."""
    found = msgspec.json.schema(Settings)
    for table in found["$defs"].values():
        if "description" in table:  # of a docstring, the part that is for the reader of a schema
            table["description"] = _plain(table["description"].partition("\n\n")[0])
    for key in keys():
        if key.form:
            entry = found["$defs"][key.form]["properties"][key.name]
            entry.setdefault("description", key.about)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
