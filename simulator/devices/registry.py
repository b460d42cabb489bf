"""Which device tells which kind of event. A new one is a line here."""

from contract import Kind
from gateway.dialects.protocol import Signal
from simulator.devices.edges import CONTACT, LEAK, MOTION, PRESENCE, PRESSURE, VIBRATION, two_state
from simulator.devices.fitted import Fitted, Make
from simulator.devices.plain import Link, button, measure
from simulator.devices.plug import Plug
from simulator.devices.protocol import Device

ANYWHERE = ""

DEVICES: dict[tuple[str, str], Make] = {
    (Kind.MOTION, ANYWHERE): two_state(MOTION),
    (Kind.OPENING, ANYWHERE): two_state(CONTACT),
    (Kind.PRESENCE, ANYWHERE): two_state(PRESENCE),
    (Kind.PRESENCE, "bed"): two_state(PRESSURE),
    (Kind.PRESENCE, "chair"): two_state(PRESSURE),
    (Kind.FLUSH, ANYWHERE): two_state(VIBRATION),
    (Kind.FLUSH, "cistern"): two_state(LEAK),
    (Kind.APPLIANCE, ANYWHERE): Plug,
    (Kind.TEMPERATURE, ANYWHERE): measure(Signal.TEMPERATURE),
    (Kind.HUMIDITY, ANYWHERE): measure(Signal.HUMIDITY),
    (Kind.GAIT_SPEED, ANYWHERE): measure(Signal.GAIT_SPEED),
    (Kind.BUTTON, ANYWHERE): button,
    (Kind.LINK, ANYWHERE): Link,
}
"""By kind of event and place; a place of its own goes before anywhere."""


def make_device(fitted: Fitted) -> Device:
    """A device that tells events of this kind.

    Raises:
        KeyError: No device here tells that kind.
    """
    make = DEVICES.get((fitted.kind, fitted.place)) or DEVICES[fitted.kind, ANYWHERE]
    return make(fitted)
