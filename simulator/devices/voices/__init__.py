"""What devices tell, put into the words of each kind of device network."""

from simulator.devices.voices.protocol import Under, Voice
from simulator.devices.voices.registry import VOICES

__all__ = ["VOICES", "Under", "Voice"]
