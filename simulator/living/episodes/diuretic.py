"""A water tablet, newly prescribed."""

from simulator.living.episodes.felt import Effects
from simulator.living.episodes.kind import Kind


def _felt(x: float) -> Effects:
    """The kidneys pass more than before; what is lost makes thirsty, and a new balance is found."""
    return Effects(diuresis=1 + 0.8 * x, thirst=1 + 0.15 * x)


KIND = Kind(
    name="diuretic",
    summary="a water tablet newly prescribed: more is passed, for good",
    shows="more drunk, more passed, and somewhat more bathroom visits by day",
    ramp_days=1,
    plateau_days=30,
    felt=_felt,
)
