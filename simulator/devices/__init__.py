"""What the devices of a home say about things that happened there, in any dialect a hub knows.

A device turns events into what it physically tells (`Said`); a voice turns that into MQTT messages.
So there is one module for each device and one for each dialect, not one for each pair.
"""

from simulator.devices.message import Message
from simulator.devices.said import Raw, Said
from simulator.devices.stage import Stage

__all__ = ["Message", "Raw", "Said", "Stage"]
