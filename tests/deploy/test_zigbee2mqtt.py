"""Zigbee2MQTT is told what the hub relies on, in variables that it understands."""

import json

import pytest

from tests.deploy.wheels import ROOT

FILE = ROOT / "deploy" / "raspberrypi" / "root" / "etc" / "telecare" / "zigbee2mqtt.env"
PREFIX = "ZIGBEE2MQTT_CONFIG_"
OPTIONS = dict(
    line.removeprefix(PREFIX).split("=", 1)
    for line in FILE.read_text().splitlines()
    if line and not line.startswith("#")
)


@pytest.mark.parametrize(
    ("option", "value", "or_else"),
    [
        ("ADVANCED_LAST_SEEN", "ISO_8601", "a late message looks like a new one"),
        ("ADVANCED_CACHE_STATE", "false", "an old opening is told again with a battery report"),
        ("ADVANCED_CACHE_STATE_SEND_ON_STARTUP", "false", "a restart looks like a person"),
        ("AVAILABILITY_ENABLED", "true", "a sensor that left the network is never reported"),
        ("MQTT_BASE_TOPIC", "zigbee2mqtt", "the hub listens elsewhere"),
        ("MQTT_USER", "zigbee2mqtt", "the broker refuses it"),
    ],
)
def test_an_option_the_hub_relies_on_is_set(option: str, value: str, or_else: str) -> None:
    assert OPTIONS[option] == value, or_else


def test_no_message_is_lost_between_bridge_and_hub() -> None:
    assert json.loads(OPTIONS["DEVICE_OPTIONS"]) == {"qos": 1}


def test_the_log_is_written_to_the_card_once() -> None:
    assert json.loads(OPTIONS["ADVANCED_LOG_OUTPUT"]) == ["console"]


def test_no_option_is_empty_as_zigbee2mqtt_passes_over_empty_ones() -> None:
    assert all(OPTIONS.values())
