"""Whether somebody belongs on a list, and why: pure, one home at a time."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Literal, NamedTuple

import msgspec

from api.cohorts.record import Record

BASELINE_DAYS = 28
"""Days before the newest ones that a trend is held against."""
FEWEST_BASELINE = 7
"""Of those, on how many the home must have been heard."""
NIGHTS = 7
"""Nights that are looked back upon."""

Celsius = Annotated[float, msgspec.Meta(ge=-20, le=60)]
Share = Annotated[float, msgspec.Meta(gt=0, le=5)]
Days = Annotated[int, msgspec.Meta(ge=1, le=366)]


class Trend(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That a measure of the last days is away from the four weeks before.

    Attributes:
        measure: `intake` (kettle, fridge), `kitchen` (also other appliances, movement in the
            kitchen) or `bathroom` (movement, flushes).
        way: Which way.
        by: By which part of what it was, at least; 0.25 is a quarter.
        days: How many whole days are looked at.
    """

    measure: Literal["intake", "kitchen", "bathroom"]
    way: Literal["less", "more"]
    by: Share
    days: Annotated[int, msgspec.Meta(ge=1, le=14)] = 3


class Criteria(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A filter. Whatever is given must hold; at least one thing must be.

    Attributes:
        age_at_least: Years. Of a band of years that may be above, they are taken to be.
        on_record: What must be on record of the person, all of it.
        colder_than_c, warmer_than_c: The mean of the home's thermometers indoors over
            `temperature_days`, in degrees Celsius.
        alerts: Conditions; one of them was raised in `alert_days`, and was no false alarm.
        trend: What has become more or less.
        night_trips: Trips to the bathroom between 23 and 06 at least, in `nights_at_least` of the
            last seven nights.
        discharged_within_days: Came home from hospital so many days ago at most.
    """

    age_at_least: Annotated[int, msgspec.Meta(ge=18, le=110)] | None = None
    on_record: list[
        Literal["earlier_uti", "catheter", "dementia", "earlier_falls", "fluid_limit"]
    ] = []
    colder_than_c: Celsius | None = None
    warmer_than_c: Celsius | None = None
    temperature_days: Annotated[int, msgspec.Meta(ge=1, le=14)] = 3
    alerts: Annotated[list[str], msgspec.Meta(max_length=20)] = []
    alert_days: Days = 7
    trend: Trend | None = None
    night_trips: Annotated[int, msgspec.Meta(ge=1, le=30)] | None = None
    nights_at_least: Annotated[int, msgspec.Meta(ge=1, le=7)] = 2
    discharged_within_days: Days | None = None


class Raised(NamedTuple):
    """When an alert was raised, and what it says."""

    at: datetime
    text: str


class Facts(NamedTuple):
    """What is known of one home.

    Attributes:
        record: What is on record of the person; None where nothing is.
        celsius: The mean indoors over the days asked for; None where no thermometer was heard.
        raised: When one of the conditions was last raised, and in which words, by condition.
        counts: How often something was used, by whole local day; a day without is not there.
        nights: Trips to the bathroom, by the morning that the night ended with; None where no
            sensor sees the bathroom.
        today: The home's local day.
        away: Local days on which they were on record as away, or paused: no day of none.
        nights_away: The same of nights.
    """

    record: Record | None
    celsius: float | None
    raised: Mapping[str, Raised]
    counts: Mapping[date, float]
    nights: Mapping[date, int] | None
    today: date
    away: frozenset[date] = frozenset()
    nights_away: frozenset[date] = frozenset()


class Verdict(NamedTuple):
    """Whether they belong, None where something is not known; why; and what is not known."""

    belongs: bool | None
    why: list[str]
    missing: str = ""


NEWER = "A newer version of the centre has put it there, and this one cannot read it."
"""Why something is not known in the midst of an upgrade."""
_TOO_FEW_AT_HOME = "Too few days are left to tell a trend: days away or paused do not count."
_TOO_FEW_NIGHTS = "Too few nights are left to count trips in: nights away or paused do not count."


def judge(criteria: Criteria, facts: Facts) -> Verdict:
    """Holds one home against a filter. One thing that does not hold settles it."""
    why: list[str] = []
    missing = ""
    for holds, said in _each(criteria, facts):
        if holds is False:
            return Verdict(False, [])
        if holds is None:
            missing = missing or said
        else:
            why.append(said)
    return Verdict(None, why, missing) if missing else Verdict(bool(why), why)


def out_without_nights(criteria: Criteria, facts: Facts) -> bool:
    """Whether something else than the nights settles that they do not belong.

    Nights are dear to count: of who does not belong anyway, nobody need ask.
    """
    without = msgspec.structs.replace(criteria, night_trips=None)
    return any(holds is False for holds, _ in _each(without, facts))


def given(criteria: Criteria) -> bool:
    """Whether anything is asked for: an empty filter would list everybody."""
    asked = msgspec.structs.asdict(criteria)
    lists = asked["on_record"] or asked["alerts"]
    return bool(lists) or any(
        asked[name] is not None
        for name in ("age_at_least", "colder_than_c", "warmer_than_c", "trend", "night_trips",
                     "discharged_within_days")
    )  # fmt: skip


def _each(criteria: Criteria, facts: Facts) -> Iterator[tuple[bool | None, str]]:
    if criteria.age_at_least is not None:
        yield _age(criteria.age_at_least, facts.record)
    for word in criteria.on_record:
        yield _on_record(word, facts.record)
    if criteria.colder_than_c is not None or criteria.warmer_than_c is not None:
        yield _temperature(criteria, facts.celsius)
    if criteria.alerts:
        yield _alert(facts.raised)
    if criteria.trend:
        yield _trend(criteria.trend, facts)
    if criteria.night_trips is not None:
        yield _nights(criteria.night_trips, criteria.nights_at_least, facts)
    if criteria.discharged_within_days is not None:
        yield _discharge(criteria.discharged_within_days, facts)


def _on_record(word: str, record: Record | None) -> tuple[bool | None, str]:
    if record is None:
        return None, "Nothing is on record."
    if word in record.unread:
        return None, NEWER
    return word in record.flags, f"On record: {word.replace('_', ' ')}."


def _age(years: int, record: Record | None) -> tuple[bool | None, str]:
    if record is not None and "age" in record.unread:
        return None, NEWER
    if record is None or record.age is None:
        return None, "Their age is not on record."
    low, high = record.age
    if high is not None and high < years:
        return False, ""
    band = f"{low} or more" if high is None else f"{low} to {high}"
    doubt = "" if low >= years else f", so they may be {years} or more"
    return True, f"Age on record: {band}{doubt}."


def _temperature(criteria: Criteria, celsius: float | None) -> tuple[bool | None, str]:
    if celsius is None:
        return None, "No thermometer was heard."
    cold, warm = criteria.colder_than_c, criteria.warmer_than_c
    if (cold is not None and celsius >= cold) or (warm is not None and celsius <= warm):
        return False, ""
    days = criteria.temperature_days
    return True, f"{celsius:.1f} °C indoors on average over the last {days} days."


def _alert(raised: Mapping[str, Raised]) -> tuple[bool, str]:
    """In the alert's own words: what was seen and what to check, which no condition's name says."""
    if not raised:
        return False, ""
    at, text = max(raised.values())
    return True, f"Alert of {at:%Y-%m-%d}: {text}"


def _trend(trend: Trend, facts: Facts) -> tuple[bool | None, str]:
    first = facts.today - timedelta(days=trend.days)
    # A day on which nothing was counted, though the home is usually heard, is a day of none; but
    # one on which nobody was there to use anything, or to be watched, is no day.
    at_home = {day: n for day, n in facts.counts.items() if day not in facts.away}
    newest = [n for day, n in at_home.items() if first <= day < facts.today]
    earlier = [n for day, n in at_home.items() if day < first]
    if len(earlier) < FEWEST_BASELINE or not newest:
        return None, _TOO_FEW_AT_HOME if facts.away else "Too few days were seen to tell a trend."
    usual = sum(earlier) / len(earlier)
    now = sum(newest) / len(newest)
    if usual <= 0:
        return None, "Too little is usual to tell a trend."
    change = now / usual - 1
    holds = change <= -trend.by if trend.way == "less" else change >= trend.by
    way = "less" if change < 0 else "more"
    gone = f"; {_days(len(facts.away))} away or paused left out" if facts.away else ""
    return holds, (
        f"{trend.measure.capitalize()} {abs(change):.0%} {way} than in the four weeks before: "
        f"{now:.1f} a day, usually {usual:.1f}{gone}."
    )


def _nights(trips: int, at_least: int, facts: Facts) -> tuple[bool | None, str]:
    if facts.nights is None:
        return None, "No sensor sees the bathroom."
    # Whoever was not there made no trips; whoever else was made theirs.
    at_home = {night: n for night, n in facts.nights.items() if night not in facts.nights_away}
    many = sum(n >= trips for n in at_home.values())
    gone = min(len(facts.nights_away), NIGHTS)  # parts of two may be of one more
    left = NIGHTS - gone
    if many < at_least:
        return (None, _TOO_FEW_NIGHTS) if left < at_least else (False, "")
    said = f"{trips} or more trips to the bathroom in {many} of the last {NIGHTS} nights"
    out = f"; {gone} night{'s' * (gone != 1)} away or paused left out" if gone else ""
    return True, f"{said}{out}."


def _discharge(days: int, facts: Facts) -> tuple[bool | None, str]:
    if facts.record is None or facts.record.discharged is None:
        return False, ""
    ago = (facts.today - facts.record.discharged).days
    if not 0 <= ago <= days:
        return False, ""
    return True, f"Home from hospital for {_days(ago)}, since {facts.record.discharged}."


def _days(number: int) -> str:
    return f"{number} day{'s' * (number != 1)}"
