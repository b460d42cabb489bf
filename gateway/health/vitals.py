"""Whether the hub's jobs get on: what feeds the service manager's watchdog, or starves it.

A job is not asked how it does. Each sign is looked at from outside: is there something to do, and
did anything come of it since the last look? So a job that hangs, has ended unseen or goes round in
circles shows, and one that rightly rests does not.
"""

import math
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass

PATIENCE_S = 45.0
"""How long something may be left to do without anything coming of it. Longer than the longest wait
between two tries, of the broker (30 s) as of a full disk (30 s)."""


@dataclass(frozen=True, slots=True)
class Sign:
    """How one job can be seen to get on.

    Attributes:
        job: Its name, in a word.
        owes: Whether there is something for it to do now.
        done: Something that differs whenever it got on.
    """

    job: str
    owes: Callable[[], bool]
    done: Callable[[], object]


class Vitals:
    """Looks at all signs.

    Args:
        signs: Of the jobs.
        elapsed: A clock that only runs forward, in seconds.
        patience_s: How long a job may owe something without getting on.
    """

    def __init__(
        self,
        signs: Iterable[Sign],
        elapsed: Callable[[], float],
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._signs = list(signs)
        self._elapsed = elapsed
        self._patience_s = patience_s
        self._seen: dict[str, tuple[object, float]] = {}

    def stuck(self) -> list[str]:
        """The jobs that have not got on for too long; look about once a second."""
        now = self._elapsed()
        return [sign.job for sign in self._signs if self._owes_since(sign, now) < now]

    def _owes_since(self, sign: Sign, now: float) -> float:
        """The end of a job's respite; infinite while it owes nothing."""
        done = sign.done()
        before, since = self._seen.get(sign.job, (None, now))
        if not sign.owes() or done != before:
            self._seen[sign.job] = (done, now)
            return math.inf
        return since + self._patience_s


def stuck_of(vitals: Vitals) -> list[str]:
    """The jobs that do not get on; reading is one where not even that can be read."""
    try:
        return vitals.stuck()
    except sqlite3.OperationalError:  # writing fails too, and is tried on; reading may not go on so
        return ["reading"]
