"""The clock of a street that is lived live: as fast as one likes, and paused at will."""

from collections.abc import Callable

NEVER = float("inf")


class LiveClock:
    """Where life stands, in epoch seconds.

    Args:
        start: Where it begins.
        speed: How many times faster than it passes; 0 is as fast as it goes.
        elapsed: Seconds that only rise.
    """

    def __init__(self, start: float, speed: float, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._zero = start
        self._began = elapsed()
        self._speed = speed
        self._paused = False

    @property
    def speed(self) -> float:
        """How many times faster than life; 0 is as fast as it goes."""
        return self._speed

    @property
    def paused(self) -> bool:
        """Whether it stands still."""
        return self._paused

    def present(self) -> float:
        """Up to when all is due; everything, where nothing holds it back."""
        if self._paused:
            return self._zero
        if not self._speed:
            return NEVER
        return self._zero + (self._elapsed() - self._began) * self._speed

    def begin(self) -> None:
        """Begins now, however long it took to get ready."""
        self._began = self._elapsed()

    def due(self, t: float) -> float:
        """When something is due, by the seconds that only rise; what was due before, now."""
        if not self._speed or self._paused:
            return self._elapsed()
        return self._began + max(0.0, t - self._zero) / self._speed

    def change(self, speed: float, *, at: float) -> None:
        """Goes on at another speed from where life stands, `at`."""
        self._zero, self._began, self._speed = at, self._elapsed(), speed

    def pause(self, *, at: float) -> None:
        """Stands still, or goes on."""
        self._zero, self._began, self._paused = at, self._elapsed(), not self._paused
