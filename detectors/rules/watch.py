"""What a rule's watch is: it sees what happens, has a timer, and finds the rule kept or not."""

from datetime import datetime
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from contract import Evidence, SensorEvent, State
from detectors.moment import Calendar, Moment


class Setting(NamedTuple):
    """The home, as a watch needs to know it.

    Attributes:
        people: How many live there.
        calendar: Of its time zone.
        zone: The same, to tell the time of day.
    """

    people: int
    calendar: Calendar
    zone: ZoneInfo

    def clock(self, t: float) -> str:
        """The time of the day at `t`, in epoch seconds."""
        return f"{datetime.fromtimestamp(t, self.zone):%H:%M}"


class Finding(NamedTuple):
    """What a watch finds.

    Attributes:
        state: NORMAL, RAISED, BLIND or LEARNING.
        why: Why it cannot say; empty where it can.
        text: What was observed.
        prompt: What staff may do; empty unless raised.
        score: 0 to 1; a half where the bound is reached.
        evidence: The figure beside the bound and the usual; None where it cannot say.
    """

    state: State
    why: str
    text: str
    prompt: str = ""
    score: float = 0.0
    evidence: Evidence | None = None


class Watch(Protocol):
    """Keeps one rule in one home: pure, online, in event time."""

    @property
    def state(self) -> State:
        """What it finds now, without the words."""
        ...

    def observe(self, event: SensorEvent, moment: Moment) -> None:
        """Takes in one event of any kind."""
        ...

    def leapt(self, by: float, moment: Moment) -> None:
        """The clock was set ahead, to `moment`, by so many seconds, which did not pass."""
        ...

    def due(self) -> float:
        """When it wants to judge though nothing happens, in epoch seconds, or `NEVER`."""
        ...

    def judge(self, moment: Moment) -> None:
        """Judges at the moment it asked for, and moves `due` to later than that."""
        ...

    def end_day(self, moment: Moment) -> None:
        """Ends the local day before `moment`."""
        ...

    def finding(self, moment: Moment) -> Finding:
        """What it finds now, in figures and words."""
        ...

    def snapshot(self) -> bytes:
        """Everything it remembers; at most about 1.5 KiB."""
        ...

    def restore(self, snapshot: bytes) -> None:
        """Goes on from a snapshot of a watch of the same rule.

        Raises:
            ValueError: The bytes are no such snapshot.
        """
        ...
