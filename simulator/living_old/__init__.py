"""A person who lives in a home, hour by hour, and what its sensors see of that."""

from simulator.living.episodes import Episode, EpisodeKind
from simulator.living.home import Home

__all__ = ["Episode", "EpisodeKind", "Home"]
