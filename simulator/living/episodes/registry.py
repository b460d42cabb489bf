"""All that can befall a home; a new kind is one file and one line here."""

from collections.abc import Iterable

from simulator.living.episodes import (
    absence,
    clock_change,
    company,
    decline,
    diuretic,
    fall,
    heat_wave,
    low_intake,
    sensors,
    uti,
    wandering,
)
from simulator.living.episodes.episode import Episode
from simulator.living.episodes.felt import Effects, together
from simulator.living.episodes.kind import Kind

_ALL = (
    uti.KIND,
    low_intake.KIND,
    heat_wave.KIND,
    fall.KIND,
    decline.KIND,
    wandering.KIND,
    absence.HOSPITAL,
    absence.HOLIDAY,
    company.VISITOR,
    company.SECOND_RESIDENT,
    company.PET,
    diuretic.KIND,
    sensors.SENSOR_DEATH,
    sensors.MOVED_SENSOR,
    clock_change.KIND,
    sensors.POWER_CUT,
    sensors.ROUTER_REBOOT,
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}


def kind_of(name: str) -> Kind:
    """The kind of that name.

    Raises:
        ValueError: There is none.
    """
    if name not in KINDS:
        raise ValueError(f"no episode is called {name!r}; there are {', '.join(KINDS)}")
    return KINDS[name]


def felt_at(episodes: Iterable[Episode], t: float) -> Effects:
    """What somebody feels at `t` of all that has befallen them."""
    return together(
        KINDS[episode.kind].effects(x) for episode in episodes if (x := episode.intensity(t)) > 0
    )
