"""Payloads must stay what real devices say, byte for byte: hubs in the field are built on them."""

from pathlib import Path

import msgspec
import pytest

from contract import Kind, SensorEvent
from simulator.devices import Message, Stage
from simulator.devices.cast import Cast
from simulator.devices.voices import VOICES
from tests.simulator.devices.events import event

FOLDER = Path(__file__).parent / "golden"
GOLDEN = FOLDER / "payloads.jsonl"

EVENTS = [
    event("bathroom-pir", Kind.MOTION, "bathroom", 0.12),
    event("bathroom-pir", Kind.MOTION, "bathroom", 40),
    event("fridge-contact", Kind.OPENING, "fridge", 50, 1),
    event("fridge-contact", Kind.OPENING, "fridge", 58.5, 0),
    event("back-door-contact", Kind.OPENING, "back_door", 60, 1),
    event("bed-presence", Kind.PRESENCE, "bed", 100, 1),
    event("bathroom-presence", Kind.PRESENCE, "bathroom", 105, 1),
    event("lounge-temperature", Kind.TEMPERATURE, "lounge", 110, 19.4),
    event("lounge-temperature", Kind.HUMIDITY, "lounge", 110, 51.2),
    event("toilet-flush", Kind.FLUSH, "toilet", 120),
    event("hallway-radar", Kind.GAIT_SPEED, "hallway", 130, 0.71),
    event("pendant", Kind.BUTTON, "pendant", 140, 1),
    event("pendant", Kind.BUTTON, "pendant", 145, 0),
    event("fridge-contact", Kind.LINK, "fridge", 150, 1, battery=17),
    event("bathroom-pir", Kind.LINK, "bathroom", 160, 0),
    event("bathroom-pir", Kind.LINK, "bathroom", 170, 1),
    event("kettle-plug", Kind.APPLIANCE, "kettle", 300, 52.5, duration=75),
    event("bathroom-pir", Kind.MOTION, "bathroom", 400, battery=99),
]


def messages(events: list[SensorEvent]) -> list[Message]:
    def refuse(refused: SensorEvent, reason: str) -> None:
        raise AssertionError(f"{refused}: {reason}")

    return list(Stage(Cast(events), refuse).messages(events))


def written(message: Message) -> bytes:
    bare = not message.payload.startswith(b"{")
    line = {
        "topic": message.topic,
        "payload": message.payload.decode() if bare else msgspec.Raw(message.payload),
        "retain": message.retain,
    }
    return msgspec.json.encode(line)


def test_payloads_are_those_of_the_golden_file() -> None:
    assert [written(message) for message in messages(EVENTS)] == GOLDEN.read_bytes().splitlines()


@pytest.mark.parametrize("dialect", sorted(set(VOICES) - {"zigbee2mqtt"}))
def test_other_dialects_say_what_is_in_their_golden_file(dialect: str) -> None:
    stage = Stage(Cast(EVENTS), lambda _event, _reason: None, VOICES[dialect]())
    said = [written(message) for message in stage.messages(EVENTS)]
    assert said == (FOLDER / f"{dialect}.jsonl").read_bytes().splitlines()


def test_every_payload_is_json_with_the_time_of_the_device() -> None:
    for message in messages(EVENTS):
        said = msgspec.json.decode(message.payload)
        if message.topic.endswith("/availability"):
            assert said["state"] in {"online", "offline"}
        else:
            assert said["last_seen"].endswith("Z")
            assert list(said) == sorted(said)


def test_false_is_open_on_a_contact_which_joins_shut() -> None:
    said = [msgspec.json.decode(m.payload) for m in messages(EVENTS) if m.topic == "fridge-contact"]
    assert [one["contact"] for one in said if "contact" in one] == [True, False, True]


def test_only_availability_is_kept_by_the_broker() -> None:
    """A retained state would count as news to a hub that subscribes later."""
    retained = {message.topic for message in messages(EVENTS) if message.retain}
    assert retained == {"bathroom-pir/availability"}
