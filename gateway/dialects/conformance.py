"""A public examination for dialects: whoever passes it may stand in the registry.

from gateway.dialects.conformance import check_dialect

check_dialect(MyDialect, "base", [("base/sensor", b'{"open":true}')])
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec
from paho.mqtt.client import topic_matches_sub

from gateway.dialects.fields import EARLIEST, LATEST, LONGEST_TEXT, RANGES
from gateway.dialects.protocol import Decoded, Dialect, DialectError, Problem

Make = Callable[[str], Dialect]
Example = tuple[str, bytes]
"""A topic and a payload as a real device says them."""

PRIVATE = "Mary-Smith-of-Elm-Row"
GARBAGE = (
    *(b"", b" ", b"\x00", b"\xff\xfe\x00\x01", b"{", b'"on"', b"null", b"[1]", b"NaN", b"1e999"),
    *(b"{}", b'{"":{}}', b"[" * 100_000, b'{"a":' * 2_000, b"9" * 400, b"-0", b"online\x00"),
    *(b'{"params":{"events":[[]]}}', b'{"params":[]}', PRIVATE.encode()),
)
WRONG: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1e308, -1e308, 10**400, "", PRIVATE, "nan", "0001-01-01T00:00:00Z"),
    *([], [PRIVATE], {}, {PRIVATE: PRIVATE}, {"percent": PRIVATE}, [[[]]]),
)


def check_dialect(make: Make, base: str, examples: Sequence[Example]) -> None:
    """Examines a dialect in what devices, strangers and broken devices may say to it.

    Args:
        make: Makes it for a base topic, as it stands in the registry.
        base: Where the examples were said.
        examples: At least one of every form that it understands.

    Raises:
        AssertionError: It failed; the sentence says in what.
    """
    dialect = make(base)
    _demand(len(examples) > 0, "no example shows what it understands")
    _demand(bool(dialect.topics), "it listens to nothing")
    for topic, payload in examples:
        _understands(dialect, topic, payload)
        _keeps_to_itself(make, base, topic, payload)
        for spoilt in (*GARBAGE, *_spoilt(payload)):
            _survives(dialect, topic, spoilt)
    _can_be_discovered(dialect, base, examples)
    apart = [one for one in dialect.lists if not _heard(dialect, one)]
    _demand(not apart, f"it lists devices on {apart}, to which it does not subscribe")


def _understands(dialect: Dialect, topic: str, payload: bytes) -> None:
    _demand(_heard(dialect, topic), f"it does not subscribe to {topic}")
    decoded = dialect.decode(topic, payload)
    found = decoded.readings or decoded.news
    _demand(bool(found), f"it finds nothing in an example on {topic}")
    _demand(not decoded.problems, f"{topic}: {decoded.problems}")
    _demand(dialect.decode(topic, payload) == decoded, f"{topic}: twice the same, heard otherwise")
    _sane(decoded, topic)


def _heard(dialect: Dialect, topic: str) -> bool:
    return any(topic_matches_sub(one, topic) for one in dialect.topics)


def _keeps_to_itself(make: Make, base: str, topic: str, payload: bytes) -> None:
    """What is said below another base is another network's."""
    other = make(f"not-{base}")
    _demand(not _heard(other, topic), f"on another base it still subscribes to {topic}")
    _demand(other.decode(topic, payload) == Decoded([], []), f"it reads {topic} of another base")


def _can_be_discovered(dialect: Dialect, base: str, examples: Sequence[Example]) -> None:
    """Some of what it says is a sure sign of it, and none points to another base topic."""
    bases = [dialect.base_of(topic, payload) for topic, payload in examples]
    _demand(base in bases, "no example shows that it is this dialect, and below which base topic")
    for (topic, _), found in zip(examples, bases, strict=True):
        _demand(found in {None, base}, f"{topic} is taken for one below {found!r}")


def _survives(dialect: Dialect, topic: str, payload: bytes) -> None:
    dialect.base_of(topic, payload)
    try:
        decoded = dialect.decode(topic, payload)
    except DialectError as error:
        problems = [Problem(str(error), error.why)]
        _demand(bool(problems[0]), f"{topic}: refused without a reason: {payload[:80]!r}")
    else:
        _sane(decoded, topic)
        problems = decoded.problems
    _demand(PRIVATE not in " ".join(problems), f"{topic}: a problem repeats what somebody wrote")


def _sane(decoded: Decoded, topic: str) -> None:
    for one in decoded.readings:
        low, high = RANGES[one.signal]
        _demand(bool(one.device), f"{topic}: a reading of no device")
        _demand(low <= one.value <= high, f"{topic}: {one.signal} of {one.value}")
        _demand(len(one.text) <= LONGEST_TEXT, f"{topic}: a text without an end")
        _demand(one.at is None or EARLIEST <= one.at <= LATEST, f"{topic}: said at {one.at}")
        _demand(not (one.no_offset and one.at), f"{topic}: without an offset, and yet dated")
        _demand(one.seconds is None or 0 <= one.seconds < math.inf, f"{topic}: an endless use")


def _spoilt(payload: bytes) -> Iterator[bytes]:
    """The example with each of its values in turn replaced by each wrong one."""
    try:
        document = msgspec.json.decode(payload)
    except msgspec.DecodeError:
        return  # a bare word: the garbage will do
    for path in _paths(document):
        for wrong in WRONG:
            yield msgspec.json.encode(_replaced(document, path, wrong))


def _paths(document: Any) -> Iterator[tuple[Any, ...]]:
    inner: Iterable[tuple[Any, Any]] = ()
    if isinstance(document, dict):
        inner = document.items()
    elif isinstance(document, list):
        inner = enumerate(document)
    for key, value in inner:
        yield (key,)
        yield from ((key, *path) for path in _paths(value))


def _replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copy = document.copy()
    copy[path[0]] = _replaced(copy[path[0]], path[1:], value)
    return copy


def _demand(holds: bool, otherwise: str) -> None:
    if not holds:
        raise AssertionError(otherwise)
