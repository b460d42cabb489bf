"""What holds now, and where it was set."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from gateway.settings.environment import Environment
from gateway.settings.whole import Settings
from gateway.toml_file import Step, line_of, text_of

DEFAULT = "default"


class Held(NamedTuple):
    """One value that holds.

    Attributes:
        keys: The way to it, such as `("sensors", 0, "name")`; a table that may be left out and is
            stands here by itself.
        value: Itself; None where nothing is set.
        source: `default`, the file and its line, the variable, or the centre.
    """

    keys: tuple[Step, ...]
    value: Any
    source: str


def held(
    path: Path,
    settings: Settings,
    variables: Mapping[str, str],
    above: Callable[[tuple[Step, ...]], str] = lambda _keys: "",
) -> Iterator[Held]:
    """Every value, in the order of the tables.

    Args:
        path: The file.
        settings: What holds.
        variables: The environment in which the file was read.
        above: Who stands above both and has set a key; empty where nobody has.
    """
    text = text_of(path)
    document = tomllib.loads(text)
    environment = Environment(variables)

    def source(keys: tuple[Step, ...]) -> str:
        if other := above(keys):
            return other
        if variable := environment.place(keys):
            return variable
        return f"{path.name}:{line_of(text, keys)}" if _stands(document, keys) else DEFAULT

    for keys, value in _values((), settings):
        yield Held(keys, value, source(keys))


def _values(keys: tuple[Step, ...], value: Any) -> Iterator[tuple[tuple[Step, ...], Any]]:
    """Each single value within, with the way to it."""
    if isinstance(value, msgspec.Struct):
        if tag := value.__struct_config__.tag:
            yield (*keys, str(value.__struct_config__.tag_field)), tag
        for name in value.__struct_fields__:
            yield from _values((*keys, name), getattr(value, name))
    elif isinstance(value, dict) and value and len(keys) == 1:
        for name, one in value.items():
            yield from _values((*keys, name), one)
    elif isinstance(value, tuple) and value and isinstance(value[0], msgspec.Struct):
        for index, one in enumerate(value):
            yield from _values((*keys, index), one)
    else:
        yield keys, value


def _stands(document: Any, keys: tuple[Step, ...]) -> bool:
    """Whether the file itself sets a key."""
    value = document
    for key in keys:
        entries: Any = dict(enumerate(value)) if isinstance(value, list) else value
        if key not in entries:
            return False
        value = entries[key]
    return True
