"""A water tablet, newly prescribed."""

from simulator.living.episodes.felt import Effects
from simulator.living.episodes.kind import Kind


def _felt(x: float) -> Effects:
    """For hours the kidneys pass far more, then less than ever; what is lost makes thirsty."""
    return Effects(dose_ml_min=1.2 * x, thirst=1 + 0.15 * x)


KIND = Kind(
    name="diuretic",
    summary="a water tablet newly prescribed, to be taken in the morning",
    shows="more bathroom visits in the hours after getting up, and more drunk",
    plateau_days=30,
    felt=_felt,
)
