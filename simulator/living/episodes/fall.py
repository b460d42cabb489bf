"""A fall, and a long time on the floor."""

from typing import TYPE_CHECKING

from simulator.living.episodes.episode import Episode
from simulator.living.episodes.felt import Effects
from simulator.living.episodes.kind import Kind
from simulator.living.rooms import INDOORS

if TYPE_CHECKING:
    from simulator.living.home import Home


def _felt(x: float) -> Effects:
    return Effects(pace=1 - 0.3 * x, activity=1 - 0.4 * x)


def _arrange(home: "Home", fall: Episode) -> None:
    """It strikes at the first moment from its onset that the first resident is where it waits."""
    if fall.room and fall.room not in INDOORS:
        raise ValueError(f"no room {fall.room!r}; there are {', '.join(INDOORS)}")
    home.people[0].fall(fall)


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
