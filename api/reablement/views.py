"""A programme of reablement as staff see it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import msgspec


class NewProgramme(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for when a programme begins: its first local day, and how long it goes on."""

    starts: date
    weeks: Annotated[int, msgspec.Meta(ge=3, le=26)] = 6


class Sequel(StrEnum):
    """How somebody lives once a programme has ended, against what it began with."""

    NO_SUPPORT = "no_support"
    LESS_SUPPORT = "less_support"
    SAME_SUPPORT = "same_support"
    MORE_SUPPORT = "more_support"
    CARE_HOME = "care_home"
    HOSPITAL = "hospital"
    STOPPED = "stopped"


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """The end of a programme.

    Attributes:
        at: When.
        sequel: How it ended; null where nobody said.
        by: Who said so, by name; empty where it was not kept.
    """

    at: datetime
    sequel: Sequel | None
    by: str


class Week(msgspec.Struct, frozen=True, kw_only=True):
    """One whole week: means of a day over the days that were seen.

    Attributes:
        begins: Its first local day.
        days_seen: Of its seven days, on how many enough was heard of somebody at home.
        bathroom: Visits.
        kitchen: Uses of kettle, other appliances and fridge.
        transit: Seconds from one room to the next, the middle way of each day.
        out: Minutes out.
        rest: Minutes of stillness between 23 and 07.
    """

    week: int
    begins: date
    days_seen: int
    bathroom: float | None
    kitchen: float | None
    transit: float | None
    out: float | None
    rest: float | None


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """One measure of the last two weeks against the first two.

    Attributes:
        way: `better`, `worse` or `same`; `more` or `less` where neither is better.
        text: The same as a sentence.
    """

    measure: str
    first: float
    last: float
    way: str
    text: str


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """What may be considered.

    Attributes:
        says: `step_up` (more support), `step_down` (less), `no_change` or `cannot_say`.
        why: One sentence for each measure, or what is missing; and which days are left out.
    """

    says: str
    why: list[str]
    compared: list[Comparison]


class ProgrammeLine(msgspec.Struct, frozen=True, kw_only=True):
    """A programme in a list; `ended` is null while it runs, also beyond the weeks planned."""

    programme: int
    home: str
    label: str
    time_zone: str
    starts: date
    weeks_planned: int
    ended: Ended | None


class Programme(ProgrammeLine, frozen=True, kw_only=True):
    """A programme with its whole weeks so far, or until it ended, the first one first."""

    weeks: list[Week]
    advice: Advice
