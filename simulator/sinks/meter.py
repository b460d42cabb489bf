"""To a progress bar: how many days have been lived."""

from simulator.living.episodes.episode import DAY_S
from simulator.progress import Progress
from simulator.sinks.sink import Sink


class Meter(Sink):
    """Moves a bar by whole days.

    Args:
        progress: The bar.
        start: When lives begin, in epoch seconds.
        end: When they end.
    """

    def __init__(self, progress: Progress, start: float, end: float) -> None:
        self._progress = progress
        self._start = start
        self._end = end

    def passed(self, t: float) -> None:
        """Moves on where a day is over."""
        days = (min(t, self._end) - self._start) // DAY_S
        if days > self._progress.done:
            self._progress.advance(days - self._progress.done)
