"""A common cold: a decoy, for it makes nobody ill enough to be called about."""

from simulator.living.episodes.felt import Effects
from simulator.living.episodes.kind import Kind


def _felt(x: float) -> Effects:
    """Hot drinks, little sleep, and no wish to go out."""
    return Effects(thirst=1 + 0.5 * x, activity=1 - 0.6 * x, unrest=0.25 * x)


KIND = Kind(
    name="cold",
    summary="a common cold: hot drinks, broken sleep, and days indoors",
    shows="more boils, the back door hardly opened, up at night",
    ramp_days=1,
    plateau_days=6,
    recovery_days=2,
    felt=_felt,
)
