"""Drinks left out, until the body runs dry."""

from simulator.living.episodes.felt import Effects
from simulator.living.episodes.kind import Kind


def _felt(x: float) -> Effects:
    """Only thirst goes, and appetite with it. The rest follows from the water that is missing."""
    return Effects(thirst=1 - 0.75 * x)


KIND = Kind(
    name="low_intake",
    summary="drinks left out, three of four at the worst: on the way to dehydration",
    shows="fewer boils and less in the kitchen, then fewer bathroom visits and less activity",
    condition="dehydration_risk",
    ramp_days=2,
    recovery_days=2,
    felt=_felt,
)
