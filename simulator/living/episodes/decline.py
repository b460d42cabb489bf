"""A slow decline."""

from simulator.living.episodes.felt import Effects
from simulator.living.episodes.kind import Kind


def _felt(x: float) -> Effects:
    return Effects(pace=1 - 0.35 * x, activity=1 - 0.35 * x, unrest=0.08 * x)


KIND = Kind(
    name="decline",
    summary="slower walking and less of everything, over weeks",
    shows="longer ways from room to room, week by week, and less often out",
    condition="fall_risk",
    ramp_days=42,
    plateau_days=90,
    felt=_felt,
)
