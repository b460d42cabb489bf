"""People who live in homes, hour by hour, and what the sensors there see of that."""

from simulator.living.episodes.episode import Episode
from simulator.living.home import Home

__all__ = ["Episode", "Home"]
