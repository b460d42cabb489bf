"""Log lines for people, or as one JSON object each for machines; neither repeats what data said.

Every line bears the correlation id of the request that it is about. Of an exception a line tells
its kind and where it rose, never its words: PostgreSQL's, for one, quote the row they are about.
"""

import logging
import re
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import msgspec

from api.correlation import correlation

TEXT = "%(levelname)s %(name)s: %(message)s"
FIELDS = (
    "action", "alert", "batch", "destination", "journal", "method", "ms", "records", "refused",
    "route", "seq", "status", "subject", "tries",
)  # fmt: skip
"""What a line may tell beside its message, given as `extra`."""

_STEERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""What begins a line, moves a terminal's cursor or turns the order of letters."""

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def set_up(form: str) -> None:
    """Has this process write its log to standard error, unless it already has a place for it.

    Args:
        form: `text` or `json`.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else Lines(TEXT))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # It shows a traceback for each try while the database is away, of which the listener tells.
    logging.getLogger("asyncpg.pool").setLevel(logging.ERROR)
    # Each names the address of every request, in which a telephone number may stand.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # A line for each request is for machines; people have the metrics.
    story = logging.INFO if form == "json" else logging.WARNING
    logging.getLogger("api.story").setLevel(story)


class Lines(logging.Formatter):
    """One line for people; below it, of an exception, where it rose."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """The line, in which no word of others can begin another or steer a terminal."""
        return _STEERS.sub(lambda one: f"\\u{ord(one[0]):04x}", super().formatMessage(record))

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - the library's name
        """Kind and place of an exception and of what caused it, without their words."""
        return "\n".join(rose(ei[1]))


class JsonLines(Lines):
    """One JSON object a line: `at`, `level`, `logger`, `message`, `correlation`, and `FIELDS`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if mine := correlation():
            said["correlation"] = mine
        said |= {name: record.__dict__[name] for name in FIELDS if name in record.__dict__}
        if record.exc_info:
            said["error"] = rose(record.exc_info[1])
        return msgspec.json.encode(said, enc_hook=str).decode()


def rose(error: BaseException | None) -> list[str]:
    """Kind of an exception and the lines of code it came through, the innermost last."""
    told: list[str] = []
    while error is not None:
        told += [
            f"  {frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
        told.append(f"{type(error).__module__}.{type(error).__qualname__}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told
