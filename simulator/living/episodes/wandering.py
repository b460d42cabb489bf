"""Restless nights, up and about in the dark."""

from simulator.living.episodes.felt import Effects
from simulator.living.episodes.kind import Kind


def _felt(x: float) -> Effects:
    return Effects(unrest=0.5 * x, wandering=0.9 * x, activity=1 - 0.1 * x)


KIND = Kind(
    name="wandering",
    summary="night confusion: up several times a night, through all rooms and to the front door",
    shows="movement in kitchen, lounge and hallway at night, at times the front door",
    condition="night_wandering",
    ramp_days=3,
    plateau_days=7,
    recovery_days=3,
    felt=_felt,
)
