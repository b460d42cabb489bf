"""Which faults of messages come with an episode: a power cut is dark for devices, too."""

from collections.abc import Iterator
from typing import Any

from simulator.faults import FAULTS, Fault
from simulator.living.episodes.episode import Episode
from simulator.living.episodes.registry import kind_of

_AS_FAULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "power_cut": ("power_cut", {}),
    "reboot": ("bridge_restart", {"queued": 1.0}),  # no event is missing: all of it waits
    "bridge_restart": ("bridge_restart", {"queued": 1.0}),
}
"""By what a kind of episode names: the fault, and what is chosen of it."""


def faults_of_episode(episode: Episode) -> Iterator[Fault]:
    """What an episode does to messages on their way, if anything."""
    if named := kind_of(episode.kind).fault:
        name, chosen = _AS_FAULTS.get(named, (named, {}))
        yield FAULTS[name].make(onset=episode.onset, duration=episode.plateau_s, **chosen)
