"""What household rules have in common: a name, how urgent they are, and when they count."""

from typing import Annotated, Literal, NamedTuple

import msgspec

from detectors.moment import Calendar, Moment

RuleName = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^\S([^\x00-\x1f\x7f]*\S)?$",
        max_length=64,
        description="a text in quotes of 1 to 64 characters, without blanks at its ends",
    ),
]
Clock = Annotated[
    str,
    msgspec.Meta(
        pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$",
        description='a time from "00:00" to "23:59"',
    ),
]
Place = Annotated[
    str,
    msgspec.Meta(
        pattern="^[a-z][a-z0-9_]{0,63}$",
        description="the place of a sensor, in lower_snake_case",
    ),
]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class RuleForm(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"
):
    """The fields of every rule.

    Attributes:
        name: What staff call it; unlike any other of the home. It names no person.
        urgent: Whether somebody must look within minutes; otherwise the same day.
        weekdays: The days on which it counts; none means all. What begins in the evening belongs to
            that evening's day also after midnight.
    """

    name: RuleName
    urgent: bool = False
    weekdays: tuple[Weekday, ...] = ()


class Span(NamedTuple):
    """The part of a day, and the weekdays, in which a rule counts.

    Attributes:
        since, until: Wall-clock seconds after local midnight. Where `until` is not later the span
            runs into the next day; where both are the same it is the whole day.
        weekdays: 0 for Monday to 6; none means all.
    """

    since: int
    until: int
    weekdays: frozenset[int]

    def holds(self, moment: Moment) -> bool:
        """Whether it counts at that moment."""
        if self.since < self.until:
            return self.since <= moment.second < self.until and self.on(moment.day)
        if moment.second >= self.since:
            return self.on(moment.day)
        return moment.second < self.until and self.on(moment.day - 1)

    def next_from(self, moment: Moment, calendar: Calendar) -> float:
        """The first instant, not before `moment`, at which it counts, in epoch seconds."""
        if self.holds(moment):
            return moment.t
        starts = (
            calendar.at(day, self.since / 3600)
            for day in range(moment.day, moment.day + 9)
            if self.on(day)
        )
        return next(start for start in starts if start >= moment.t)

    def end_after(self, moment: Moment, calendar: Calendar) -> float:
        """When the span that holds at `moment` is over, in epoch seconds."""
        over_midnight = self.since >= self.until and moment.second >= self.since
        return calendar.at(moment.day + over_midnight, self.until / 3600)

    def on(self, day: int) -> bool:
        """Whether it counts on a local day, given as an ordinal."""
        return not self.weekdays or (day - 1) % 7 in self.weekdays


def span(since: str, until: str, weekdays: tuple[Weekday, ...]) -> Span:
    """The span from one time of the day to another, such as `22:00` and `07:00`."""
    return Span(seconds(since), seconds(until), frozenset(WEEK.index(one) for one in weekdays))


def seconds(clock: str) -> int:
    """`10:30` in seconds after midnight."""
    hours, minutes = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60
