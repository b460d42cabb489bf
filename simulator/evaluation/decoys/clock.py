"""A clock change, in a home that lived through none: its days are given other dates.

Habits keep to the clock on the wall. The whole recording is moved by whole weeks, hour by hour as
the wall had it, so that a change of the clock falls into the decoy's time.
"""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from contract import SensorEvent
from detectors.moment import Calendar
from simulator.evaluation.decoys.decoy import Events
from simulator.evaluation.injection import time_of

WEEK = 7
DAYS_BEFORE = 35
"""The change comes so many days after the first event, or a few more."""


class Redated(NamedTuple):
    """A recording on other days.

    Attributes:
        events: In order of time.
        day: The day of the change, as an ordinal.
        later: How many days later than recorded.
    """

    events: Events
    day: int
    later: int


def redated(events: Events, zone: str, *, spring: bool) -> Redated:
    """The events on other days."""
    at_home = ZoneInfo(zone)
    first = Calendar(zone).moment(time_of(events[0])).day
    change = _change(date.fromordinal(first).year + 1, spring=spring)
    later = (change.toordinal() - DAYS_BEFORE - first) // WEEK * WEEK

    def on_other_days(event: SensorEvent) -> SensorEvent:
        wall = event.at.astimezone(at_home).replace(tzinfo=None) + timedelta(days=later)
        return msgspec.structs.replace(event, at=wall.replace(tzinfo=at_home).astimezone(UTC))

    moved = sorted((on_other_days(event) for event in events), key=time_of)
    return Redated(moved, change.toordinal(), later)


def _change(year: int, *, spring: bool) -> date:
    """The last Sunday of March or October."""
    last = date(year, 3 if spring else 10, 31)
    return last - timedelta(days=(last.weekday() + 1) % WEEK)


def day_of(t: float) -> str:
    """The date in UTC, for reports."""
    return datetime.fromtimestamp(t, UTC).date().isoformat()
