"""The floor as pages read it. Nothing of :class:`Floor` names a home, or anybody at all."""

from datetime import datetime
from typing import Literal

import msgspec

Priority = Literal["urgent", "advisory", "technical"]


class LaneNow(msgspec.Struct, frozen=True, kw_only=True):
    """Alerts of one priority that are not at their end.

    Attributes:
        waiting: Nobody has them.
        late: Of these, those that wait longer than was promised.
        escalated: Of these, those for which a supervisor or the next level was called.
        oldest: Since when the one waits that has waited longest; None where none does.
        in_hand: Somebody has them.
        suspended: Somebody has them, and waits for something.
        shelved: Set aside as nuisances.
    """

    priority: Priority
    waiting: int
    late: int
    escalated: int
    oldest: datetime | None
    in_hand: int
    suspended: int
    shelved: int


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """Urgent alerts that came in during a time, beside how soon somebody was to look at them.

    Attributes:
        begins: When that time begins.
        in_time: Looked at in time.
        late: Looked at later, or not yet though their time is up.
        waiting: Nobody has looked, and there is still time.
    """

    begins: datetime
    in_time: int
    late: int
    waiting: int

    @property
    def share(self) -> float | None:
        """Which part was in time, from 0 to 1; None of none."""
        judged = self.in_time + self.late
        return self.in_time / judged if judged else None


class HubsNow(msgspec.Struct, frozen=True, kw_only=True):
    """Hubs that homes have: heard, fallen silent, and claimed but never heard."""

    heard: int
    silent: int
    unheard: int


class Floor(msgspec.Struct, frozen=True, kw_only=True):
    """All of it at `made_at`.

    Attributes:
        lanes: One for each priority, the urgent first.
        hours: The last hours, the oldest first; the last one is not over.
        promised_s: Seconds that an urgent alert may wait; the least where clients were promised
            different times, None where no time in seconds was.
        target: Which part of them is to be in time; the greatest of several, None where none is.
        unwatched: Homes with a pause or an absence.
        tasks_due: Follow-up tasks for today.
        tasks_overdue: Follow-up tasks for an earlier day.
    """

    made_at: datetime
    lanes: list[LaneNow]
    hours: list[Kept]
    promised_s: float | None
    target: float | None
    hubs: HubsNow
    unwatched: int
    tasks_due: int
    tasks_overdue: int


class Hand(msgspec.Struct, frozen=True, kw_only=True):
    """What one member of staff has now, and did since a time.

    Attributes:
        holding: Alerts that they have.
        waiting: Alerts that they have and suspended.
        taken: Alerts that they claimed, were handed or took over.
        resolved: Alerts that they ended.
        steps: All that they did to alerts.
        last_at: When they last did something; None where that is longer ago.
    """

    staff: int
    name: str
    role: str
    holding: int
    waiting: int
    taken: int
    resolved: int
    steps: int
    last_at: datetime | None


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """An alert that staff ended: what it turned out to be, when, and who ended it.

    `home` and `label` are empty where it was about many.
    """

    id: int
    home: str
    label: str
    time_zone: str
    condition: str
    outcome: str
    at: datetime
    name: str


class Absent(msgspec.Struct, frozen=True, kw_only=True):
    """A home with a pause or an absence: of which kind, and until when."""

    home: str
    label: str
    time_zone: str
    kind: str
    until: datetime


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """What the next shift wants to know beside the queue and the tasks."""

    made_at: datetime
    since: datetime
    ended: list[Ended]
    absent: list[Absent]
