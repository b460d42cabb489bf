"""Reads a TOML file into a typed form; a slip is told with file, line, key and what is allowed."""

import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec
from msgspec import inspect

from gateway.errors import HubError

T = TypeVar("T")
Step = str | int

_SOME = "..."  # how msgspec names a value of a mapping, whichever it is
_WHERE = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.(?P<key>[^.\[\]]+)|\[(?P<index>\d+)\]|\[\.\.\.\]")
_KEY_IN_QUESTION = re.compile(r"field `(?P<key>[^`]*)`")
_HEADER = re.compile(r"\s*(?P<open>\[\[?)\s*(?P<name>[^\[\]#]+?)\s*\]\]?")
_KEY = r"""[\w-]+|"[^"]*"|'[^']*'"""
_ENTRY = re.compile(rf"\s*(?P<keys>(?:{_KEY})(?:\s*\.\s*(?:{_KEY}))*)\s*=")


class TomlError(HubError):
    """The file is wrong. The sentence says where and what is allowed."""


class Overlay(Protocol):
    """What stands above the file, such as the environment."""

    def amend(self, document: dict[str, Any]) -> None:
        """Puts its values in the place of the file's."""
        ...

    def place(self, keys: tuple[Step, ...]) -> str | None:
        """Where it has the value of a key from; None where it has none."""
        ...


def read_toml(path: Path, kind: type[T], overlay: Overlay | None = None) -> T:
    """Reads `path` as a `kind`.

    Args:
        path: The file.
        kind: What it is to be.
        overlay: What stands above it.

    Raises:
        TomlError: There is no such file, or it is not what it should be.
    """
    try:
        text = text_of(path)
    except OSError as error:
        raise TomlError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise TomlError(f"{_place(path, line)}: not TOML: not in UTF-8: {error.reason}") from error
    document = _parsed(path, text)
    if overlay is not None:
        overlay.amend(document)
    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        keys = steps_in(str(error), document, kind)
        where, wrong = explained(document, kind, keys, str(error))
        place = overlay.place(where) if overlay is not None else None
        raise TomlError(f"{place or _place(path, line_of(text, where))}: {wrong}") from error


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TomlError(f"{path}: not TOML: {error}") from error
    except ValueError as error:  # none of TOML's own: a number of more digits than Python reads
        raise TomlError(_of_too_many_digits(path, text, sys.get_int_max_str_digits())) from error
    except RecursionError as error:
        raise TomlError(f"{path}: not TOML that can be read: brackets too deep") from error


def _of_too_many_digits(path: Path, text: str, most: int) -> str:
    found = re.search(rf"[\d_]{{{most + 1}}}", text)
    number = None if found is None else text.count("\n", 0, found.start()) + 1
    where = next((f"{dotted(keys)}: " for line, keys in _lines(text) if line == number), "")
    return f"{_place(path, number)}: {where}a number of over {most} digits; allowed are fewer"


def text_of(path: Path) -> str:
    """What a file says, without the mark that some editors put before it."""
    return path.read_text("utf-8-sig")


def allowed(kind: type[T], values: dict[str, Any], message: str) -> str:
    """What is allowed where some values could not be converted; empty where it goes without saying.

    Args:
        kind: What they were to be.
        values: What they are.
        message: What msgspec said of them.
    """
    steps = steps_in(message, values, kind)
    return _allowed(_type_at(inspect.type_info(kind), steps, values))


def what_is_allowed(info: inspect.Type) -> str:
    """What a type takes, such as `allowed is a number at least 1`; empty where all goes."""
    return _allowed(info if isinstance(info, inspect.Metadata) else _plain(info, None))


def slip(
    path: Path, keys: tuple[Step, ...], what: str, overlay: Overlay | None = None
) -> TomlError:
    """The error of a value that has the right type and yet cannot be."""
    if overlay is not None and (place := overlay.place(keys)):
        return TomlError(f"{place}: {dotted(keys)}: {what}")
    try:
        line = line_of(text_of(path), keys)
    except OSError:  # gone since it was read: then without a line
        line = None
    return TomlError(f"{_place(path, line)}: {dotted(keys)}: {what}")


def dotted(keys: tuple[Step, ...]) -> str:
    """`("sensors", 2, "kind")` as `sensors[2].kind`."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    return text.removeprefix(".") or "the file"


def line_of(text: str, keys: tuple[Step, ...]) -> int | None:
    """The line (1-based) on which a key stands, or what it is in; None where neither is found."""
    nearest, depth = None, 0
    for number, where in _lines(text):
        if where == keys:
            return number
        if len(where) > depth and where == keys[: len(where)]:
            nearest, depth = number, len(where)
    return nearest


def _lines(text: str) -> Iterator[tuple[int, tuple[Step, ...]]]:
    """Each line that opens a table or sets a key, with the key's full path."""
    table: tuple[Step, ...] = ()
    counts: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            name = header["name"]
            table = tuple(name.split("."))
            if header["open"] == "[[":
                counts[name] = counts.get(name, -1) + 1
                table = (*table, counts[name])
            yield number, table
        elif entry := _ENTRY.match(line):
            yield number, (*table, *(key.strip("\"'") for key in re.findall(_KEY, entry["keys"])))


