"""Whether the broker has told all that it and the devices kept while nobody listened.

Before that no time may pass for the detectors: what they would miss may be on its way.
"""

import math

QUIET_S = 5.0
"""The broker is quiet once it has had nothing to say for so long since it was connected."""

BACKLOG_S = 120.0
"""After so long a broker has nothing old to say, however much it still says."""

AWAY_S = 30.0
"""A broker that was away for so long: devices kept what they had to say, and come back after the
hub, so that a quiet broker does not show that all is told."""


class Backlog:
    """What a broker may still have to tell. Times are by a clock that only runs forward, in s.

    Args:
        was_deaf: Whether the hub itself was away for :data:`AWAY_S` before it began.
    """

    def __init__(self, *, was_deaf: bool = False) -> None:
        self._was_deaf = was_deaf
        self._linked_at: float | None = None  # None without a broker
        self._telling_since: float | None = None  # since when it tells what it kept
        self._lost_at: float | None = None  # since when there is none; None where none was missed
        self._was_away = False
        self._heard_at = -math.inf
        self._told_all = False

    @property
    def linked(self) -> bool:
        """Whether there is a broker now."""
        return self._linked_at is not None

    def link(self, *, up: bool, at: float) -> None:
        """There is a broker, or none any more, since `at`.

        One that was lost for a moment has little to tell: what is known of the rest holds, or time
        would never pass beside a broker that comes and goes and a plug that is never quiet.
        """
        if up:
            was_away = self._lost_at is not None and at - self._lost_at >= AWAY_S
            if was_away or self._telling_since is None:
                self._telling_since, self._told_all, self._was_away = at, False, was_away
            self._linked_at, self._lost_at = at, None
        else:
            self._linked_at = None
            self._lost_at = at if self._lost_at is None else self._lost_at

    def heard(self, at: float) -> None:
        """Something was heard at `at`."""
        self._heard_at = at

    def has_begun(self, now: float) -> bool:
        """Whether the broker has been there for long enough to have begun telling."""
        return self._linked_at is not None and now - self._linked_at >= QUIET_S

    def is_told(self, now: float) -> bool:
        """Whether the broker has told all that it kept, since it was connected.

        A plug that is never quiet keeps no broker from that: after a while nothing old is left.
        Where the broker was away nothing but that while shows it.
        """
        if not self._told_all and self._linked_at is not None and self._telling_since is not None:
            quiet = now - self._heard_at >= QUIET_S and not self._was_away
            self._told_all = quiet or now - self._telling_since >= BACKLOG_S
        return self._told_all

    def is_telling(self, now: float) -> bool:
        """Whether a broker that is there may yet tell what is much older than what is said now.

        So it may where nobody listened for a while, be it that the broker was away or the hub.
        """
        missed = self._was_away or self._was_deaf
        return missed and self.linked and not self.is_told(now)
