"""The devices of a made-up home, known before any of its events."""

from simulator.devices.cast import Cast, Part
from simulator.living.home import Home

LONGEST_USE_S = 400.0
"""No kettle in a made-up home takes longer."""

_BOTH = {"opening", "presence"}  # whose two edges are events


def cast_of(home: Home) -> Cast:
    """The devices of a made-up home."""
    cast = Cast(())
    for role in home.sensors:
        part = Part(role.sensor, role.kind, role.place, both=role.kind in _BOTH)
        part.longest_s = LONGEST_USE_S if role.kind == "appliance" else 0.0
        cast.parts[role.sensor, role.kind] = part
    return cast
