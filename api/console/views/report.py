"""A report as a page that can be printed: every figure in a table, with what it means beside it."""

from collections.abc import Sequence
from typing import NamedTuple

from api.console.text import Catalogue
from api.console.views import words
from api.console.views.times import Clock, in_words
from api.reports.intervals import Interval
from api.reports.views import AnswerTimes, ConditionFigures, Report


class Table(NamedTuple):
    """One table: `rows` of as many cells as `heads`, the first of each a heading."""

    id: str
    title: str
    said: str
    heads: list[str]
    rows: list[list[str]]


def report_tables(report: Report, text: Catalogue) -> list[Table]:
    """The tables of the page, what concerns everybody first."""
    return [
        _answers(report, text),
        _conditions(report, text),
        _rates(report, text),
        _outcomes(report, text),
        _calls(report, text),
        _uptime(report, text),
        _loads(report, text),
        _hours(report, text),
        _roles(report, text),
    ]


def _table(name: str, text: Catalogue, heads: Sequence[str], rows: list[list[str]]) -> Table:
    title, said = text(f"reports.{name}.title"), text(f"reports.{name}.said")
    return Table(name, title, said, [text(f"reports.head.{head}") for head in heads], rows)


def _answers(report: Report, text: Catalogue) -> Table:
    clock = Clock(report.made_at, report.period.time_zone, text)
    heads = ("duty", "alerts", "in_time", "late", "waiting", "share", "target", "median")
    rows = [
        [
            _duty(one, clock), f"{one.alerts}", f"{one.in_time}", f"{one.late}", f"{one.waiting}",
            _percent(one.share, text), f"{one.target:.1%}", _seconds(one.median_s, text),
        ]
        for one in report.answer_times
    ]  # fmt: skip
    return _table("answers", text, heads, rows)


def _duty(one: AnswerTimes, clock: Clock) -> str:
    text = clock.text
    severity = text(f"severity.{one.priority}")
    if one.within_s is None:
        said = text(f"reports.duty.{one.kind}", severity=severity)
    else:
        said = text("reports.duty.seconds", severity=severity, n=f"{one.within_s:g}")
    if one.until is None:
        return said
    return text("reports.duty.until", duty=said, time=clock.stamp(one.until))


def _conditions(report: Report, text: Catalogue) -> Table:
    heads = (
        "condition",
        "alerts",
        "further",
        "confirmed",
        "not_confirmed",
        "unknown",
        "open",
        "value",
    )
    rows = [
        [
            _condition(one, text), _count(one.alerts, text), _count(one.further, text),
            _count(one.confirmed, text), _count(one.not_confirmed, text),
            _count(one.unknown, text), _count(one.open, text),
            text("reports.withheld") if one.withheld else _percent(one.predictive_value, text),
        ]
        for one in report.conditions
    ]  # fmt: skip
    return _table("conditions", text, heads, rows)


def _rates(report: Report, text: Catalogue) -> Table:
    rows = [
        [
            _condition(one, text),
            _count(one.not_confirmed, text),
            text("reports.withheld") if one.withheld else _rate(one.false_per_month, text),
        ]
        for one in report.conditions
    ]
    return _table("rates", text, ("condition", "not_confirmed", "rate"), rows)


def _outcomes(report: Report, text: Catalogue) -> Table:
    rows = [
        [
            text(f"severity.{one.priority}"), _outcome(one.outcome, text),
            _count(one.alerts, text), _count(one.homes, text),
        ]
        for one in report.outcomes
    ]  # fmt: skip
    return _table("outcomes", text, ("priority", "outcome", "alerts", "homes"), rows)


def _calls(report: Report, text: Catalogue) -> Table:
    rows = [
        [text(f"cohorts.outcome.{one.outcome}"), _count(one.calls, text), _count(one.homes, text)]
        for one in report.calls
    ]
    return _table("calls", text, ("outcome", "calls", "homes"), rows)


def _uptime(report: Report, text: Catalogue) -> Table:
    up = report.uptime
    rows = [
        [text("reports.hubs"), f"{up.hubs}", _share(up.hub_share, text), f"{up.hub_silences}"],
        [text("reports.sensors"), f"{up.sensors}", _share(up.sensor_share, text), ""],
    ]
    return _table("uptime", text, ("what", "number", "heard", "silences"), rows)


def _loads(report: Report, text: Catalogue) -> Table:
    rows = [
        [text(f"reports.shift.{one.name}"), f"{one.alerts}", f"{one.steps}"]
        for one in report.shifts
    ]
    return _table("shifts", text, ("shift", "alerts", "steps"), rows)


def _hours(report: Report, text: Catalogue) -> Table:
    rows = [
        [f"{one.name}:00", f"{one.alerts}", f"{one.steps}"]
        for one in report.hours
        if one.alerts or one.steps
    ]
    return _table("hours", text, ("hour", "alerts", "steps"), rows)


def _roles(report: Report, text: Catalogue) -> Table:
    rows = [
        [
            one.role.replace("_", " ").capitalize(), _count(one.people, text),
            _count(one.steps, text), _count(one.resolved, text),
        ]
        for one in report.roles
    ]  # fmt: skip
    return _table("roles", text, ("role", "people", "steps", "resolved"), rows)


def _condition(one: ConditionFigures, text: Catalogue) -> str:
    return words.condition(one.condition, text).title


def _outcome(word: str, text: Catalogue) -> str:
    key = f"outcome.{word}.label"
    return text(key) if text.has(key) else words.place(word)


def _count(number: int | None, text: Catalogue) -> str:
    return text("reports.withheld") if number is None else f"{number}"


def _percent(share: Interval | None, text: Catalogue) -> str:
    if share is None:
        return text("reports.none")
    return text(
        "reports.range",
        value=f"{share.value:.1%}",
        low=f"{share.low:.1%}",
        high=f"{share.high:.1%}",
    )


def _rate(rate: Interval | None, text: Catalogue) -> str:
    if rate is None:
        return text("reports.none")
    return text(
        "reports.range", value=f"{rate.value:.2f}", low=f"{rate.low:.2f}", high=f"{rate.high:.2f}"
    )


def _share(share: float | None, text: Catalogue) -> str:
    return text("reports.none") if share is None else f"{share:.2%}"


def _seconds(seconds: float | None, text: Catalogue) -> str:
    if seconds is None:
        return text("reports.none")
    if seconds < 60:  # noqa: PLR2004 - a minute
        return text("reports.seconds", n=f"{seconds:.0f}")
    return in_words(seconds, text)
