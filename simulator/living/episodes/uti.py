"""An infection of the urinary tract."""

from simulator.living.episodes.felt import Effects
from simulator.living.episodes.kind import Kind


def _felt(x: float) -> Effects:
    """The inflamed bladder holds less and asks without need; sleep breaks; everything tires."""
    return Effects(
        capacity=1 - 0.4 * x,
        irritation=0.75 * x,
        thirst=1 - 0.1 * x,
        pace=1 - 0.08 * x,
        activity=1 - 0.25 * x,
        unrest=0.2 * x,
    )


KIND = Kind(
    name="uti",
    summary="an infection of the urinary tract: a smaller bladder, urgency, broken sleep",
    shows="more bathroom visits, at night most of all; less often out",
    condition="uti_risk",
    ramp_days=2,
    recovery_days=2,
    felt=_felt,
)
