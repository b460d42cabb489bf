"""A small house for trying one rule: what happens, said in a line, and what comes of it."""

from datetime import UTC, date, datetime

from contract import Assessment, SensorEvent, State
from detectors.conformance.driver import drive
from detectors.household_rules import HouseholdRule, UrgentHouseholdRule
from detectors.moment import Calendar
from detectors.profile import HomeProfile
from detectors.rules.registry import Rule

ZONE = "Europe/London"
START = date(2025, 3, 3)  # a Monday
KINDS = {
    "front_door": "opening",
    "back_door": "opening",
    "fridge": "opening",
    "kettle": "appliance",
    "bed": "presence",
    "toilet": "flush",
}


def instant(clock: str, day: int = 0) -> float:
    """`10:30` of the `day`-th day, in epoch seconds."""
    hours, minutes = clock.split(":")
    return Calendar(ZONE).at(START.toordinal() + day, int(hours) + int(minutes) / 60)


def happens(what: str, day: int = 0) -> list[SensorEvent]:
    """`"10:30 kettle, 11:00 front_door 0"` as events; a value of 1 need not be said."""
    return [_event(*words.split(), day=day) for words in what.split(",")]


def days(what: str, count: int) -> list[SensorEvent]:
    """The same every day."""
    return [event for day in range(count) for event in happens(what, day)]


def home(*rules: Rule, people: int = 1) -> HomeProfile:
    """The house, with its rules."""
    return HomeProfile(home="h1", time_zone=ZONE, people=people, rules=rules)


def said(
    rule: Rule, events: list[SensorEvent], until: float | None = None, *, people: int = 1
) -> list[Assessment]:
    """All that is said of a rule, in order."""
    make = UrgentHouseholdRule if rule.urgent else HouseholdRule
    detector = make(home(rule, people=people))
    return drive(detector, sorted(events, key=lambda one: one.at), ZONE, until)


def told(answers: list[Assessment]) -> list[tuple[str, str]]:
    """When something was raised that was not, and when it was over, as `(day clock, state)`."""
    found: list[tuple[str, str]] = []
    standing = False
    for answer in answers:
        if answer.state not in {State.RAISED, State.NORMAL}:
            continue
        if (answer.state == State.RAISED) != standing:
            standing = not standing
            found.append((clock(answer), "raised" if standing else "over"))
    return found


def clock(answer: Assessment) -> str:
    """The day of the house and the time, such as `2 10:30`."""
    moment = Calendar(ZONE).moment(answer.at.timestamp())
    hours, minutes = divmod(int(moment.second) // 60, 60)
    return f"{moment.day - START.toordinal()} {hours:02}:{minutes:02}"


def _event(at: str, place: str, value: str = "1", kind: str = "", *, day: int) -> SensorEvent:
    return SensorEvent(
        home="h1",
        sensor=f"{place}-sensor",
        kind=kind or KINDS.get(place, "motion"),
        place=place,
        at=datetime.fromtimestamp(instant(at, day), UTC),
        value=float(value),
    )
