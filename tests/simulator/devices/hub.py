"""A hub's own ears on what devices say: its dialects and normaliser, no broker, no journal."""

from collections.abc import Iterable, Mapping

import msgspec

from contract import SensorEvent
from gateway.dialects.network import Network
from gateway.dialects.networks import spoken_in
from gateway.dialects.protocol import by_device
from gateway.normaliser import Heard, Normaliser
from gateway.settings import Sensor
from simulator.devices import Message, Stage
from simulator.devices.cast import Cast
from simulator.devices.voices import VOICES, Under, Voice
from simulator.hub_settings import sensor_of

_LATER = 4e9


def hear(
    home: str, cast: Cast, messages: Iterable[Message], *, base: str = "zigbee2mqtt"
) -> list[SensorEvent]:
    """What a hub with settings for this cast takes the messages to mean.

    It listens to every dialect below the dialect's name. What bears no time, it dates by the time
    of the message.
    """
    sensors = [msgspec.convert(sensor_of(part), Sensor) for part in cast.parts.values()]
    normaliser, heard = Normaliser(home, sensors), Heard()
    dialect = spoken_in(Network(dialect=name) for name in VOICES)
    for message in messages:
        topic = f"{base}/{message.topic}" if base else message.topic
        decoded = dialect.decode(topic, message.payload)
        assert not decoded.problems, decoded.problems
        assert decoded.readings, f"a hub finds nothing in {message.payload!r}"
        for readings in by_device(decoded.readings):
            normaliser.hear(readings, message.t, heard)
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


def told_by(
    events: list[SensorEvent], voice: Voice | Mapping[str, Voice]
) -> tuple[list[SensorEvent], list[SensorEvent]]:
    """Events of one home, in another voice, to a hub: what it hears, and what could not be told.

    The voice speaks below the name of its dialect.
    """
    cast = Cast(events)
    refused: list[SensorEvent] = []
    messages = Stage(cast, lambda event, _: refused.append(event), voice).messages(events)
    return hear(events[0].home if events else "none", cast, messages, base=""), refused


def below_its_name(dialect: str) -> Voice:
    """The voice of a dialect, as a home with several has it."""
    return Under(dialect, VOICES[dialect]())


def essence(events: Iterable[SensorEvent]) -> list[tuple[object, ...]]:
    """What must survive the way, in an order of its own."""
    return sorted(
        (e.at.timestamp(), e.sensor, e.kind, e.place, e.value, e.duration or 0.0) for e in events
    )
