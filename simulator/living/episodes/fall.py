"""A fall, and a long time on the floor."""

from dataclasses import replace
from typing import TYPE_CHECKING

from simulator.living.episodes.episode import Episode
from simulator.living.episodes.felt import Effects
from simulator.living.episodes.kind import Kind
from simulator.living.rooms import INDOORS

if TYPE_CHECKING:
    from simulator.living.home import Home

_WITHIN_S = 60.0  # of the moment said; nobody falls, or is found, on the full second


def _felt(x: float) -> Effects:
    return Effects(pace=1 - 0.3 * x, activity=1 - 0.4 * x)


def _arrange(home: "Home", fall: Episode) -> None:
    """It strikes the first resident at its onset: on the way to a room, where one is named."""
    if fall.room and fall.room not in INDOORS:
        raise ValueError(f"no room {fall.room!r}; there are {', '.join(INDOORS)}")
    chance = home.chance(fall)
    struck = replace(
        fall,
        onset=fall.onset + chance.between(0, _WITHIN_S),
        plateau_s=fall.plateau_s + chance.between(0, _WITHIN_S),
    )
    home.people[0].fate.fall(struck)


KIND = Kind(
    name="fall",
    summary="a fall, and hours on the floor until somebody comes",
    shows="nothing moves, in the daytime too, then the front door and a busy hour",
    condition="possible_fall",
    plateau_days=3 / 24,
    recovery_days=10,
    hours=True,
    takes=("room",),
    felt=_felt,
    arrange=_arrange,
)
