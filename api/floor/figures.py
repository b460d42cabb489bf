"""Reckons the floor from rows; pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, get_args

from api.alerts.duties import Duty, due
from api.alerts.lifecycle import AlertState
from api.alerts.reading import LANES
from api.floor.views import Kept, LaneNow, Priority
from api.reports.figures import answer_times

Row = Mapping[str, Any]
Promises = Mapping[int | None, Sequence[Duty]]
"""Duties by organisation; under None those of everybody who has none of their own."""

WAITS: Final = frozenset({AlertState.RAISED, AlertState.ESCALATED})
_HOUR = timedelta(hours=1)


def promises(duties: Iterable[tuple[int | None, Duty]]) -> dict[int | None, list[Duty]]:
    """Duties by organisation."""
    found: dict[int | None, list[Duty]] = defaultdict(list)
    for organisation, duty in duties:
        found[organisation].append(duty)
    return dict(found)


def promise(made: Promises, organisation: int | None, priority: str) -> Duty | None:
    """What an organisation was promised for a priority, and a supervisor answers for: level 1."""
    duties = made.get(organisation) or made.get(None, ())
    return next((one for one in duties if (one.priority, one.level) == (priority, 1)), None)


def lanes(alerts: Sequence[Row], made: Promises, now: datetime) -> list[LaneNow]:
    """What stands in each lane.

    Args:
        alerts: With `organisation`, `lane`, `state`, `time_zone` and `since`.
        made: What was promised.
        now: When.
    """
    by_lane: dict[str, list[Row]] = defaultdict(list)
    for row in alerts:
        by_lane[LANES[row["lane"]]].append(row)
    return [_lane(priority, by_lane[priority], made, now) for priority in get_args(Priority)]


def _lane(priority: Priority, alerts: Sequence[Row], made: Promises, now: datetime) -> LaneNow:
    states = Counter(row["state"] for row in alerts)
    waiting = [row for row in alerts if row["state"] in WAITS]
    late = 0
    for row in waiting:
        duty = promise(made, row["organisation"], priority)
        late += duty is not None and due(duty, row["since"], row["time_zone"]) <= now
    return LaneNow(
        priority=priority,
        waiting=len(waiting),
        late=late,
        escalated=states[AlertState.ESCALATED],
        oldest=min((row["since"] for row in waiting), default=None),
        in_hand=states[AlertState.CLAIMED],
        suspended=states[AlertState.SUSPENDED],
        shelved=states[AlertState.SHELVED],
    )


def first_hour(now: datetime, hours: int) -> datetime:
    """When the first of so many hours begins, of which the last is the one that goes on."""
    return now.replace(minute=0, second=0, microsecond=0) - (hours - 1) * _HOUR


def kept(
    alerts: Mapping[int, Sequence[Row]], made: Promises, now: datetime, hours: int
) -> list[Kept]:
    """How urgent alerts of the last hours were looked at.

    Args:
        alerts: By organisation; as :func:`api.reports.figures.answer_times` takes them.
        made: What was promised.
        now: When.
        hours: How many hours, the one that goes on among them.
    """
    begins = first_hour(now, hours)
    sums = [[0, 0, 0] for _ in range(hours)]
    for organisation, rows in alerts.items():
        duty = promise(made, organisation, "urgent")
        if duty is None:
            continue
        within: dict[int, list[Row]] = defaultdict(list)
        for row in rows:
            within[(row["received_at"] - begins) // _HOUR].append(row)
        for hour, those in within.items():
            if 0 <= hour < hours:
                times = answer_times(those, duty, now)
                for place, number in enumerate((times.in_time, times.late, times.waiting)):
                    sums[hour][place] += number
    return [
        Kept(begins=begins + hour * _HOUR, in_time=in_time, late=late, waiting=waiting)
        for hour, (in_time, late, waiting) in enumerate(sums)
    ]


def whole(hours: Sequence[Kept]) -> Kept:
    """The hours taken together.

    Raises:
        IndexError: There is no hour.
    """
    return Kept(
        begins=hours[0].begins,
        in_time=sum(one.in_time for one in hours),
        late=sum(one.late for one in hours),
        waiting=sum(one.waiting for one in hours),
    )
