"""Homes for tests of faults: what their devices say, and a hub that hears it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import msgspec

from contract import Kind, Quality, SensorEvent
from gateway.dialects.networks import Networks
from gateway.dialects.registry import DIALECTS
from gateway.engine import Watermark
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.message import Message as Delivered
from gateway.journal.intake import Intake
from gateway.normaliser import Normaliser
from gateway.settings import Sensor
from simulator.devices import Message, Stage
from simulator.devices.cast import Cast
from simulator.devices.voices import VOICES, Under
from simulator.faults import Fault, apply
from simulator.living.chance import Chance
from tests.simulator.devices.events import START, event

Essence = tuple[float, str, str, float, float]
"""Time, sensor, kind, value and duration."""

HOUR = 3600.0
DAY = 24 * HOUR

_SENSORS = [
    ("hallway-pir", Kind.MOTION, "hallway"),
    ("bathroom-pir", Kind.MOTION, "bathroom"),
    ("fridge-contact", Kind.OPENING, "fridge"),
    ("bed-presence", Kind.PRESENCE, "bed"),
    ("kettle-plug", Kind.APPLIANCE, "kettle"),
    ("lounge-temperature", Kind.TEMPERATURE, "lounge"),
    ("pendant", Kind.BUTTON, "pendant"),
]


def a_life(seed: int, hours: int = 48) -> list[SensorEvent]:
    """Events of a home in which something happens every few minutes."""
    chance = Chance.of(seed)
    events: list[SensorEvent] = []
    open_until = in_bed_until = kettle_free = 0.0
    t = 600.0
    while t < hours * HOUR:
        t = round(t + 5 + chance.wait(240), 3)
        room = chance.pick([("hallway", 1.0), ("bathroom", 1.0)])
        events.append(event(f"{room}-pir", Kind.MOTION, room, t))
        if t > open_until and chance.happens(0.2):
            open_until = round(t + chance.between(3, 90), 3)
            events.append(event("fridge-contact", Kind.OPENING, "fridge", round(t + 1, 3), 1))
            events.append(event("fridge-contact", Kind.OPENING, "fridge", open_until, 0))
            open_until += 10
        if t > in_bed_until and chance.happens(0.05):
            in_bed_until = round(t + chance.between(1800, 20_000), 3)
            events.append(event("bed-presence", Kind.PRESENCE, "bed", round(t + 2, 3), 1))
            events.append(event("bed-presence", Kind.PRESENCE, "bed", in_bed_until, 0))
            in_bed_until += 10
        if t > kettle_free and chance.happens(0.1):
            end, seconds = round(t + 200, 3), 40.0 + round(chance.between(0, 120))
            wh = round(2700 * seconds / 3600, 1)
            boil = event("kettle-plug", Kind.APPLIANCE, "kettle", end, wh, duration=seconds)
            events.append(boil)
            kettle_free = end + 400
        if chance.happens(0.02):
            events.append(event("pendant", Kind.BUTTON, "pendant", round(t + 3, 3), 1))
    celsius = [round(19 + (n * 7 % 30) / 10, 1) for n in range(hours * 4)]
    events += [
        event("lounge-temperature", Kind.TEMPERATURE, "lounge", 900.0 * (n + 1), value)
        for n, value in enumerate(celsius)
    ]
    return sorted(events, key=lambda one: one.at)


def messages_of(events: Sequence[SensorEvent], dialect: str = "zigbee2mqtt") -> list[Message]:
    """What the home's devices say; in Zigbee2MQTT without its name before the topic."""
    voice = VOICES[dialect]()
    spoken = voice if dialect == "zigbee2mqtt" else Under(dialect, voice)

    def refuse(one: SensorEvent, reason: str) -> None:
        raise AssertionError(f"{one}: {reason}")

    return list(Stage(Cast(events), refuse, spoken).messages(events))


def spoiled(messages: Iterable[Message], *faults: Fault, seed: int = 1) -> list[Message]:
    """What reaches the hub."""
    return list(apply(iter(messages), faults, Chance.of(seed)))


class Ears:
    """A hub with its own dialects, normaliser and rules of time, without broker and journal.

    Args:
        messages: With the dialect's name before the topic, or in Zigbee2MQTT.
        marked: Which come with the broker's mark for what it kept, as on a new subscription; a hub
            that was subscribed already gets it without.

    Attributes:
        events: All that it journals.
        counts: What it counts.
    """

    def __init__(
        self, messages: Iterable[Message], *, marked: Callable[[Message], bool] = lambda _: False
    ) -> None:
        fields = [{"name": n, "kind": str(k), "place": p} for n, k, p in _SENSORS]
        sensors = [msgspec.convert(one, Sensor) for one in fields]
        hearing = Hearing(
            Networks([DIALECTS[name](name) for name in VOICES]),
            Normaliser("h1", sensors),
            Watermark(lag_s=150),
            Past(),
            follows_wall_clock=True,
        )
        self.events: list[SensorEvent] = []
        self.counts: Counter[str] = Counter()
        t = START
        for message in messages:
            t = message.t
            named = message.topic.split("/")[0] in VOICES
            topic = message.topic if named else f"zigbee2mqtt/{message.topic}"
            delivered = Delivered(topic, message.payload, 0, False, marked(message), t)
            self._note(hearing.tick(t))
            self._note(hearing.hear([delivered]))
        self._note(hearing.tick(t + DAY))

    def _note(self, intake: Intake) -> None:
        self.events += intake.events
        self.counts += intake.counts

    def detected(self, *without: str) -> list[Essence]:
        """What it detects upon, in an order of its own; without some kinds, or batteries."""
        return sorted(
            essence(one)
            for one in self.events
            if one.quality == Quality.OK and one.kind not in without
        )


def essence(one: SensorEvent) -> Essence:
    """What must survive: all but the battery's level."""
    return (one.at.timestamp(), one.sensor, one.kind, one.value, one.duration or 0.0)


__all__ = ["DAY", "HOUR", "START", "Ears", "a_life", "essence", "messages_of", "spoiled"]
