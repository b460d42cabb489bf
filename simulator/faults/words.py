"""Reads and edits what devices say, in whichever dialect: the few words that faults distort.

The dialect is told by the topic, which begins with the dialect's name where a home mixes them, else
by its shape. A device is what has a topic, or a topic prefix, of its own. Whatever a fault does not
touch keeps its order and its form, so that no edit shows.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from simulator.devices.message import Message

Edit = Callable[[Any], Any]

ZIGBEE2MQTT, SHELLY, TASMOTA, ESPHOME, PLAIN = (
    "zigbee2mqtt",
    "shelly",
    "tasmota",
    "esphome",
    "plain",
)

DIALECTS = frozenset({ZIGBEE2MQTT, SHELLY, TASMOTA, ESPHOME, PLAIN})

_TIMES = {ZIGBEE2MQTT: {"last_seen"}, SHELLY: {"ts"}, TASMOTA: {"Time"}, PLAIN: {"at"}}
_CONTACTS = {
    ZIGBEE2MQTT: {"contact"},
    SHELLY: {"door", "window"},
}
_WIRES = {SHELLY: {"state"}, TASMOTA: {"Switch1"}}
_POWERS = {
    ZIGBEE2MQTT: {"current", "power"},
    SHELLY: {"apower", "current"},
    TASMOTA: {"Current", "Power"},
}
_HAPPENINGS = frozenset({"appliance", "button", "flush", "motion"})
_OPPOSITE = {"ON": "OFF", "OFF": "ON"}
_DOORS = ("door", "window", "contact", "opening")
_AVAILABILITY = "/availability"
_LINKS = {ZIGBEE2MQTT: "availability", SHELLY: "online", TASMOTA: "LWT", ESPHOME: "status"}
_ESPHOME_LEVELS = 4  # <node>/<sort>/<object id>/state
_SAYING_LEVELS = 3  # tele/<device>/SENSOR, <device>/status/<component>


class _Topic(NamedTuple):
    """What a topic tells: base with its slash, where it has one; dialect; levels below the base."""

    base: str
    dialect: str
    levels: list[str]


def _topic(message: Message) -> _Topic:
    first, _, rest = message.topic.partition("/")
    named = rest != "" and first in DIALECTS
    base, levels = (f"{first}/", rest.split("/")) if named else ("", message.topic.split("/"))
    return _Topic(base, first if named else _dialect(levels, message), levels)


def _dialect(levels: list[str], message: Message) -> str:
    if levels[0] in {"tele", "stat"} and len(levels) == _SAYING_LEVELS:
        return TASMOTA
    if levels[1:] in (["events", "rpc"], ["online"]) or levels[1:-1] == ["status"]:
        return SHELLY
    if levels[1:] == ["status"] or (levels[-1] == "state" and len(levels) == _ESPHOME_LEVELS):
        return ESPHOME
    document = _document(message)
    return PLAIN if "kind" in document and "value" in document else ZIGBEE2MQTT


def dialect_of(message: Message) -> str:
    """Which dialect the message is in."""
    return _topic(message).dialect


def device_of(message: Message) -> str:
    """Which device the message is about."""
    _, dialect, levels = _topic(message)
    if dialect in {SHELLY, ESPHOME}:
        return levels[0]
    if dialect == TASMOTA:
        return levels[1]
    return "/".join(levels).removesuffix(_AVAILABILITY)


def is_link(message: Message) -> bool:
    """Whether it tells no more than that the device can be reached, or not."""
    _, dialect, levels = _topic(message)
    if dialect == PLAIN:
        return _document(message).get("kind") == "link"
    return len(levels) > 1 and levels[-1] == _LINKS[dialect]


def is_action(message: Message) -> bool:
    """Whether it tells what happened, such as a press, and no state that could be told again."""
    _, dialect, levels = _topic(message)
    if dialect == ESPHOME:
        return levels[1] == "event"
    if dialect == TASMOTA:
        return levels[0] == "stat"
    document = _document(message)
    if dialect == SHELLY:
        return document.get("method") == "NotifyEvent"
    if dialect == PLAIN:
        return document.get("kind") in _HAPPENINGS
    return bool(document.get("action"))


def link(like: Message, t: float, *, online: bool) -> Message | None:
    """What tells that the device of another message can be reached, or not; kept by the broker."""
    base, dialect, _ = _topic(like)
    device = device_of(like)
    words = {
        ZIGBEE2MQTT: (f"{device}/availability", '{"state":"online"}', '{"state":"offline"}'),
        SHELLY: (f"{device}/online", "true", "false"),
        TASMOTA: (f"tele/{device}/LWT", "Online", "Offline"),
        ESPHOME: (f"{device}/status", "online", "offline"),
    }.get(dialect)
    if words is None:
        return None
    topic, up, down = words
    return Message(t, f"{base}{topic}", (up if online else down).encode(), retain=True)


def renamed(message: Message, device: str) -> Message:
    """The same words under another device's name."""
    base, dialect, levels = _topic(message)
    if dialect == TASMOTA:
        topic = "/".join([levels[0], device, *levels[2:]])
    else:
        topic = device + "/".join(levels).removeprefix(device_of(message))
    return message._replace(topic=base + topic)


