"""On how many days a condition could not say anything: what an absence of alerts is worth."""

from collections import defaultdict

from contract import Assessment, State
from detectors.moment import Calendar

_JUDGED = frozenset({State.NORMAL, State.RAISED})
_INSTANT = 1e-3


class Doubts:
    """The days of one home on which its conditions answered, and on which they could judge.

    Args:
        time_zone: The home's, an IANA name.
    """

    def __init__(self, time_zone: str) -> None:
        self._calendar = Calendar(time_zone)
        self._answered: dict[str, set[int]] = defaultdict(set)
        self._judged: dict[str, set[int]] = defaultdict(set)

    def note(self, answer: Assessment) -> None:
        """Takes in an answer; one of midnight is about the day that ends."""
        day = self._calendar.moment(answer.at.timestamp() - _INSTANT).day
        self._answered[answer.condition].add(day)
        if answer.state in _JUDGED:
            self._judged[answer.condition].add(day)

    def since(self, t: float) -> dict[str, int]:
        """How many days from `t` (epoch seconds) on each condition was learning or blind."""
        first = self._calendar.moment(t).day
        return {
            condition: sum(day >= first for day in days - self._judged[condition])
            for condition, days in self._answered.items()
        }
