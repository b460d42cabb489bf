"""Recordings of made-up homes, merged in order of time."""

from collections.abc import Iterable, Iterator
from heapq import merge
from operator import attrgetter

from contract import SensorEvent
from simulator.living.episode_spec import PlannedEpisode
from simulator.living.episodes import DAY_S
from simulator.living.home import Home


def made_up_home(
    number: int,
    *,
    seed: int,
    start: float,
    time_zone: str = "Europe/London",
    planned: Iterable[PlannedEpisode] = (),
) -> Home:
    """The home `home<number>` of a seed. The same one, however many others are made beside it."""
    name = f"home{number}"
    return Home(
        name,
        seed=(seed, number),
        start=start,
        time_zone=time_zone,
        episodes=[plan.from_start(start) for plan in planned if plan.home == name],
    )


def generate(homes: Iterable[Home], *, start: float, days: int) -> Iterator[SensorEvent]:
    """All that happens in the homes over so many days of 24 hours, in order of time."""
    end = start + days * DAY_S
    return merge(*(home.until(end) for home in homes), key=attrgetter("at"))