def has_time(message: Message) -> bool:
    """Whether the message bears the device's own time."""
    keys = _TIMES.get(dialect_of(message), set())
    return bool(keys) and _edited(message, dict.fromkeys(keys, _same)) is not None


def shifted(message: Message, seconds: float) -> Message:
    """The message with the device's own time moved, where it bears one."""
    keys = _TIMES.get(dialect_of(message), set())
    return _edited(message, dict.fromkeys(keys, lambda at: _moved(at, seconds))) or message


def said_again(message: Message, t: float) -> Message:
    """The same state, told anew at `t`, with a time of its own where it bears one."""
    return shifted(message, t - message.t)._replace(t=t)


def turned(message: Message, *, wired: bool = False) -> Message | None:
    """The opposite state of a contact; None where the message tells of none.

    Args:
        message: What a device says.
        wired: Whether a wire, of which a Shelly or a Tasmota does not tell what it leads to, leads
            to a contact.
    """
    _, dialect, levels = _topic(message)
    if is_link(message):
        return None
    if dialect == ESPHOME:
        word, name = message.payload.decode("utf-8", "replace"), levels[2]
        if word not in _OPPOSITE or not name.endswith(_DOORS):
            return None
        return message._replace(payload=_OPPOSITE[word].encode())
    if dialect == PLAIN:
        if _document(message).get("kind") != "opening":
            return None
        return _edited(message, {"value": _turn})
    keys = _CONTACTS.get(dialect, set()) | (_WIRES.get(dialect, set()) if wired else set())
    return _edited(message, dict.fromkeys(keys, _turn))


def powerless(message: Message) -> Message | None:
    """The message with no power drawn; None where it tells of none."""
    _, dialect, levels = _topic(message)
    if dialect == ESPHOME:
        is_power = levels[1] == "sensor" and levels[2].endswith("power")
        return message._replace(payload=b"0.0") if is_power else None
    return _edited(message, dict.fromkeys(_POWERS.get(dialect, ()), _none))


def with_battery(message: Message, level: int, *, low: bool) -> list[Message]:
    """The message, telling of the battery as well, or followed by one that does."""
    base, dialect, levels = _topic(message)
    if is_link(message) or dialect == TASMOTA:
        return [message]
    if dialect == ESPHOME:
        stem = levels[2].rpartition("_")[0]
        topic = f"{base}{levels[0]}/sensor/{f'{stem}_' if stem else ''}battery_level/state"
        return [message, message._replace(topic=topic, payload=str(level).encode())]
    if dialect == SHELLY:
        return _shelly_battery(message, level)
    document = _document(message) | {"battery": level}
    if dialect == ZIGBEE2MQTT:
        document = dict(sorted((document | {"battery_low": low}).items()))
    return [message._replace(payload=msgspec.json.encode(document))]


def _shelly_battery(message: Message, level: int) -> list[Message]:
    """Within a Bluetooth sensor's own message; from others as a component of theirs."""
    if (told := _edited(message, {"battery": lambda _: level})) is not None:
        return [told]
    document = _document(message)
    params = document.get("params")
    if not isinstance(params, dict) or "events" in params:
        return [message]
    state = {"id": 0, "battery": {"percent": level}}
    frame = document | {"params": {"ts": params.get("ts", message.t), "devicepower:0": state}}
    return [message, message._replace(payload=msgspec.json.encode(frame))]


def _document(message: Message) -> dict[str, Any]:
    try:
        document = msgspec.json.decode(message.payload)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return document if isinstance(document, dict) else {}


def _edited(message: Message, edits: dict[str, Edit]) -> Message | None:
    """The message with some fields changed, however deep; None where it has none of them."""
    found = False

    def walk(part: Any) -> Any:
        nonlocal found
        if isinstance(part, list):
            return [walk(one) for one in part]
        if not isinstance(part, dict):
            return part
        changed = {}
        for key, value in part.items():
            edit = None if isinstance(value, dict | list) or value is None else edits.get(key)
            found = found or edit is not None
            changed[key] = edit(value) if edit is not None else walk(value)
        return changed

    document = walk(_document(message))
    return message._replace(payload=msgspec.json.encode(document)) if found else None


def _same(value: Any) -> Any:
    return value


def _none(value: Any) -> Any:
    return type(value)(0) if isinstance(value, int | float) else value


def _turn(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return _OPPOSITE.get(value, value)
    return type(value)(1 - value)


def _moved(at: Any, seconds: float) -> Any:
    """A time in the form it had: ISO 8601 with `Z`, an offset or neither, seconds, or ms."""
    if isinstance(at, str):
        moment = datetime.fromisoformat(at) + timedelta(milliseconds=round(seconds * 1000))
        fine = "milliseconds" if "." in at else "seconds"
        text = moment.isoformat(timespec=fine)
        return text.replace("+00:00", "Z") if at.endswith("Z") else text
    if isinstance(at, int) and at > _MILLISECONDS:
        return at + round(seconds * 1000)
    return round(at + seconds, 3)


_MILLISECONDS = 100_000_000_000  # as seconds, the year 5138; as milliseconds, 1973
