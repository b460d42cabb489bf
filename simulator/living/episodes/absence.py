"""Days away from home: a holiday, a stay in hospital."""

from dataclasses import replace
from typing import TYPE_CHECKING

from simulator.living.episodes.episode import Episode
from simulator.living.episodes.felt import Effects
from simulator.living.episodes.kind import Kind

if TYPE_CHECKING:
    from simulator.living.home import Home

_WITHIN_S = 600.0  # of the moment said
_LEAST_DAYS = 0.25  # less is an outing


def _arrange(home: "Home", absence: Episode) -> None:
    """A holiday takes everybody along."""
    seen = _as_lived(home, absence)
    for person in home.people:
        person.fate.leave(seen)


def _arrange_hospital(home: "Home", stay: Episode) -> None:
    """The ambulance takes one."""
    home.people[0].fate.leave(_as_lived(home, stay))


def _as_lived(home: "Home", absence: Episode) -> Episode:
    """Nobody leaves or comes back on the full second."""
    chance = home.chance(absence)
    onset = absence.onset + chance.between(0, _WITHIN_S)
    back = absence.onset + absence.plateau_s + chance.between(0, _WITHIN_S)
    return replace(absence, onset=onset, plateau_s=back - onset)


def _weak(x: float) -> Effects:
    """Back from hospital: slow, and quickly tired, for two weeks."""
    return Effects(pace=1 - 0.2 * x, activity=1 - 0.6 * x)


HOLIDAY = Kind(
    name="holiday",
    summary="nobody at home",
    shows="the front door, then nothing moves and nothing is used until the front door again",
    plateau_days=7,
    least_days=_LEAST_DAYS,
    arrange=_arrange,
)
HOSPITAL = Kind(
    name="hospital",
    summary="a stay in hospital, by day or night, and weakness after it",
    shows="as a holiday; afterwards slower and quieter than before, for two weeks",
    plateau_days=6,
    least_days=_LEAST_DAYS,
    recovery_days=14,
    felt=_weak,
    arrange=_arrange_hospital,
)
