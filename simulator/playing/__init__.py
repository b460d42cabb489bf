"""Recordings on a real broker, as the devices of their homes would have told them."""

from simulator.playing.pace import Pace
from simulator.playing.player import Played, play
from simulator.playing.publisher import Address, BrokerError, Publisher

__all__ = ["Address", "BrokerError", "Pace", "Played", "Publisher", "play"]
