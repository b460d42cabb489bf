"""Which device tells which kind of event. A new kind is a line here."""

from collections.abc import Callable

from contract import Kind
from simulator.devices.edges import CONTACT, MOTION, PRESENCE, PRESSURE, VIBRATION, edge_device
from simulator.devices.plain import Link, button, number
from simulator.devices.plug import Plug
from simulator.devices.protocol import Device

Make = Callable[[str, bool], Device]
"""From a device's name and whether both of its edges are told."""

_DEVICES: dict[str, Make] = {
    Kind.MOTION: edge_device(MOTION),
    Kind.OPENING: edge_device(CONTACT),
    Kind.PRESENCE: edge_device(PRESENCE),
    Kind.FLUSH: edge_device(VIBRATION),
    Kind.APPLIANCE: lambda name, _both: Plug(name),
    Kind.TEMPERATURE: number("temperature"),
    Kind.HUMIDITY: number("humidity"),
    Kind.GAIT_SPEED: number("gait_speed"),
    Kind.BUTTON: button,
    Kind.LINK: lambda name, _both: Link(name),
}
_PRESSURE_PLACES = frozenset({"bed", "chair"})


def make_device(name: str, kind: str, place: str, *, both: bool) -> Device:
    """A device that tells events of this kind.

    Raises:
        KeyError: No device here tells that kind.
    """
    if kind == Kind.PRESENCE and place in _PRESSURE_PLACES:
        return edge_device(PRESSURE)(name, both)
    return _DEVICES[kind](name, both)
