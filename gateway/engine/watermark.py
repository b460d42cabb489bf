"""How far event time has come, and which events come too late to be detected upon."""

LAG_S = 60.0
"""Seconds an event may trail the newest one and still count: brokers reorder a little."""

NOT_YET = float("-inf")


class Watermark:
    """The line that event time will not go back behind.

    It trails the newest event by `lag_s` and never falls. A tick may drive it further while the
    home is quiet, so that what is due is judged although nothing happens.
    """

    def __init__(
        self, lag_s: float = LAG_S, *, newest: float = NOT_YET, driven: float = NOT_YET
    ) -> None:
        self._lag_s = lag_s
        self._newest = newest
        self._driven = driven

    @property
    def at(self) -> float:
        """The line, in epoch seconds; minus infinity before the first event."""
        return max(self._newest - self._lag_s, self._driven)

    @property
    def lag_s(self) -> float:
        """Seconds an event may trail the newest one."""
        return self._lag_s

    @property
    def newest(self) -> float:
        """The time of the newest event that counted; minus infinity before the first one."""
        return self._newest

    @property
    def driven(self) -> float | None:
        """How far ticks have driven it; None if they have not."""
        return None if self._driven == NOT_YET else self._driven

    def resume(self, driven: float) -> None:
        """Goes on from how far ticks had driven it before."""
        self._driven = max(self._driven, driven)

    def admit(self, t: float) -> bool:
        """Takes note of an event at `t`; whether it came in time. The line itself is in time."""
        if t >= self._newest:  # nearly every event, and nothing is ahead of the newest
            self._newest = t
            return t >= self._driven
        return t >= self.at

    def drive(self, now: float) -> float:
        """Lets the line follow a clock that stands at `now`; the line."""
        self._driven = max(self._driven, now - self._lag_s)
        return self.at
