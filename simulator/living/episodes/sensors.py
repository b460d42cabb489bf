"""What befalls a sensor, or all of them."""

from typing import TYPE_CHECKING

from simulator.living.episodes.episode import Episode
from simulator.living.episodes.kind import Kind
from simulator.living.rooms import INDOORS

if TYPE_CHECKING:
    from simulator.living.home import Home


def _kill(home: "Home", death: Episode) -> None:
    home.senses.silence(death.onset, death.end, sensor=death.sensor)


def _move(home: "Home", moved: Episode) -> None:
    if moved.room not in INDOORS:
        raise ValueError(f"no room {moved.room!r}; there are {', '.join(INDOORS)}")
    home.senses.rehang(moved.sensor, moved.room, moved.onset, moved.end)


def _cut(home: "Home", cut: Episode) -> None:
    home.senses.silence(cut.onset, cut.end)


SENSOR_DEATH = Kind(
    name="sensor_death",
    summary="a sensor says nothing more",
    shows="nothing from that sensor; everything from the others",
    condition="sensor_silent",
    plateau_days=3650,
    needs=("sensor",),
    arrange=_kill,
)
MOVED_SENSOR = Kind(
    name="moved_sensor",
    summary="a motion sensor is hung up in another room, and keeps its name",
    shows="the old name tells of the other room, at its hours and as often",
    plateau_days=30,
    needs=("sensor", "room"),
    arrange=_move,
)
POWER_CUT = Kind(
    name="power_cut",
    summary="no electricity: the hub hears nothing, and nothing boils",
    shows="nothing from any sensor while it lasts",
    plateau_days=3 / 24,
    hours=True,
    arrange=_cut,
    fault="power_cut",
)
ROUTER_REBOOT = Kind(
    name="router_reboot",
    summary="the bridge starts anew: silence for minutes, then all of it at once, some twice",
    shows="no event is missing and none is there twice; some come late",
    plateau_days=5 / 24 / 60,
    hours=True,
    fault="bridge_restart",
)
