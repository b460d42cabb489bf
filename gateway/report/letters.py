"""What a terminal has no letter for is shown as an escape, and ends no command."""

import codecs
import io
from typing import TextIO


def bear_any_letter(stream: TextIO) -> None:
    """Has a stream show what its encoding lacks as an escape, as JSON knows it too."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors=_AS_ESCAPE)


def escape(one: str) -> str:
    """A letter as JSON escapes it."""
    units = one.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(escape, error.object[error.start : error.end])), error.end


_AS_ESCAPE = "telecare.escape"
codecs.register_error(_AS_ESCAPE, _escaped)
