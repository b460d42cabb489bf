"""A gateway's request as a template; what is filled in can never change its form. Pure."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from api.channels.protocol import BadSettings

NAMES = frozenset({"to", "text", "key", "secret", "basic"})
_HOLE = re.compile(r"\{(\w*)\}")


def fill(template: Any, values: Mapping[str, str]) -> Any:
    """`template` with `{name}` filled in, in each text of it, however deep.

    Raises:
        BadSettings: There is no such name.
    """
    if isinstance(template, str):
        return _HOLE.sub(lambda hole: _value(hole[1], values), template)
    if isinstance(template, Mapping):
        return {name: fill(value, values) for name, value in template.items()}
    if isinstance(template, list):
        return [fill(value, values) for value in template]
    return template


def fill_url(template: str, values: Mapping[str, str]) -> str:
    """An address with `{name}` filled in, each as one part of it."""
    return str(fill(template, {name: quote(value, safe="") for name, value in values.items()}))


def as_form(fields: Mapping[str, Any]) -> bytes:
    """Fields as a web form sends them."""
    return urlencode(fields, doseq=True).encode()


def as_json(fields: Mapping[str, Any]) -> bytes:
    """Fields as one JSON object."""
    return json.dumps(fields).encode()


def _value(name: str, values: Mapping[str, str]) -> str:
    if name not in values:
        raise BadSettings(f"there is no {{{name}}}; there are {', '.join(sorted(NAMES))}")
    return values[name]
