"""Faults must read and write each dialect as its devices do, or they spoil what nobody says."""

import msgspec
import pytest

from gateway.dialects import registry
from gateway.dialects.networks import Networks
from gateway.dialects.protocol import Signal
from simulator.devices import Message, Stage
from simulator.devices.cast import Cast
from simulator.devices.voices import VOICES, Under
from simulator.faults.words import (
    device_of,
    dialect_of,
    has_time,
    is_link,
    link,
    powerless,
    renamed,
    said_again,
    shifted,
    turned,
    with_battery,
)
from tests.gateway.dialects.golden import golden
from tests.simulator.faults.homes import START, a_life

LIFE = a_life(1, hours=6)
HUB = Networks([registry.DIALECTS[name](name) for name in VOICES])
DIALECTS = sorted(VOICES)
TIMED = ["plain", "shelly", "tasmota", "zigbee2mqtt"]


def said_in(dialect: str, *, under: bool = True) -> list[Message]:
    voice = VOICES[dialect]()
    stage = Stage(
        Cast(LIFE), lambda _event, _reason: None, Under(dialect, voice) if under else voice
    )
    return list(stage.messages(LIFE))


def readings(message: Message) -> dict[Signal, float]:
    decoded = HUB.decode(message.topic, message.payload)
    assert not decoded.problems
    return {one.signal: one.value for one in decoded.readings}


@pytest.mark.parametrize("under", [True, False], ids=["below its name", "alone"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_dialect_and_device_are_told_by_the_message(dialect: str, under: bool) -> None:
    for message in said_in(dialect, under=under):
        assert dialect_of(message) == dialect
        assert device_of(message) in {one.sensor for one in LIFE}
        assert not is_link(message)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_messages_of_real_devices_are_read_without_harm(dialect: str) -> None:
    for example in golden(dialect):
        topic = example.topic.replace("base/", f"{dialect}/", 1)
        message = Message(START, topic, example.payload)
        for edited in (shifted(message, 5), powerless(message), turned(message, wired=True)):
            assert edited is None or edited.topic == topic


@pytest.mark.parametrize("dialect", TIMED)
def test_a_clock_that_is_wrong_moves_the_time_that_a_hub_reads(dialect: str) -> None:
    for message in said_in(dialect):
        before = HUB.decode(message.topic, message.payload).readings[0].at
        moved = shifted(message, -3600)
        after = HUB.decode(moved.topic, moved.payload).readings[0].at
        assert (before is None) == (after is None) == (not has_time(message))
        if before is not None and after is not None:
            assert after == pytest.approx(before - 3600, abs=0.001)
        assert len(moved.payload) == len(message.payload)
        assert shifted(moved, 3600) == message


def test_a_dialect_without_times_has_none_to_be_wrong() -> None:
    for message in said_in("esphome"):
        assert not has_time(message)
        assert shifted(message, 60) == message


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_contact_turns_over_and_nothing_else_does(dialect: str) -> None:
    fridge = [one for one in said_in(dialect) if device_of(one) == "fridge-contact"]
    for message in fridge:
        opposite = turned(message, wired=True)
        assert opposite is not None
        (signal,) = readings(message).keys() - {Signal.LINK_QUALITY}
        assert readings(opposite)[signal] == 1 - readings(message)[signal]
        assert turned(opposite, wired=True) == message
    others = [one for one in said_in(dialect) if device_of(one) != "fridge-contact"]
    assert not any(turned(message) for message in others)


@pytest.mark.parametrize("dialect", ["esphome", "shelly", "tasmota", "zigbee2mqtt"])
def test_no_power_leaves_the_counter_alone(dialect: str) -> None:
    zeros = 0
    for message in said_in(dialect):
        none = powerless(message)
        told = readings(message)
        assert (none is None) == (Signal.POWER not in told)
        if none is not None:
            zeros += told[Signal.POWER] > 0
            assert readings(none) == told | {Signal.POWER: 0}
    assert zeros


@pytest.mark.parametrize("dialect", ["esphome", "plain", "shelly", "zigbee2mqtt"])
def test_a_battery_is_told_so_that_a_hub_hears_it_and_the_rest_stays(dialect: str) -> None:
    for message in said_in(dialect):
        told: dict[Signal, float] = {}
        for one in with_battery(message, 14, low=True):
            told |= readings(one)
        if "NotifyEvent" in message.payload.decode():  # a press bears no state of the device
            continue
        assert told.pop(Signal.BATTERY) == 14
        told.pop(Signal.BATTERY_LOW, None)
        assert told == readings(message)


def test_tasmota_devices_have_no_battery_to_tell_of() -> None:
    for message in said_in("tasmota"):
        assert with_battery(message, 14, low=True) == [message]


@pytest.mark.parametrize("online", [True, False])
@pytest.mark.parametrize("dialect", ["esphome", "shelly", "tasmota", "zigbee2mqtt"])
def test_a_link_is_told_as_the_dialect_tells_it(dialect: str, online: bool) -> None:
    message = said_in(dialect)[0]
    told = link(message, START, online=online)
    assert told is not None
    assert told.retain
    assert is_link(told)
    assert device_of(told) == device_of(message)
    assert readings(told) == {Signal.ONLINE: float(online)}


def test_plain_events_have_no_link() -> None:
    assert link(said_in("plain")[0], START, online=False) is None
    told = Message(START, "plain/pir", b'{"kind":"link","value":0}')
    assert is_link(told)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_another_name_is_all_that_changes(dialect: str) -> None:
    for message in said_in(dialect):
        other = renamed(message, "elsewhere")
        assert device_of(other) == "elsewhere"
        assert other.payload == message.payload
        assert readings(other) == readings(message)
        assert renamed(other, device_of(message)) == message


@pytest.mark.parametrize("dialect", DIALECTS)
def test_said_again_is_the_same_at_another_time(dialect: str) -> None:
    for message in said_in(dialect):
        again = said_again(message, message.t + 7)
        assert again.t == message.t + 7
        assert readings(again) == readings(message)


@pytest.mark.parametrize(
    "payload", [b"", b"\xff", b"[1]", b"null", b'{"last_seen":null}', b'{"contact":', b"online"]
)
def test_what_is_no_state_is_left_as_it_is(payload: bytes) -> None:
    message = Message(START, "odd", payload)
    assert shifted(message, 5) == message
    assert turned(message) is None
    assert powerless(message) is None


def test_times_keep_their_form() -> None:
    forms = ["2026-03-01T00:00:00Z", "2026-03-01T00:00:00.000Z", "2026-03-01T00:00:00+00:00"]
    for form in forms:
        payload = msgspec.json.encode({"last_seen": form, "occupancy": True})
        later = shifted(Message(START, "pir", payload), 5)
        assert msgspec.json.decode(later.payload)["last_seen"] == form.replace(
            "00:00:00", "00:00:05", 1
        )
