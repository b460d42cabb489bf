"""A lasting change of routine: when it is believed, and from which day the new usual counts."""

from collections.abc import Sequence
from datetime import date

import msgspec

from detectors.features.kept_days import LEARNED, KeptDay
from detectors.features.measures import BY_NAME
from detectors.scorers.baseline import Baseline, Shift

LASTING_DAYS = 14
"""What has lasted so long is no illness of a week, and becomes the usual."""
LEAST_DAYS = 10
"""Days since a change that must have been seen, for a new usual to stand on."""
CHECKED = 7
TOLD_DAYS = 14
"""For so long an answer mentions that the usual has changed."""


class Change(msgspec.Struct):
    """A change that may last, or that has.

    Attributes:
        measures: In which it showed; empty where an alert has simply not cleared.
        since: The first day of the new routine, as an ordinal.
        taken_on: When it became the usual; None while it is waited for.
    """

    measures: list[str]
    since: int
    taken_on: int | None = None

    @property
    def text(self) -> str:
        """What is said of it once it is the usual."""
        where = ", ".join(BY_NAME[name].label.lower() for name in self.measures)
        of = f" ({where})" if where else ""
        since = date.fromordinal(self.since)
        return (
            f"The routine has been another since about {since.day} {since:%B}{of}; "
            "it now counts as the usual."
        )


def noticed(shifts: Sequence[Shift], days: Sequence[KeptDay]) -> Change:
    """The change that some measures make certain on the last of the days.

    It began when the longest of them says; where none can say, it is taken to begin now.
    """
    lasted = max((shift.days or 1) for shift in shifts)
    since = days[-min(lasted, len(days))].day
    return Change(sorted(shift.measure for shift in shifts), since)


def lasts(change: Change, days: Sequence[KeptDay], baseline: Baseline) -> bool | None:
    """Whether a change has lasted; None while it is too early to say."""
    since = [one for one in days if one.day >= change.since]
    if days[-1].day - change.since + 1 < LASTING_DAYS or len(since) < LEAST_DAYS:
        return None
    return not change.measures or baseline.still_off(change.measures, since[-CHECKED:])


def taken(change: Change, days: Sequence[KeptDay]) -> list[KeptDay]:
    """The days since a change, all of them part of the new usual."""
    return [
        msgspec.structs.replace(one, standing=LEARNED) for one in days if one.day >= change.since
    ]
