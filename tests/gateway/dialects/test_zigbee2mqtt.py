"""What real devices say through Zigbee2MQTT is understood; what cannot be, is said why."""

import json
from typing import Any

import pytest

from gateway.dialects.protocol import Decoded, DialectError, Ignored, Reading
from gateway.dialects.registry import DIALECTS
from gateway.dialects.zigbee2mqtt import Zigbee2Mqtt

DIALECT = Zigbee2Mqtt("zigbee2mqtt")


def decode(payload: bytes | str | dict[str, Any], topic: str = "zigbee2mqtt/device") -> Decoded:
    if isinstance(payload, dict):
        payload = json.dumps(payload)
    return DIALECT.decode(topic, payload.encode() if isinstance(payload, str) else payload)


def signals(decoded: Decoded) -> dict[str, float]:
    return {str(reading.signal): reading.value for reading in decoded.readings}


def test_the_registry_makes_it_for_a_base_topic() -> None:
    dialect = DIALECTS["zigbee2mqtt"]("home/z2m")
    assert dialect.topics == ["home/z2m/#"]
    assert dialect.decode("home/z2m/pir", b'{"occupancy":true}').readings
    assert dialect.decode("zigbee2mqtt/pir", b'{"occupancy":true}').readings == []


def test_a_closed_contact_is_closed() -> None:
    assert signals(decode({"contact": True})) == {"open": 0}
    assert signals(decode({"contact": False})) == {"open": 1}


@pytest.mark.parametrize(
    "last_seen",
    ["2026-03-01T07:12:03.120Z", "2026-03-01T08:12:03.120+01:00", 1_772_349_123_120],
)
def test_the_device_says_when_in_either_form(last_seen: str | int) -> None:
    (reading,) = decode({"occupancy": True, "last_seen": last_seen}).readings
    assert reading.at == 1_772_349_123.12


@pytest.mark.parametrize(
    "last_seen", ["yesterday", "2026-03-01T07:12:03", True, -5, 10**400, [], "0001-01-01T00:00:00Z"]
)
def test_a_time_that_is_none_is_told_and_what_was_seen_still_counts(last_seen: object) -> None:
    payload = json.dumps({"occupancy": True, "last_seen": last_seen})
    decoded = decode(payload)
    assert signals(decoded) == {"occupancy": 1}
    assert decoded.readings[0].at is None
    assert decoded.problems[0].startswith("last_seen must be ISO 8601 with an offset")


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (b"\xff\xfe\x00\x01", "not JSON"),
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"power":NaN}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[1]", "must be a JSON object, not a list"),
        (b'"on"', "must be a JSON object, not a text"),
        (b"12", "must be a JSON object, not 12"),
        (b"null", "must be a JSON object, not null"),
    ],
)
def test_what_is_no_message_is_refused_with_the_reason(payload: bytes, says: str) -> None:
    with pytest.raises(DialectError) as caught:
        decode(payload)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("occupancy", "yes", "occupancy must be true or false, not a text"),
        ("contact", 1, "contact must be true or false, not 1"),
        ("power", "2150", "power must be a number, not a text"),
        ("power", True, "power must be a number, not True"),
        ("power", 1e9, "power must be from -100 to 20000, not 1000000000.0"),
        ("battery", 255, "battery must be from 0 to 100, not 255"),
        ("temperature", {"c": 1}, "temperature must be a number, not an object"),
        ("temperature", 10**400, "temperature must be from -40 to 85, not something else"),
        ("action", 3, "action must be a text, not 3"),
    ],
)
def test_one_wrong_field_is_told_and_the_others_still_count(
    field: str, value: object, says: str
) -> None:
    decoded = decode({"linkquality": 99, field: value})
    assert signals(decoded) == {"link_quality": 99}
    assert decoded.problems == [says]


def test_a_text_a_person_may_have_written_is_not_repeated() -> None:
    assert "Mary" not in " ".join(decode({"occupancy": "Mary Smith"}).problems)


@pytest.mark.parametrize("payload", ["online", '{"state":"online"}', '{"state": "online"}\n'])
def test_a_device_within_reach_is_known_in_either_form(payload: str) -> None:
    decoded = decode(payload, "zigbee2mqtt/hall/pir/availability")
    assert decoded.readings == [Reading("hall/pir", decoded.readings[0].signal, 1.0)]
    assert signals(decoded) == {"online": 1}


@pytest.mark.parametrize("payload", ["offline", '{"state":"offline"}'])
def test_a_device_out_of_reach_is_known_in_either_form(payload: str) -> None:
    assert signals(decode(payload, "zigbee2mqtt/pir/availability")) == {"online": 0}


@pytest.mark.parametrize("payload", ["", "maybe", '{"state":3}', '{"state":"maybe"}', "{}"])
def test_a_state_of_reach_that_is_none_is_refused(payload: str) -> None:
    with pytest.raises(DialectError):
        decode(payload, "zigbee2mqtt/pir/availability")


@pytest.mark.parametrize(
    "topic",
    [
        "zigbee2mqtt",
        "homeassistant/sensor",
    ],
)
def test_what_no_device_said_is_passed_over(topic: str) -> None:
    assert decode(b"\x00 anything", topic) == Decoded([], [])


@pytest.mark.parametrize("topic", ["plug/set", "plug/set/state", "plug/get", "hall/plug/get/x"])
def test_a_command_is_nothing_that_a_device_said(topic: str) -> None:
    assert decode(b"\x00 anything", f"zigbee2mqtt/{topic}").ignored == Ignored.COMMAND


def test_a_field_the_bridge_does_not_know_yet_is_no_reading() -> None:
    assert decode({"occupancy": None, "action": "", "state": "ON"}) == Decoded([], [])
