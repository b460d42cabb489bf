"""ESPHome says bare values: what they mean stands in the topic, and what is unknown is none."""

import pytest

from gateway.dialects.esphome import EspHome
from gateway.dialects.protocol import Decoded, DialectError


def said(topic: str, payload: bytes) -> Decoded:
    return EspHome("").decode(topic, payload)


@pytest.mark.parametrize("payload", [b"nan", b"unavailable", b"", b"unknown"])
def test_a_value_that_is_not_known_yet_is_no_reading(payload: bytes) -> None:
    assert said("n/sensor/temperature/state", payload) == Decoded([], [])
    assert said("n/binary_sensor/motion/state", payload) == Decoded([], [])


def test_an_energy_without_a_unit_is_not_believed() -> None:
    """Watt-hours taken for kilowatt-hours would make every boil a thousandfold one."""
    assert said("n/sensor/energy/state", b"12401") == Decoded([], [])


def test_two_doors_of_one_node_are_two_devices() -> None:
    fridge = said("kitchen/binary_sensor/fridge_door/state", b"ON").readings
    freezer = said("kitchen/binary_sensor/freezer_door/state", b"ON").readings
    assert [fridge[0].device, freezer[0].device] == ["kitchen/fridge", "kitchen/freezer"]


@pytest.mark.parametrize("payload", [b"inf", b"warm", b"1e999", b"0" * 50, b"\xff"])
def test_what_is_no_number_is_refused(payload: bytes) -> None:
    with pytest.raises(DialectError, match="state must be a number"):
        said("n/sensor/temperature/state", payload)


def test_what_is_no_state_is_told() -> None:
    told = said("n/binary_sensor/motion/state", b"on")
    assert (told.readings, told.problems) == ([], ["state must be ON or OFF, not a text"])


@pytest.mark.parametrize(
    "topic", ["n/switch/relay/command", "n/sensor/wifi_signal/state", "n/debug"]
)
def test_what_no_hub_listens_to_is_passed_over(topic: str) -> None:
    assert said(topic, b"-60") == Decoded([], [])
