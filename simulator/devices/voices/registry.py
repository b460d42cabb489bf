"""The dialects that made-up devices speak; a new one is one module and one line here."""

from collections.abc import Callable

from simulator.devices.voices.esphome import EspHome
from simulator.devices.voices.plain import Plain
from simulator.devices.voices.protocol import Voice
from simulator.devices.voices.shelly import Shelly
from simulator.devices.voices.tasmota import Tasmota
from simulator.devices.voices.zigbee2mqtt import Zigbee2Mqtt

VOICES: dict[str, Callable[[], Voice]] = {
    "zigbee2mqtt": Zigbee2Mqtt,
    "shelly": Shelly,
    "tasmota": Tasmota,
    "esphome": EspHome,
    "plain": Plain,
}
"""By the name that a hub's settings use for the dialect."""
