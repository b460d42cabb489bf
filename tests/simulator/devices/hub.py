"""A hub's own ears on what devices say: its dialect and normaliser, no broker, no journal."""

from collections.abc import Iterable

import msgspec

from contract import SensorEvent
from gateway.dialects.zigbee2mqtt import Zigbee2Mqtt
from gateway.normaliser import Heard, Normaliser
from gateway.settings import Sensor
from simulator.devices import Message, Stage
from simulator.devices.cast import Cast
from simulator.hub_settings import sensor_of

_LATER = 4e9


def hear(home: str, cast: Cast, messages: Iterable[Message]) -> list[SensorEvent]:
    """What a hub with settings for this cast takes the messages to mean."""
    sensors = [msgspec.convert(sensor_of(part), Sensor) for part in cast.parts.values()]
    normaliser, dialect, heard = Normaliser(home, sensors), Zigbee2Mqtt(), Heard()
    for message in messages:
        decoded = dialect.decode(f"zigbee2mqtt/{message.topic}", message.payload)
        assert not decoded.problems, decoded.problems
        assert decoded.readings, f"a hub finds nothing in {message.payload!r}"
        normaliser.hear(decoded.readings, message.t, heard)
    normaliser.tick(_LATER, heard)
    assert not heard.counts, f"a hub finds something odd: {heard.counts}"
    return heard.events


def told_and_heard(events: list[SensorEvent]) -> list[SensorEvent]:
    """Events of one home, through its devices, to a hub. All of them must be tellable."""
    cast = Cast(events)
    refused: list[str] = []
    stage = Stage(cast, lambda _, reason: refused.append(reason))
    heard = hear(events[0].home if events else "none", cast, stage.messages(events))
    assert not refused, refused
    return heard


def essence(events: Iterable[SensorEvent]) -> list[tuple[object, ...]]:
    """What must survive the way, in an order of its own."""
    return sorted(
        (e.at.timestamp(), e.sensor, e.kind, e.place, e.value, e.duration or 0.0) for e in events
    )