def steps_in(message: str, document: dict[str, Any], kind: Any) -> tuple[Step, ...]:
    """The way to the slip, with the key of a mapping, which msgspec does not tell."""
    found = _WHERE.search(message)
    keys = _steps(found["path"]) if found else ()
    if _SOME not in keys:
        return keys
    before = keys[: keys.index(_SOME)]
    mapping: Any = document
    for key in before:
        mapping = mapping[key]
    entries = dict(mapping)
    mapping.clear()
    for key, value in entries.items():  # the first that brings the error back
        mapping[key] = value
        try:
            msgspec.convert(document, kind)
        except msgspec.ValidationError:
            return (*before, key, *keys[len(before) + 1 :])
    return before


def explained(
    document: dict[str, Any], kind: Any, keys: tuple[Step, ...], message: str
) -> tuple[tuple[Step, ...], str]:
    """The way to a slip, and a sentence with the key, what is wrong and what is allowed.

    Args:
        document: What was to be a `kind`.
        kind: The type.
        keys: The way to the slip, as :func:`steps_in` finds it.
        message: What msgspec said of it.
    """
    what = _WHERE.sub("", message)
    allowed = _allowed(_type_at(inspect.type_info(kind), keys, document))
    named = _named(keys, document)
    if in_question := _KEY_IN_QUESTION.search(what):
        keys = (*keys, in_question["key"])
    said = f"{dotted(keys)}: {named}{what}"
    return keys, f"{said}; {allowed}" if allowed and "; allowed" not in what else said


def _named(keys: tuple[Step, ...], document: Any) -> str:
    """The name of the entry of a list that the slip is in, where it has one."""
    name, value = "", document
    for key in keys:
        value = _within(value, key)
        if isinstance(key, int) and isinstance(value, dict) and isinstance(value.get("name"), str):
            name = f"{value['name']!r}: "
    return name


def _within(value: Any, key: Step) -> Any:
    """What stands under a key of a table or list; None where nothing does."""
    if isinstance(value, dict):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return value[key]
    return None


def _place(path: Path, line: int | None) -> str:
    return f"{path}:{line}" if line else str(path)


def _steps(path: str) -> tuple[Step, ...]:
    return tuple(
        int(step["index"]) if step["index"] else step["key"] or _SOME
        for step in _STEP.finditer(path)
    )


def _type_at(info: inspect.Type, keys: tuple[Step, ...], value: Any) -> inspect.Type:
    """The type of what `keys` lead to in a `value` that should be an `info`."""
    for key in keys:
        info = _plain(info, value)
        if isinstance(info, inspect.UnionType):  # of tables, and the one that is meant is not clear
            return info
        if isinstance(info, inspect.StructType):
            info = next(field.type for field in info.fields if field.encode_name == key)
        elif isinstance(info, inspect.ListType | inspect.VarTupleType):
            info = info.item_type
        elif isinstance(info, inspect.DictType):
            info = info.value_type
        value = _within(value, key)
    return info if isinstance(info, inspect.Metadata) else _plain(info, value)


def _plain(info: inspect.Type, value: Any) -> inspect.Type:
    """The type without a None that only says it may be left out, or the table that is meant."""
    if isinstance(info, inspect.Metadata):
        info = info.type
    if not isinstance(info, inspect.UnionType):
        return info
    types = [one for one in info.types if not isinstance(one, inspect.NoneType)]
    tables = [one for one in types if isinstance(one, inspect.StructType)]
    if len(tables) < len(types) or len(tables) == 1:
        return types[0]
    kind = value.get(tables[0].tag_field) if isinstance(value, dict) else None
    return next((one for one in tables if one.tag == kind), info)


def _allowed(info: inspect.Type) -> str:
    if isinstance(info, inspect.Metadata):
        about = (info.extra_json_schema or {}).get("description")
        return f"allowed is {about}" if about else _allowed(info.type)
    say = _SAYS.get(type(info))
    return say(info) if say else ""


def _keys(info: Any) -> str:
    tag = [info.tag_field] if info.tag_field else []
    return "allowed here are " + ", ".join([*tag, *(field.encode_name for field in info.fields)])


def _tables(info: Any) -> str:
    tables = [one for one in info.types if isinstance(one, inspect.StructType)]
    if not tables:
        return ""
    tags = ", ".join(f'"{one.tag}"' for one in tables)
    return f"allowed for {tables[0].tag_field} are {tags}"


def _numbers(info: Any) -> str:
    bounds = [
        f"{word} {bound:g}"
        for word, bound in (
            ("at least", info.ge),
            ("more than", info.gt),
            ("at most", info.le),
            ("less than", info.lt),
        )
        if bound is not None
    ]
    return f"allowed is a number {' and '.join(bounds)}" if bounds else "allowed is a number"


def _texts(info: Any) -> str:
    if info.pattern:
        return f"allowed is a text that matches {info.pattern}"
    return "allowed is a text in quotes" + (" that is not empty" if info.min_length else "")


def _words(values: Iterable[Any]) -> str:
    return "allowed are " + ", ".join(f'"{value}"' for value in values)


_SAYS: dict[type[inspect.Type], Callable[[Any], str]] = {
    inspect.StructType: _keys,
    inspect.UnionType: _tables,
    inspect.LiteralType: lambda info: _words(sorted(info.values, key=str)),
    inspect.EnumType: lambda info: _words(info.cls),
    inspect.BoolType: lambda _info: "allowed are true and false",
    inspect.DateType: lambda _info: "allowed is a date without quotes, such as 2026-05-03",
    inspect.IntType: _numbers,
    inspect.FloatType: _numbers,
    inspect.StrType: _texts,
}
