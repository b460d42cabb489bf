"""Which faults of messages come with an episode: a power cut is dark for devices, too."""

from collections.abc import Iterator
from typing import Any

from simulator.faults import FAULTS, Fault
from simulator.living.episodes.episode import Episode
from simulator.living.episodes.registry import kind_of
from simulator.living.home import Home

_CHOSEN: dict[str, dict[str, Any]] = {
    "bridge_restart": {"queued": 1.0},  # no event is missing: all of it waits
}
"""What is chosen of a fault that comes with an episode, by the fault's name."""
_WITHIN_S = 60.0  # of the moment said: no device speaks again on the second that a label names


def faults_of_episode(home: Home, episode: Episode) -> Iterator[Fault]:
    """What an episode of a home does to messages on their way, if anything."""
    if episode.severity > 0 and (name := kind_of(episode.kind).fault):
        chosen = _CHOSEN.get(name, {})
        lasts = episode.plateau_s + home.chance(episode).between(0, _WITHIN_S)
        yield FAULTS[name].make(onset=episode.onset, duration=lasts, **chosen)
