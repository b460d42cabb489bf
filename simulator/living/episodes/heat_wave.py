"""Hot days and warm nights."""

from typing import TYPE_CHECKING

from simulator.living.episodes.episode import Episode
from simulator.living.episodes.felt import Effects
from simulator.living.episodes.kind import Kind

if TYPE_CHECKING:
    from simulator.living.home import Home


def _felt(x: float) -> Effects:
    """Old people feel little of the thirst that would make up for the sweat."""
    return Effects(activity=1 - 0.15 * x, unrest=0.06 * x, thirst=1 + 0.1 * x)


def _arrange(home: "Home", wave: Episode) -> None:
    home.weather.heat.append(wave)
    for person in home.people[1:]:
        person.befall(wave)


KIND = Kind(
    name="heat_wave",
    summary="up to twelve degrees warmer outside, day and night",
    shows="in summer: a warm home, fewer bathroom visits for the water that is sweated out",
    condition="hot_home",
    ramp_days=1,
    recovery_days=1,
    felt=_felt,
    arrange=_arrange,
)
