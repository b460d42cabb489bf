"""What the devices of a home say, in the words of Zigbee2MQTT, about things that happened there."""

from simulator.devices.message import Message
from simulator.devices.stage import Stage

__all__ = ["Message", "Stage"]
