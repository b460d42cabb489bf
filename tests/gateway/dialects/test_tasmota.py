"""Tasmota's clock may be hours off and does not say so; its chip is warmer than the room."""

import json
from typing import Any

import pytest

from gateway.dialects.protocol import Decoded, DialectError, Occasion
from gateway.dialects.tasmota import Tasmota


def sensor(said: dict[str, Any]) -> Decoded:
    return Tasmota("").decode("tele/hall/SENSOR", json.dumps(said).encode())


def test_a_time_without_its_offset_dates_nothing_and_is_said_to_be_one() -> None:
    (reading,) = sensor({"Time": "2021-10-26T17:28:45", "Switch1": "ON"}).readings
    assert reading.at is None
    assert reading.no_offset


@pytest.mark.parametrize("time", ["2026-03-01T07:12:03+00:00", 1_772_349_123])
def test_a_time_that_tells_all_is_used(time: object) -> None:
    (reading,) = sensor({"Time": time, "Switch1": "ON"}).readings
    assert (reading.at, reading.no_offset) == (1_772_349_123, False)


@pytest.mark.parametrize("time", ["soon", "1970-01-01T00:00:10+00:00", True, [], -5])
def test_a_time_that_is_none_is_told_and_what_was_seen_still_counts(time: object) -> None:
    told = sensor({"Time": time, "Switch1": "ON"})
    assert [reading.at for reading in told.readings] == [None]
    assert told.problems[0].startswith("Time must be ISO 8601, or seconds since 1970, not")


def test_the_state_of_a_relay_and_a_wish_are_nothing_that_a_person_did() -> None:
    assert sensor({"Time": "2026-03-01T07:12:03", "POWER": "ON"}) == Decoded([], [])
    result = Tasmota("").decode("stat/hall/RESULT", b'{"POWER":"ON"}')
    assert result == Decoded([], [])
    assert Tasmota("").decode("cmnd/hall/POWER", b"ON") == Decoded([], [])


def test_an_answer_of_another_kind_is_told() -> None:
    told = Tasmota("").decode("stat/hall/STATUS8", b'{"StatusSNS":3}')
    assert (told.readings, told.problems) == ([], ["StatusSNS must be an object, not 3"])


@pytest.mark.parametrize(
    ("word", "text"),
    [("TOGGLE", "on"), ("HOLD", "hold"), ("INC_DEC", "inc_dec"), ("CLEAR", "release")],
)
def test_a_help_cord_on_a_switch_that_tells_no_state_is_heard(word: str, text: str) -> None:
    """`SwitchMode1 0`, as it comes, says TOGGLE; a push button's modes have more words."""
    payload = f'{{"Switch1":{{"Action":"{word}"}}}}'.encode()
    told = Tasmota("").decode("stat/cord/RESULT", payload)
    assert [(one.signal, one.text) for one in told.readings] == [("action", text)]
    assert told.problems == []


def test_a_switch_whose_action_is_no_word_is_refused() -> None:
    told = Tasmota("").decode("stat/hall/RESULT", b'{"Switch1":{"Action":[1]}}')
    assert (told.readings, told.problems) == ([], ["Switch must be a text, not a list"])


def test_a_will_that_is_none_is_refused() -> None:
    with pytest.raises(DialectError, match="state must be Online or Offline"):
        Tasmota("").decode("tele/hall/LWT", b"online")


@pytest.mark.parametrize("contact", [1, True])
def test_a_contact_behind_a_zigbee_bridge_is_open_at_1(contact: object) -> None:
    """The other way round than Zigbee2MQTT says it."""
    told = sensor({"ZbReceived": {"door": {"Name": "door", "Contact": contact}}})
    assert [(one.signal, one.value) for one in told.readings] == [("open", 1)]


@pytest.mark.parametrize(
    ("received", "says"),
    [
        (5, "ZbReceived must be an object, not 5"),
        ({"0x1": 5}, "a device in ZbReceived must be an object, not 5"),
        ({"0x1": {"Contact": 7}}, "Contact must be 0 or 1, not 7"),
        ({"0x1": {"Click": 7}}, "Click must be a text, not 7"),
    ],
)
def test_what_a_zigbee_bridge_cannot_mean_is_told(received: object, says: str) -> None:
    assert sensor({"ZbReceived": received}).problems == [says]


@pytest.mark.parametrize("topic", ["tele/zb/SENSOR", "tele/zb/pir/SENSOR"])
def test_who_moves_on_before_a_detector_behind_a_zigbee_bridge_is_seen_more_than_once_an_hour(
    topic: str,
) -> None:
    payload = b'{"ZbReceived":{"0x1":{"Name":"pir","Occupancy":1}}}'
    (reading,) = Tasmota("").decode(topic, payload).readings
    assert (reading.device, reading.occasion) == ("zb/pir", Occasion.OPEN)


def test_a_zigbee_device_without_a_name_is_called_by_its_address() -> None:
    told = sensor({"ZbReceived": {"0x1": {"Name": " ", "Occupancy": 0}}})
    assert told.readings[0].device.endswith("/0x1")


def test_half_a_state_is_none() -> None:
    told = sensor({"ZbReceived": {"0x1": {"Occupancy": 0.5}}})
    assert told.readings == []


@pytest.mark.parametrize(
    ("topic", "base"),
    [
        ("tele/kettle/STATE", ""),
        ("tasmota/tele/kettle/LWT", "tasmota"),
        ("a/b/stat/kettle/RESULT", "a/b"),
        ("tele/zb/4A12/SENSOR", ""),
        ("cmnd/kettle/POWER", None),
        ("tele/kettle/other", None),
        ("kettle/tele/SENSOR", None),
    ],
)
def test_its_prefixes_are_its_sure_sign(topic: str, base: str | None) -> None:
    assert Tasmota("elsewhere").base_of(topic, b"{}") == base
