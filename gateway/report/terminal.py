"""Text of somebody else's making, such as a device's name, that must not steer a terminal."""

from typing import Any

import msgspec

from gateway.report.letters import escape


def shown(text: str) -> str:
    """One line in which whatever is no letter to be seen is a question mark."""
    return "".join(one if one.isprintable() else "?" for one in text)


def shown_lines(text: str) -> str:
    """The same of a text of several lines."""
    return "\n".join(map(shown, text.split("\n")))


def as_json(value: Any) -> str:
    """A value as JSON for a program, with escapes for what a terminal could obey."""
    return escaped(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def escaped(text: str) -> str:
    """JSON in which what cannot be seen stands as an escape; it means the same."""
    return "".join(one if one.isprintable() or one == "\n" else escape(one) for one in text)
