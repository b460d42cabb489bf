"""Ways to spoil what a device said. Pure: chance comes in, and the same chance spoils alike."""

import json
import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

Said = tuple[str, bytes]
"""A topic and a payload."""

Mutation = Callable[[Said, Sequence[Said], Random], Said]

_NUMBERS: tuple[Any, ...] = (
    *(0, -0.0, -1, 1, 2**31, 2**53 + 1, 2**63, 2**64, -(2**64), 10**18, 10**30, 10**400),
    *(1e-300, 1e300, -1e308, math.nan, math.inf, -math.inf, 0.1 + 0.2, 4e9, 4e12, 999_999_999_999),
)
_TEXTS = (
    *("", " ", "ON", "on", "true", "null", "NaN", "0", "1e999", "offline", "online", "NotifyEvent"),
    *("\u202edoor", "\U0001f6aa", "e\u0301" * 40, "\x00", "\ufeff", "\uffff", "\uff21", "\ud800"),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59+14:00", "2026-02-30T00:00:00Z", "x" * 5000),
    *("2026-03-01T07:12:03.120Z", "2026-03-01T07:12:03", "24:00", "-", "../..", "'; drop table--"),
)
_WHOLE: tuple[Any, ...] = (None, True, False, [], {}, [[]], [None], {"": None}, {"a": {"a": 1}})
_BYTES = (
    *(
        b"",
        b" ",
        b"\x00",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"\xc0\x80",
        b"\xf5\x80\x80\x80",
        b"{",
        b"}",
    ),
    *(
        b"[",
        b"]",
        b'"',
        b":",
        b",",
        b"\\u",
        b"\\ud83d",
        b"NaN",
        b"Infinity",
        b"-",
        b"1e9999",
        b"0x1",
    ),
)
_LEVELS = (
    *(
        "",
        " ",
        "+",
        "#",
        "$SYS",
        "set",
        "get",
        "bridge",
        "devices",
        "state",
        "availability",
        "tele",
    ),
    *(
        "SENSOR",
        "events",
        "rpc",
        "status",
        "switch:0",
        "switch:",
        ":",
        "online",
        "\U0001f6aa",
        "x" * 300,
    ),
    *(
        "binary_sensor",
        "sensor",
        "motion",
        "energy_kwh",
        "LWT",
        "RESULT",
        "logging",
        "\u202e",
        "a b",
    ),
)
_EPOCH = re.compile(rb"1772349123\.12")
_ISO = re.compile(rb"2026-03-01T0[78]:12:03(?:\.120)?(?:Z|\+01:00)")
_LONGEST_TOPIC = 65_535
_TOO_LONG = 70_000
_WIDE = 500_000
_DEEP = (50, 500, 1100, 5000)


def flip(said: Said, others: Sequence[Said], chance: Random) -> Said:
    """Some bits are turned round, as a bad line does."""
    del others
    topic, payload = said[0], bytearray(said[1])
    for _ in range(chance.randint(1, 4)):
        if payload:
            payload[chance.randrange(len(payload))] ^= 1 << chance.randrange(8)
    return topic, bytes(payload)


def cut(said: Said, others: Sequence[Said], chance: Random) -> Said:
    """It ends too soon, begins too late, or lacks its middle."""
    del others
    topic, payload = said
    a, b = sorted(chance.randint(0, len(payload)) for _ in range(2))
    return topic, chance.choice((payload[:a], payload[b:], payload[a:b], payload[:a] + payload[b:]))


def insert(said: Said, others: Sequence[Said], chance: Random) -> Said:
    """Something that belongs elsewhere stands in it."""
    topic, payload = said
    at = chance.randint(0, len(payload))
    other = chance.choice(others)[1]
    what = chance.choice((*_BYTES, other, payload, bytes(chance.randbytes(8))))
    return topic, payload[:at] + what + payload[at:]


def splice(said: Said, others: Sequence[Said], chance: Random) -> Said:
    """The beginning of one message and the end of another."""
    topic, payload = said
    other = chance.choice(others)[1]
    return topic, payload[: chance.randint(0, len(payload))] + other[
        chance.randint(0, len(other)) :
    ]


def swap(said: Said, others: Sequence[Said], chance: Random) -> Said:
    """A value becomes another, of another type or beyond all bounds."""
    value = chance.choice((*_NUMBERS, *_TEXTS, *_WHOLE))
    if chance.random() < 0.3:
        document = _json(chance.choice(others)[1])
        value = value if document is None else chance.choice(_nodes(document))[1]
    return _with(said, chance, lambda _: value)


def nest(said: Said, others: Sequence[Said], chance: Random) -> Said:
    """A value lies within very many lists or objects."""
    if len(said[1]) > _TOO_LONG:
        return flip(said, others, chance)
    deep = chance.choice(_DEEP)
    opening, closing = chance.choice((("[", "]"), ('{"a":', "}"), ('{"params":', "}")))
    mark = "@deep@"
    topic, payload = _with(said, chance, lambda _: mark)
    whole = f"{opening * deep}1{closing * chance.choice((deep, 0))}".encode()
    return topic, payload.replace(f'"{mark}"'.encode(), whole)


