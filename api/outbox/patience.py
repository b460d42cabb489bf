"""When a message is tried again, and when no more. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Patience:
    """How long a message is tried.

    Attributes:
        first: Seconds to wait behind the first try that failed; each wait after is twice as long.
        longest: The longest wait, in seconds.
        tries: After so many it is given up.
        age: And after so long since the first try.
    """

    first: float = 5.0
    longest: float = 900.0
    tries: int = 40
    age: timedelta = timedelta(hours=8)

    @classmethod
    def for_urgent(cls) -> "Patience":
        """As long, and never more than a minute apart: where help is asked for, somebody waits."""
        return cls(longest=60.0, tries=1000)

    def wait(self, tries: int, after: float | None, random: Callable[[], float]) -> float:
        """Seconds until the next try.

        Half of it is left to chance, so that what failed together does not come back together.

        Args:
            tries: How many there have been, at least 1.
            after: What the other side asked for; never less than that, up to `longest`.
            random: A number from 0 to 1.
        """
        full = min(self.longest, self.first * 2.0 ** min(tries - 1, 30))
        return max(full * (0.5 + random() / 2), min(after or 0.0, self.longest))

    def over(self, tries: int, first_at: datetime, now: datetime) -> bool:
        """Whether this was the last try."""
        return tries >= self.tries or now - first_at >= self.age
