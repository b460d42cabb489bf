"""The settings file for a hub that is to hear a home as its devices will speak here."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contract import Kind
from detectors.profile import SensorRole
from simulator.devices.cast import Part

Value = str | int | float

_ON_W, _OFF_W, _GAP_S, _DEBOUNCE_S = 500.0, 100.0, 90.0, 1.0  # a hub's own
_TWO_STATES = frozenset({Kind.OPENING, Kind.PRESENCE})


@dataclass(frozen=True, kw_only=True)
class HubFor:
    """What a hub must know besides its sensors.

    Attributes:
        data: The hub's folder.
        centre: The centre's address, where it has one.
        dialect, base_topic: What the devices speak, and where.
        networks: Further ones: dialect and base topic of each.
        clock: `events` where time is played faster than it passes, else `wall`.
    """

    home: str
    hub: str
    data: str
    host: str
    port: int
    dialect: str = "zigbee2mqtt"
    base_topic: str = "zigbee2mqtt"
    networks: tuple[tuple[str, str], ...] = ()
    username: str | None = None
    password_file: str | None = None
    centre: str | None = None
    time_zone: str = "Europe/London"
    people: int = 1
    clock: str = "events"


def hub_settings(hub: HubFor, sensors: Iterable[dict[str, Value]]) -> str:
    """The file, in TOML."""
    broker: dict[str, Value | None] = {
        "host": hub.host,
        "port": hub.port,
        "username": hub.username,
        "password_file": hub.password_file,
        "dialect": hub.dialect,
        "base_topic": hub.base_topic,
    }
    named: dict[str, Value] = {
        "id": hub.hub,
        "home": hub.home,
        "time_zone": hub.time_zone,
        "people": hub.people,
        "data": hub.data,
    }
    tables = [_table("[hub]", named), _table("[broker]", broker)]
    if hub.centre is not None:
        tables.append(_table("[centre]", {"url": hub.centre}))
    tables.append(_table("[clock]", {"source": hub.clock}))
    tables += [
        _table("[[networks]]", {"dialect": dialect, "base_topic": base})
        for dialect, base in hub.networks
    ]
    tables += [_table("[[sensors]]", sensor) for sensor in sensors]
    return "\n".join(tables)


def sensor_of(part: Part) -> dict[str, Value]:
    """How a hub must listen to one part of a recording so that it hears each event once.

    Only what differs from a hub's own defaults is set.
    """
    sensor: dict[str, Value] = {"name": part.sensor, "kind": part.kind, "place": part.place}
    if part.kind in _TWO_STATES:
        if not part.both:
            sensor |= {"edges": "rising", "debounce_s": 0.0}
        elif part.shortest_s <= _DEBOUNCE_S:
            sensor["debounce_s"] = 0.0
    if part.kind == Kind.APPLIANCE:
        if part.weakest_w < _ON_W / 0.9:  # readings are means; keep well below them
            on_w = round(0.8 * part.weakest_w, 3)
            sensor |= {"on_w": on_w, "off_w": min(_OFF_W, round(on_w / 2, 3))}
        if part.shortest_s < _GAP_S:
            sensor["gap_s"] = round(max(part.shortest_s, 0.0) / 2, 1)
    return sensor


def sensor_as_fitted(role: SensorRole) -> dict[str, Value]:
    """A sensor of a made-up home, to which a hub listens as to any other."""
    return {"name": role.sensor, "kind": role.kind, "place": role.place}


def _table(heading: str, entries: Mapping[str, Value | None]) -> str:
    # A JSON string is a TOML basic string: TOML knows every escape that JSON writes.
    lines = [f"{key} = {json.dumps(value)}" for key, value in entries.items() if value is not None]
    return "\n".join([heading, *lines, ""])
