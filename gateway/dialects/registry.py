"""The dialects a hub understands; a new one is one module and one line here."""

from collections.abc import Callable

from gateway.dialects.esphome import EspHome
from gateway.dialects.plain import Plain
from gateway.dialects.protocol import Dialect
from gateway.dialects.shelly import Shelly
from gateway.dialects.tasmota import Tasmota
from gateway.dialects.zigbee2mqtt import Zigbee2Mqtt

DIALECTS: dict[str, Callable[[str], Dialect]] = {
    "zigbee2mqtt": Zigbee2Mqtt,
    "shelly": Shelly,
    "tasmota": Tasmota,
    "esphome": EspHome,
    "plain": Plain,
}
"""From the name in the settings to what makes the dialect for a base topic."""
