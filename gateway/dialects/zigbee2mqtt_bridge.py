"""What Zigbee2MQTT says of itself: whether it runs, which devices it has, what they are called.

`bridge/state` is a bare word in version 1 and an object in version 2; `bridge/devices` is left with
the broker and told anew when a device joins, leaves or is renamed; a rename is answered on
`bridge/response/device/rename`, which the list may follow or go before, and by releases before 1.17
on `bridge/log`.
"""

from collections.abc import Iterator
from typing import Any, TypeGuard

from gateway.dialects.fields import (
    FieldError,
    Gathering,
    json_list,
    json_object,
    nothing,
    one_of,
    shown,
    word,
)
from gateway.dialects.news import LONGEST_NAME, Bridge, Described, Listed, Met, Renamed
from gateway.dialects.protocol import Decoded, DialectError, Ignored, Why

NAME = "bridge"
DEVICES = "bridge/devices"
_RENAMED = "response/device/rename"
_OWN = frozenset({"state", "info", "devices", "groups", "logging", "log", "event", "health"})
_STATES = {"online": 1.0, "offline": 0.0}
_POWER = {"Battery": "battery"}  # the other words name kinds of mains
_COORDINATOR = "Coordinator"
_MOST_FIELDS = 64
_DEEPEST = 4  # a switch's features within a composite within a list


def base_of(topic: str) -> str | None:
    """The base topic of a bridge that said something of itself."""
    levels = topic.split("/")
    if len(levels) > 2 and levels[-2] == NAME and levels[-1] in _OWN:  # noqa: PLR2004 - a base too
        return "/".join(levels[:-2])
    return None


def decode(network: str, topic: str, payload: bytes) -> Decoded:
    """Reads one message of the bridge's own.

    Args:
        network: The base topic.
        topic: What stands behind `bridge/`.
        payload: As it came.

    Raises:
        DialectError: It is not what its topic promises.
    """
    if topic == "state":
        return Decoded([], [], (Bridge(network, online=bool(state(payload))),))
    if topic == "devices":
        return _devices(network, json_list(payload))
    if topic == _RENAMED:
        return _renamed(network, json_object(payload))
    if topic == "event":
        return _event(network, json_object(payload))
    if topic == "log":
        return _log(network, json_object(payload))
    return nothing(Ignored.LOG if topic == "logging" else Ignored.BRIDGE)


def state(payload: bytes) -> float:
    """1 online, 0 offline, of a device as of the bridge; in the form of version 1 or 2.

    Raises:
        DialectError: It is neither.
    """
    said: Any = word(payload)
    if said not in _STATES:
        said = json_object(payload).get("state")
    try:
        return one_of(_STATES)(said)
    except FieldError as error:
        raise DialectError(f"state {error}", error.why) from error


def _devices(network: str, listed: list[Any]) -> Decoded:
    found, devices = Gathering(), list[Described]()
    for one in listed:
        if isinstance(one, dict) and one.get("type") == _COORDINATOR:
            continue
        described = _described(one)
        if described is None:
            found.complain(f"a device must have ieee_address and friendly_name, not {shown(one)}")
        else:
            devices.append(described)
    return found.decoded(Listed(network, tuple(devices)))


def _renamed(network: str, answer: dict[str, Any]) -> Decoded:
    if answer.get("status") != "ok":
        return nothing(Ignored.BRIDGE)
    data = answer.get("data")
    old, new = (data.get("from"), data.get("to")) if isinstance(data, dict) else (None, None)
    if not _is_name(old) or not _is_name(new):
        raise DialectError("a rename must tell from and to, both names", Why.WRONG_TYPE)
    return Decoded([], [], (Renamed(network, old, new),))


def _log(network: str, entry: dict[str, Any]) -> Decoded:
    """The log of version 1, in which its older releases tell a rename, and there alone."""
    said = entry.get("message")
    old, new = (said.get("from"), said.get("to")) if isinstance(said, dict) else (None, None)
    if entry.get("type") == "device_renamed" and _is_name(old) and _is_name(new):
        return Decoded([], [], (Renamed(network, old, new),))
    return nothing(Ignored.LOG)


def _event(network: str, event: dict[str, Any]) -> Decoded:
    """A device joined, or was asked what it is: its address, and the name that it got."""
    described = _described(event.get("data"))
    if described is None or event.get("type") == "device_leave":
        return nothing(Ignored.BRIDGE)
    return Decoded([], [], (Met(network, described),), Ignored.BRIDGE)


def _described(said: Any) -> Described | None:
    if not isinstance(said, dict):
        return None
    address, name = said.get("ieee_address"), said.get("friendly_name")
    if not _is_name(address) or not _is_name(name):
        return None
    definition = said.get("definition")
    definition = definition if isinstance(definition, dict) else {}
    power = said.get("power_source")
    return Described(
        address=address,
        name=name,
        model=_text(definition.get("model")) or _text(said.get("model_id")),
        vendor=_text(definition.get("vendor")) or _text(said.get("manufacturer")),
        power=_POWER.get(power, "mains") if isinstance(power, str) and power else "",
        tells=tuple(dict.fromkeys(_fields(definition.get("exposes"), _DEEPEST)))[:_MOST_FIELDS],
    )


def _fields(exposes: Any, depth: int) -> Iterator[str]:
    """The names of all that a device exposes, also within what is made of several."""
    if not isinstance(exposes, list) or depth == 0:
        return
    for one in exposes:
        if not isinstance(one, dict):
            continue
        if name := _text(one.get("property")) or _text(one.get("name")):
            yield name
        yield from _fields(one.get("features"), depth - 1)


def _is_name(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME


def _text(value: Any) -> str:
    return value[:LONGEST_NAME] if isinstance(value, str) else ""
