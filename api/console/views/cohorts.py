"""What staff type of a list of people to call, and the same again as they would type it. Pure."""

from collections.abc import Mapping
from typing import Any, get_args, get_type_hints

import msgspec

from api.cohorts.criteria import Criteria, Trend
from api.cohorts.views import Cohort, NewCohort
from contract import Condition

RECORD: tuple[str, ...] = get_args(get_args(get_type_hints(Criteria)["on_record"])[0])
"""What may have to be on record of the person."""
ALERTS = (
    Condition.DEHYDRATION_RISK, Condition.UTI_RISK, Condition.FALL_RISK, Condition.UNUSUAL_DAY,
    Condition.POSSIBLE_FALL, Condition.NO_MOVEMENT, Condition.NIGHT_WANDERING,
    Condition.HELP_BUTTON, Condition.COLD_HOME, Condition.HOT_HOME, Condition.HOUSEHOLD_RULE,
    Condition.URGENT_HOUSEHOLD_RULE,
)  # fmt: skip
"""Alerts that are about a person; others are about machines."""
TRENDS = ("intake", "kitchen", "bathroom")
NUMBERS: dict[str, tuple[float, float, float]] = {
    "quiet_days": (1, 366, 1),
    "age_at_least": (18, 110, 1),
    "colder_than_c": (-20, 60, 0.1),
    "warmer_than_c": (-20, 60, 0.1),
    "temperature_days": (1, 14, 1),
    "trend_by": (1, 500, 1),
    "trend_days": (1, 14, 1),
    "night_trips": (1, 30, 1),
    "nights_at_least": (1, 7, 1),
    "discharged_within_days": (1, 366, 1),
    "alert_days": (1, 366, 1),
}
"""Of each field with a number: the least, the most, and the step."""
_OWN = ("quiet_days", "trend_by", "trend_days")


class WrongFieldError(ValueError):
    """What was typed into a field cannot be; its argument is the field's name."""


def cohort_of(typed: Mapping[str, str]) -> NewCohort:
    """A list from its form; what is left blank is not asked for.

    Raises:
        WrongFieldError: A number is none, or beyond its bounds, or the name is too long.
    """
    numbers = {name: _number(name, typed[name]) for name in NUMBERS if typed[name].strip()}
    asked: dict[str, Any] = {name: numbers[name] for name in numbers if name not in _OWN}
    asked["on_record"] = [word for word in RECORD if typed[f"on_record_{word}"]]
    asked["alerts"] = [word.value for word in ALERTS if typed[f"alert_{word}"]]
    if typed["trend_measure"]:
        trend = {"measure": typed["trend_measure"], "way": typed["trend_way"] or "less"}
        share, days = numbers.get("trend_by", 25) / 100, numbers.get("trend_days", 3)
        asked["trend"] = {**trend, "by": share, "days": days}
    said = {"name": typed["name"].strip(), "criteria": asked}
    try:
        return msgspec.convert({**said, "quiet_days": numbers.get("quiet_days", 7)}, NewCohort)
    except msgspec.ValidationError as error:  # of the numbers each is within its bounds
        raise WrongFieldError("trend_measure" if "trend" in f"{error}" else "name") from error


def form_of(cohort: Cohort) -> dict[str, str]:
    """A list as it stands in its form."""
    criteria = cohort.criteria
    form = {"name": cohort.name, "quiet_days": f"{cohort.quiet_days}"}
    for name in NUMBERS.keys() - set(_OWN):
        value = getattr(criteria, name)
        form[name] = "" if value is None else f"{value:g}"
    form |= {f"on_record_{word}": "1" for word in criteria.on_record}
    form |= {f"alert_{word}": "1" for word in criteria.alerts}
    return form | (_form_of_trend(criteria.trend) if criteria.trend else {})


def _form_of_trend(trend: Trend) -> dict[str, str]:
    return {
        "trend_measure": trend.measure,
        "trend_way": trend.way,
        "trend_by": f"{trend.by * 100:g}",
        "trend_days": f"{trend.days}",
    }


def _number(name: str, typed: str) -> float:
    least, most, step = NUMBERS[name]
    try:
        found = float(typed.replace(",", "."))
    except ValueError as error:
        raise WrongFieldError(name) from error
    if not least <= found <= most or (step == 1 and found != int(found)):
        raise WrongFieldError(name)
    return int(found) if step == 1 else found
