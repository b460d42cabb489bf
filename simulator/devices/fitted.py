"""A device as it was fitted in a home: what it is called, what it is for, where it is."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from simulator.devices.curve import Curve, constant
from simulator.devices.protocol import Device
from simulator.devices.said import Said


class Fitted(NamedTuple):
    """What a device must know of itself.

    Attributes:
        name, kind, place: As its events say.
        both: Whether the recording tells both of its edges.
        curve: How what is plugged into it draws power.
    """

    name: str
    kind: str
    place: str
    both: bool = False
    curve: Curve = constant

    def says(
        self,
        t: float,
        values: Mapping[str, float],
        text: str = "",
        battery: float | None = None,
        seconds: float | None = None,
    ) -> Said:
        """Something that this device tells at `t`, in epoch seconds."""
        return Said(t, self.name, self.kind, values, text, battery, seconds)


Make = Callable[[Fitted], Device]
