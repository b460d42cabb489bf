"""How often one session or token may ask, counted in each process: for programs that run wild.

Guessing is braked elsewhere, over all replicas (:mod:`api.identity.throttle`).
"""

from datetime import datetime, timedelta
from math import ceil

from api.clock import Clock
from api.refusals import TooMany

_WINDOW = timedelta(minutes=1)
_MOST_KEPT = 20_000


class Rate:
    """At most `most` requests a minute for each key."""

    def __init__(self, clock: Clock, most: int) -> None:
        self._clock = clock
        self._most = most
        self._seen: dict[str, tuple[datetime, int]] = {}

    def count(self, key: str) -> None:
        """Counts one request.

        Raises:
            TooMany: There were as many as may be; says how long to wait.
        """
        now = self._clock()
        ends_at, count = self._seen.get(key, (now, 0))
        if not now < ends_at <= now + _WINDOW:  # it is over, or the clock was set back
            self._forget(now)
            ends_at, count = now + _WINDOW, 0
        self._seen[key] = ends_at, count + 1
        if count >= self._most:
            wait = max(1, ceil((ends_at - now).total_seconds()))
            raise TooMany(f"More than {self._most} requests in a minute. Wait {wait} s.", wait)

    def _forget(self, now: datetime) -> None:
        """Lets go of windows that ended, so that what is kept stays bounded."""
        if len(self._seen) >= _MOST_KEPT:
            self._seen = {key: one for key, one in self._seen.items() if one[0] > now}