def widen(said: Said, others: Sequence[Said], chance: Random) -> Said:
    """A value comes very many times."""
    del others
    # A thousandfold thousandfold would fill this fuzzer's memory, and be cut off before the hub.
    many = min(chance.choice((10, 300, 3000)), _WIDE // (len(said[1]) + 1))

    def wide(node: Any) -> Any:
        if isinstance(node, dict) and node:
            value = chance.choice(list(node.values()))
            return node | {f"{chance.choice(list(node))}{n}": value for n in range(many)}
        return [node] * many

    return _with(said, chance, wide)


def rename(said: Said, others: Sequence[Said], chance: Random) -> Said:
    """A key is called otherwise, perhaps as in another dialect."""
    document = _json(chance.choice(others)[1])
    keys = [key for key, *_ in _nodes(document) if isinstance(key, str)] or ["x"]

    def renamed(node: Any) -> Any:
        if not isinstance(node, dict) or not node:
            return node
        old = chance.choice(list(node))
        return {(chance.choice(keys) if key == old else key): one for key, one in node.items()}

    return _with(said, chance, renamed)


def twice(said: Said, others: Sequence[Said], chance: Random) -> Said:
    """A key stands twice in one object, with two values."""
    topic, payload = said
    document = _json(payload)
    if not isinstance(document, dict) or not document:
        return insert(said, others, chance)
    key = json.dumps(chance.choice(list(document)))
    value = chance.choice((*_NUMBERS, *_TEXTS, *_WHOLE))
    return topic, f"{{{key}:{json.dumps(value)},".encode() + payload.lstrip()[1:]


def elsewhere(said: Said, others: Sequence[Said], chance: Random) -> Said:
    """It is said on another topic."""
    return chance.choice(others)[0], said[1]


def level(said: Said, others: Sequence[Said], chance: Random) -> Said:
    """A level of its topic is another, is not there, or comes twice."""
    del others
    levels = said[0].split("/")
    at = chance.randrange(len(levels))
    levels[at : at + 1] = chance.choice(
        ([chance.choice(_LEVELS)], [], [levels[at]] * 2, [levels[at], chance.choice(_LEVELS)])
    )
    return "/".join(levels), said[1]


def long_topic(said: Said, others: Sequence[Said], chance: Random) -> Said:
    """Its topic is as long as MQTT allows."""
    del others
    filling = chance.choice(("x", "/", "x/", "/x/y", "\U0001f6aa"))
    most = _LONGEST_TOPIC - len(said[0].encode())
    levels = said[0].split("/")
    at = chance.randrange(len(levels))
    levels[at] += filling * (most // len(filling.encode()))
    return "/".join(levels), said[1]


def far_too_long(said: Said, others: Sequence[Said], chance: Random) -> Said:
    """It says more than any device does."""
    del others
    topic, payload = said
    filling = chance.choice((b" ", b"x", b"[", b"9", b"\xff", b'{"a":', b","))
    return topic, payload + filling * (_TOO_LONG // len(filling))


MUTATIONS: tuple[tuple[Mutation, int], ...] = (
    *((flip, 12), (cut, 8), (insert, 8), (splice, 6), (swap, 30), (rename, 12), (twice, 6)),
    *((elsewhere, 8), (level, 8), (widen, 2), (nest, 2)),
)
RARE: tuple[Mutation, ...] = (long_topic, far_too_long)
"""Each costs as much as a hundred of the others."""
RARELY = 0.002

_CHOICES = [one for one, weight in MUTATIONS for _ in range(weight)]


def spoilt(said: Said, others: Sequence[Said], chance: Random) -> Said:
    """What somebody said, spoilt in one to three ways."""
    if chance.random() < RARELY:
        return chance.choice(RARE)(said, others, chance)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        said = chance.choice(_CHOICES)(said, others, chance)
    return said


def dated(said: Said, now: float) -> Said:
    """The same, said at another time, in the form in which a golden payload tells its own."""
    topic, payload = said
    iso = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").encode()
    payload = _EPOCH.sub(f"{now:.2f}".encode(), payload)
    return topic, _ISO.sub(iso.replace(b"+00:00", b"Z"), payload)


def _with(said: Said, chance: Random, change: Callable[[Any], Any]) -> Said:
    """The message with one node of its JSON changed; with another payload where it holds none."""
    topic, payload = said
    document = _json(payload)
    path = chance.choice(_nodes(document))[2]
    try:
        text = json.dumps(_changed(document, path, change), ensure_ascii=chance.random() < 0.5)
    except RecursionError:  # it was spoilt so before
        return said
    return topic, text.encode("utf-8", "surrogatepass")


def _json(payload: bytes) -> Any:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return None


def _nodes(document: Any, key: Any = None, path: tuple[Any, ...] = ()) -> list[Any]:
    """Key, value and path of everything in a document, itself included."""
    found: list[Any] = []
    waiting: list[Any] = [(key, document, path)]
    while waiting and len(found) < 500:
        one = waiting.pop()
        found.append(one)
        value, at = one[1], one[2]
        if isinstance(value, dict):
            waiting += [(k, v, (*at, k)) for k, v in value.items()]
        elif isinstance(value, list):
            waiting += [(n, v, (*at, n)) for n, v in enumerate(value[:20])]
    return found


def _changed(document: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    if not path:
        return change(document)
    copy = document.copy()
    copy[path[0]] = _changed(copy[path[0]], path[1:], change)
    return copy
