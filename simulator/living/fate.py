"""What will befall a person at a time that is known before: falls, days away, moving out."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from simulator.living.episodes.episode import Episode

NEVER: Final = float("inf")
_LEAST_AWAY_S: Final = 3600.0  # is left of days away: for less nobody leaves any more
_UNPACKING_S: Final = 1800.0  # from coming home after days to a fall that was to be meanwhile


class Gone(Exception):  # noqa: N818  (it is no error: it ends whatever they were about to do)
    """They have left for good."""


class Back(Exception):  # noqa: N818  (nor is this)
    """They are home again after days: what was planned is long over."""


class Struck(Exception):  # noqa: N818  (nor is this)
    """They fall."""

    def __init__(self, fall: Episode) -> None:
        super().__init__(fall.kind)
        self.fall = fall


class Fate:
    """One person's.

    Attributes:
        fall_from: When they fall next, in epoch seconds.
    """

    def __init__(self) -> None:
        self.fall_from = NEVER
        self._falls: list[Episode] = []
        self._absences: list[Episode] = []
        self._out_at = NEVER
        self._leaving: list[float] = []

    def fall(self, episode: Episode) -> None:
        """They will fall at its onset."""
        self._falls.append(episode)
        self._falls.sort(key=lambda fall: fall.onset)
        self.fall_from = self._falls[0].onset

    @contextmanager
    def later(self) -> Iterator[None]:
        """Nobody falls before this is over."""
        due, self.fall_from = self.fall_from, NEVER
        try:
            yield
        finally:
            self.fall_from = due

    def leave(self, absence: Episode) -> None:
        """They will be away from its onset, for its plateau."""
        self._absences.append(absence)
        self._leaving = sorted([*self._leaving, absence.onset])

    def leave_for_good(self, t: float) -> None:
        """They will move out."""
        self._out_at = t
        self._leaving = sorted([*self._leaving, t])

    def undisturbed(self, t: float, until: float) -> float:
        """Up to when, `until` at most, nobody takes them away who has not done so by `t`."""
        leaving = self._leaving
        while leaving and leaving[0] <= t:
            leaving.pop(0)
        return min(until, leaving[0]) if leaving else until

    def away(self, t: float) -> bool:
        """Whether they should be away now, and for a while more."""
        if not self._absences and t < self._out_at:
            return False
        return self.back(t) > t + _LEAST_AWAY_S

    def back(self, t: float) -> float:
        """When those who should be away at `t` will be back."""
        if t >= self._out_at:
            return NEVER
        ends = [each.onset + each.plateau_s for each in self._absences if each.onset <= t]
        return max(ends, default=t)

    def strike(self, t: float) -> None:
        """They fall, unless they are away for days: then they will when they are back.

        Raises:
            Struck: They do.
        """
        if self.away(t):
            self.fall_from = self.back(t) + _UNPACKING_S
            return
        fall = self._falls.pop(0)
        self.fall_from = self._falls[0].onset if self._falls else NEVER
        raise Struck(fall)
