"""How long to wait before trying again: longer each time, never in step with other hubs."""

from collections.abc import Callable


class Backoff:
    """Doubling waits with jitter.

    Args:
        first: The first wait at most, in seconds.
        most: The longest wait.
        chance: Gives a number from 0 (included) to 1 (not included).
    """

    def __init__(self, *, first: float, most: float, chance: Callable[[], float]) -> None:
        self._first = first
        self._most = most
        self._chance = chance
        self._tries = 0

    def next(self) -> float:
        """The next wait: from half to the whole of twice the one before."""
        whole = min(self._most, self._first * 2.0 ** min(self._tries, 32))
        self._tries += 1
        return whole * (0.5 + self._chance() / 2)

    def reset(self) -> None:
        """All is well again: the next wait is a first one."""
        self._tries = 0
