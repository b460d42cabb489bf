"""A report as programs read it, the console draws it and CSV lists it."""

from datetime import date, datetime

import msgspec

from api.reports.intervals import Interval


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """Local days from `since` to `until`, both inclusive, in `time_zone`."""

    since: date
    until: date
    time_zone: str


class AnswerTimes(msgspec.Struct, frozen=True, kw_only=True):
    """How soon somebody looked, beside one duty.

    Attributes:
        within_s: Seconds that the duty gives; None where it ends with a day.
        target: Which part is to be in time, above 0, at most 1.
        alerts: Those that came in and were neither taken back nor set aside before anybody looked.
        in_time: Looked at before their time was up.
        late: Looked at later, or not yet though their time is up.
        waiting: Nobody has looked, and there is still time; in no share.
        taken_back: Taken back or set aside by the centre before anybody looked; in no share.
        share: `in_time` of `in_time` and `late`.
        kept: Whether `share` is at least `target`; None where there was none.
        median_s, p90_s: Seconds to the first look, of those looked at; None where there was none.
        since, until: When the duty was promised, and when another took its place; None where that
            was before the period, or never.
    """

    priority: str
    level: int
    kind: str
    within_s: float | None
    target: float
    alerts: int
    in_time: int
    late: int
    waiting: int
    taken_back: int
    share: Interval | None
    kept: bool | None
    median_s: float | None
    p90_s: float | None
    since: datetime | None = None
    until: datetime | None = None


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """Work within an hour of the day, or a shift: alerts that came in, steps that staff took."""

    name: str
    alerts: int
    steps: int


class RoleLoad(msgspec.Struct, frozen=True, kw_only=True):
    """Work by what people are trusted with; never by person.

    Attributes:
        people: How many of the role took a step; None where withheld.
        steps: Steps they took, alerts they ended; None where withheld.
    """

    role: str
    people: int | None
    steps: int | None
    resolved: int | None


class ConditionFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What came of the alerts of one condition. Numbers are None where withheld.

    Attributes:
        alerts: That came in, without those raised on purpose.
        homes: In how many homes.
        confirmed: It was so: a true concern; of technical alerts also a matter of equipment.
        not_confirmed: A false alarm, a known reason, or, unless technical, equipment.
        unknown: Nobody could be reached, so that nobody can tell.
        open: No outcome yet.
        taken_back: Taken back by the centre: no outcome to come.
        further: What hubs said of them again while they were open, such as another press of a
            button; that they are over is not counted.
        predictive_value: `confirmed` of `confirmed` and `not_confirmed`.
        false_per_month: `not_confirmed` per person-month, with the exact Poisson interval.
        withheld: Too few homes are behind it.
    """

    condition: str
    priority: str
    alerts: int | None
    homes: int | None
    confirmed: int | None
    not_confirmed: int | None
    unknown: int | None
    open: int | None
    taken_back: int | None
    further: int | None
    predictive_value: Interval | None
    false_per_month: Interval | None
    withheld: bool = False


class OutcomeFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How often alerts of one priority turned out to be one thing; None where withheld."""

    priority: str
    outcome: str
    alerts: int | None
    homes: int | None
    withheld: bool = False


class CallFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How often calls because of lists of people to call came to one thing; None where withheld."""

    outcome: str
    calls: int | None
    homes: int | None
    withheld: bool = False


class Uptime(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the time hubs and sensors were heard.

    Attributes:
        hubs: Set up, for some of the period at least.
        hub_share: The share of their time in which they were not known to be silent; 0 to 1.
        hub_silences: Times that one fell silent within the period.
        sensors: That those homes have told of.
        sensor_share: The share of their time in which none was told to be silent; 0 to 1.
    """

    hubs: int
    hub_share: float | None
    hub_silences: int
    sensors: int
    sensor_share: float | None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One organisation's report.

    Attributes:
        whole: Whether the period was over when the report was made.
        homes: Watched for some of the period.
        person_months: Time in which these were watched, in months of 30.4375 days, one person each,
            without what is on record as away or paused.
        small_numbers: Whether what few homes or people stand behind is shown.
        others_alerts: Of the centre's own about many homes; in no figure by condition.
    """

    organisation: int
    name: str
    period: Period
    made_at: datetime
    whole: bool
    homes: int
    person_months: float
    small_numbers: bool
    answer_times: list[AnswerTimes]
    hours: list[Load]
    shifts: list[Load]
    roles: list[RoleLoad]
    conditions: list[ConditionFigures]
    outcomes: list[OutcomeFigures]
    calls: list[CallFigures]
    uptime: Uptime
    others_alerts: int
