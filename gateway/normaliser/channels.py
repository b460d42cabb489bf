"""Which state machine stands behind which kind of sensor; a new kind is one line here."""

from collections.abc import Callable

from contract import Kind
from gateway.normaliser.appliance import Appliance
from gateway.normaliser.button import Button
from gateway.normaliser.channel import Channel
from gateway.normaliser.edges import Opening, Presence
from gateway.normaliser.levels import GaitSpeed, Humidity, Temperature
from gateway.normaliser.pulses import Flush, Motion
from gateway.settings import Sensor


def _both(sensor: Sensor) -> bool:
    return sensor.edges == "both"


CHANNELS: dict[str, Callable[[Sensor], Channel]] = {
    Kind.MOTION: lambda _: Motion(),
    Kind.OPENING: lambda one: Opening(debounce_s=one.debounce_s, falling=_both(one)),
    Kind.APPLIANCE: lambda one: Appliance(on_w=one.on_w, off_w=one.off_w, gap_s=one.gap_s),
    Kind.FLUSH: lambda _: Flush(),
    Kind.PRESENCE: lambda one: Presence(debounce_s=one.debounce_s, falling=_both(one)),
    Kind.TEMPERATURE: lambda _: Temperature(step=0.1),
    Kind.HUMIDITY: lambda _: Humidity(step=1.0),
    Kind.GAIT_SPEED: lambda _: GaitSpeed(step=0.0),
    Kind.BUTTON: lambda _: Button(),
}
"""From the kind to what makes its state machine. Links are every device's own, and not here."""
