"""Summer time begins or ends."""

from typing import TYPE_CHECKING

from simulator.living.episodes.episode import DAY_S, Episode
from simulator.living.episodes.kind import Kind

if TYPE_CHECKING:
    from simulator.living.home import Home


def _check(home: "Home", change: Episode) -> None:
    """The clocks change when they change: an episode can only say that this is such a night."""
    if not home.clock_changes(change.onset, change.onset + DAY_S):
        raise ValueError(
            f"the clocks of {home.time_zone} do not change within a day of that: in Britain they do"
            " on the last Sundays of March and October"
        )


KIND = Kind(
    name="clock_change",
    summary="summer time begins or ends; habits keep to the clock on the wall",
    shows="everything an hour earlier (March) or later (October) in UTC, the same on the wall",
    plateau_days=1,
    arrange=_check,
)
