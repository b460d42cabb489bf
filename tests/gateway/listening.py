"""A home that is listened to, and what its devices say."""

import json
from typing import Any

from gateway.dialects.network import Network
from gateway.dialects.networks import spoken_in
from gateway.dialects.zigbee2mqtt import Zigbee2Mqtt
from gateway.engine import Watermark
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.message import Message
from gateway.journal import Intake
from gateway.normaliser import Normaliser
from gateway.settings import Sensor
from tests.gateway.events import START, at

SENSORS = (
    Sensor(name="bathroom-pir", kind="motion", place="bathroom"),
    Sensor(name="front-door", kind="opening", place="front_door"),
    Sensor(name="kettle", kind="appliance", place="kettle"),
    Sensor(name="pendant", kind="button", place="pendant"),
)


def listener(past: Past | None = None, *, live: bool = True, shut: bool = True) -> Hearing:
    """The ears of a home; unless said otherwise it is known that the front door is shut."""
    one = Hearing(
        Zigbee2Mqtt(),
        Normaliser("h1", SENSORS),
        Watermark(),
        past or Past(),
        follows_wall_clock=live,
    )
    if shut:
        one.hear([message("front-door", {"contact": True}, retain=True)])
    return one


def message(
    device: str,
    said: dict[str, Any] | bytes,
    received: float = 0.0,
    *,
    mid: int = 0,
    dup: bool = False,
    retain: bool = False,
) -> Message:
    payload = said if isinstance(said, bytes) else json.dumps(said).encode()
    return Message(f"zigbee2mqtt/{device}", payload, mid, dup, retain, START + received)


def seen(hours: float) -> str:
    return at(hours).isoformat().replace("+00:00", "Z")


MOVED = {"occupancy": True}
STILL = {"occupancy": False}


SEVERAL = (
    Sensor(name="heater", kind="appliance", place="lounge"),
    Sensor(name="oven", device="heaters/switch:1", kind="appliance", place="kitchen"),
    Sensor(name="door", device="3c:2e:f5:71:d5:2a", kind="opening", place="front_door"),
    Sensor(name="hall", kind="motion", place="hallway"),
    Sensor(name="kettle", kind="appliance", place="kettle"),
    Sensor(name="pendant", kind="button", place="pendant"),
)


def of_any_dialect(*said: tuple[str, str, bool]) -> Intake:
    dialects = ("shelly", "tasmota", "esphome", "plain")
    hearing = Hearing(
        spoken_in([Network(dialect=one) for one in dialects]),
        Normaliser("h1", SEVERAL),
        Watermark(),
        Past(),
        follows_wall_clock=True,
    )
    return hearing.hear(
        Message(topic, payload.encode(), 0, False, retain, START + 5)
        for topic, payload, retain in said
    )
