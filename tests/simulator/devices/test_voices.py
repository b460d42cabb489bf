"""What a dialect cannot say is said to be so, and counted; what it says is what it is set to."""

import msgspec
import pytest

from contract import Kind, SensorEvent
from gateway.dialects.registry import DIALECTS
from simulator.devices import Said, Stage
from simulator.devices.cast import Cast
from simulator.devices.protocol import UntellableError
from simulator.devices.voices import VOICES, Under
from simulator.devices.voices.tasmota import Tasmota
from tests.simulator.devices.events import START, event
from tests.simulator.devices.hub import told_by


def test_made_up_devices_speak_every_dialect_that_a_hub_knows() -> None:
    assert list(VOICES) == list(DIALECTS)


def refusals(dialect: str, events: list[SensorEvent]) -> list[str]:
    reasons: list[str] = []
    stage = Stage(Cast(events), lambda _, why: reasons.append(why), VOICES[dialect]())
    messages = list(stage.messages(events))
    assert not messages
    return reasons


@pytest.mark.parametrize(
    ("dialect", "one", "says"),
    [
        ("shelly", event("pendant", Kind.BUTTON, "pendant", 1, 0), "Shelly has no word for cancel"),
        ("tasmota", event("pendant", Kind.BUTTON, "pendant", 1, 0), "no word for cancel"),
        ("tasmota", event("radar", Kind.GAIT_SPEED, "hallway", 1, 0.7), "no word for gait_speed"),
        ("tasmota", event("pir", Kind.LINK, "hallway", 1, 1, battery=9), "for a battery's level"),
        ("esphome", event("hall/pir", Kind.MOTION, "hallway", 1), "cannot call 'hall/pir'"),
    ],
)
def test_an_event_without_a_word_for_it_is_refused_with_the_reason(
    dialect: str, one: SensorEvent, says: str
) -> None:
    (reason,) = refusals(dialect, [one])
    assert says in reason


@pytest.mark.parametrize("dialect", VOICES)
def test_what_no_dialect_knows_is_refused_by_each(dialect: str) -> None:
    with pytest.raises(UntellableError):
        VOICES[dialect]().say(Said(START, "nose", "smell", {"smell": 3}))


def test_a_tasmota_that_was_left_as_it_came_is_dated_when_it_is_heard() -> None:
    events = [event("hallway-pir", Kind.MOTION, "hallway", t) for t in (0.25, 900.75)]
    heard, refused = told_by(events, Under("tasmota", Tasmota(offset=False)))
    assert [one.at for one in heard] == [one.at for one in events]
    assert not refused
    (message,) = Tasmota(offset=False).say(Said(START, "a", Kind.MOTION, {"occupancy": 1}))
    assert msgspec.json.decode(message.payload)["Time"] == "2026-03-01T00:00:00"


def test_a_battery_is_told_with_an_event_where_the_dialect_has_room_for_both() -> None:
    events = [event("hallway-pir", Kind.MOTION, "hallway", 1, battery=42)]
    for dialect in ("zigbee2mqtt", "shelly", "plain"):
        heard, _ = told_by(events, Under(dialect, VOICES[dialect]()))
        assert [one.battery for one in heard] == [42]


def test_a_battery_alone_is_told_where_there_are_batteries() -> None:
    events = [event("hallway-pir", Kind.LINK, "hallway", 1, battery=17)]
    for dialect in ("zigbee2mqtt", "shelly", "esphome", "plain"):
        heard, _ = told_by(events, Under(dialect, VOICES[dialect]()))
        assert [(one.kind, one.battery) for one in heard] == [(Kind.LINK, 17)]


def test_going_out_of_reach_and_coming_back_is_told_in_every_dialect() -> None:
    events = [event("hallway-pir", Kind.LINK, "hallway", t, value) for t, value in ((1, 0), (9, 1))]
    for dialect in VOICES:
        heard, _ = told_by(events, Under(dialect, VOICES[dialect]()))
        assert [one.value for one in heard] == [0, 1]
