"""What a network says of itself: its devices, their names, and whether their bridge is there."""

from typing import NamedTuple

LONGEST_NAME = 128
"""As in the settings: a device of a longer name could not be named there."""


class Described(NamedTuple):
    """A device, as its network describes it.

    Attributes:
        address: What stays though the device is renamed.
        name: What it is called in readings.
        model, vendor: As the network tells; else empty.
        power: `battery` or `mains`, where the network tells; else empty.
        tells: Names of the fields that it may tell.
    """

    address: str
    name: str
    model: str = ""
    vendor: str = ""
    power: str = ""
    tells: tuple[str, ...] = ()


class Listed(NamedTuple):
    """All devices of a network: who is not among them has left."""

    network: str
    devices: tuple[Described, ...]


class Met(NamedTuple):
    """One device of a network; of the others it says nothing."""

    network: str
    device: Described


class Renamed(NamedTuple):
    """A device is called otherwise from now on."""

    network: str
    old: str
    new: str


class Bridge(NamedTuple):
    """Whether that is there through which all devices of a network speak."""

    network: str
    online: bool


News = Listed | Met | Renamed | Bridge
