"""Shelly tells partial changes, its own warmth, and the same press in three events."""

import json
from typing import Any

import pytest

from gateway.dialects.news import Described, Met
from gateway.dialects.protocol import Decoded, DialectError
from gateway.dialects.shelly import Shelly

TS = 1_772_349_123.12


def rpc(params: dict[str, Any], method: str = "NotifyStatus") -> Decoded:
    frame = {"dst": "plug/events", "method": method, "params": params}
    return Shelly("shelly").decode("shelly/plug/events/rpc", json.dumps(frame).encode())


def event(**said: Any) -> Decoded:
    told = {"component": "input:0", "id": 0, "ts": TS, **said}
    return rpc({"ts": TS, "events": [told]}, "NotifyEvent")


def test_what_has_not_changed_is_no_reading() -> None:
    told = rpc({"ts": TS, "switch:0": {"id": 0, "output": True}, "sys": {"cfg_rev": 3}})
    assert told == Decoded([], [])


@pytest.mark.parametrize("name", ["btn_down", "btn_up", "config_changed", "ota_progress"])
def test_an_event_that_is_no_press_of_its_own_is_passed_over(name: str) -> None:
    assert event(event=name) == Decoded([], [])


@pytest.mark.parametrize("push", ["single", "double", "triple", "long"])
def test_each_way_to_press_is_told(push: str) -> None:
    (reading,) = event(event=f"{push}_push").readings
    assert (reading.text, reading.at) == (push, TS)


def test_a_clock_that_was_never_set_dates_nothing() -> None:
    told = rpc({"ts": 3.21, "input:0": {"id": 0, "state": True}})
    assert [reading.at for reading in told.readings] == [None]
    assert told.problems == ["ts must be seconds since 1970, not 3.21"]


def test_an_input_that_is_a_button_has_no_state() -> None:
    assert rpc({"ts": TS, "input:0": {"id": 0, "state": None}}) == Decoded([], [])


def test_a_bluetooth_button_that_only_says_it_is_there_was_not_pressed() -> None:
    data = {"battery": 100, "button": 0, "address": "5c:c7:c1:f2:b3:10"}
    told = event(component="script:1", event="shelly-blu", data=data)
    assert [reading.signal for reading in told.readings] == ["battery"]


def test_one_of_four_bluetooth_buttons_is_one_press() -> None:
    data = {"button": [0, 0, 1, 0], "address": "5c:c7:c1:f2:b3:10"}
    told = event(component="script:1", event="shelly-blu", data=data)
    assert [reading.text for reading in told.readings] == ["single"]


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"switch:0": 5}, "switch must hold apower, not 5"),
        ({"switch:0": {"aenergy": True}}, "switch must hold aenergy.total, not True"),
        ({"switch:0": {"apower": "12"}}, "switch apower must be a number, not a text"),
        ({"temperature:0": {"tC": 851}}, "temperature tC must be from -40 to 85, not 851"),
    ],
)
def test_what_cannot_be_used_is_told(params: dict[str, Any], says: str) -> None:
    assert says in rpc(params).problems


@pytest.mark.parametrize(
    "data",
    [None, [], {"motion": 1}]
    + [
        {"address": address, "button": 1, "motion": 1}
        for address in (5, "", "pendant", "pir", "5c:c7:c1:f2:b3", "5c:c7:c1:f2:b3:10/x")
    ],
)
def test_nobody_calls_for_help_by_anothers_name_as_a_bluetooth_sensor(data: object) -> None:
    told = event(component="script:1", event="shelly-blu", data=data)
    assert told.readings == []
    (problem,) = told.problems
    assert problem.startswith("data of shelly-blu must have a MAC address, not ")


def test_an_answer_to_somebody_else_is_refused() -> None:
    with pytest.raises(DialectError, match="params must be an object"):
        Shelly("s").decode("s/plug/events/rpc", b'{"id":1,"result":{}}')


@pytest.mark.parametrize("topic", ["shelly/plug/rpc", "shelly/plug/command/switch:0", "shelly"])
def test_a_command_is_passed_over(topic: str) -> None:
    assert Shelly("shelly").decode(topic, b"on") == Decoded([], [])


def test_a_measure_of_a_paired_sensor_is_passed_over_for_nobody_says_what_it_measures() -> None:
    told = rpc({"ts": TS, "bthomesensor:200": {"id": 200, "value": 21.4}})
    assert told == Decoded([], [])


def test_a_device_says_who_it_is_whatever_its_prefix() -> None:
    frame = {"src": "shellyplugsg3-d0cf13c6a1b4", "method": "NotifyStatus", "params": {"ts": TS}}
    told = Shelly("s").decode("s/kitchen kettle/events/rpc", json.dumps(frame).encode())
    (met,) = told.news
    assert met == Met(
        "s", Described("shellyplugsg3-d0cf13c6a1b4", "kitchen kettle", "shellyplugsg3", "Shelly")
    )


@pytest.mark.parametrize(
    "source", [None, 5, "", "x" * 200, "door", "shelly-door", "shellyplugsg3-d0cf13c6a1b4/x"]
)
def test_a_device_without_a_name_of_its_own_is_nobody_new(source: object) -> None:
    frame = {"src": source, "method": "NotifyStatus", "params": {"input:0": {"state": True}}}
    told = Shelly("s").decode("s/plug/events/rpc", json.dumps(frame).encode())
    assert len(told.readings) == 1
    assert told.news == ()


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("s/plug/events/rpc", b'{"id":1,"result":{}}'),
        ("s/plug/events/rpc", b"Notify"),
        ("s/plug/status/switch:0", b'{"output":true}'),
        ("s/plug/status/sys", b'{"id":0}'),
        ("plug", b"true"),
    ],
)
def test_what_anybody_might_say_is_no_sign_of_it(topic: str, payload: bytes) -> None:
    assert Shelly("s").base_of(topic, payload) is None
