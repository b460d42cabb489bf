"""Evidence as a chart and a table of the same numbers."""

from datetime import date
from typing import NamedTuple

from api.alerts.anew import brief
from api.console.text import Catalogue
from contract import Day, Evidence

_HUNDREDS = 100
"""From here on tenths are noise."""

_NAME = 128
"""Characters of a name at most, as the database cuts those of an alert."""

_CHART_NEEDS = 2
"""Days below which a chart says nothing that its sentence does not."""


class DayRow(NamedTuple):
    """One day of a measure: a row of the table and a point of the chart.

    Attributes:
        day: `YYYY-MM-DD`, the person's local day.
        label: The same as people write it.
        value, usual, low, high: Numbers for the chart; None where not known.
        seen, usual_text: The same as text.
        compared: `above`, `below`, `within`, `unseen` or `unknown`.
    """

    day: str
    label: str
    value: float | None
    usual: float | None
    low: float | None
    high: float | None
    seen: str
    usual_text: str
    compared: str


class Measure(NamedTuple):
    """One measure that moved an assessment. `rows` are oldest first."""

    name: str
    label: str
    unit: str
    text: str
    now: str
    usual: str
    band: str
    compared: str
    rows: list[DayRow]

    @property
    def charted(self) -> bool:
        """Whether there are days enough to draw."""
        return len(self.rows) >= _CHART_NEEDS


def measure(evidence: Evidence, text: Catalogue) -> Measure:
    """One piece of evidence, ready to show."""
    return Measure(
        name=evidence.measure,
        label=brief(evidence.label, _NAME),
        unit=brief(evidence.unit, _NAME),
        text=brief(evidence.text),
        now=number(evidence.value, text),
        usual=number(evidence.usual, text),
        band=band(evidence.low, evidence.high, text),
        compared=compared(evidence.value, evidence.low, evidence.high),
        rows=[day_row(day, text) for day in evidence.days],
    )


def day_row(day: Day, text: Catalogue) -> DayRow:
    """One day of the evidence."""
    return DayRow(
        day=day.day,
        label=day_label(day.day, text),
        value=day.value,
        usual=day.usual,
        low=day.low,
        high=day.high,
        seen=text("alert.unseen") if day.value is None else number(day.value, text),
        usual_text=_usual(day, text),
        compared=compared(day.value, day.low, day.high),
    )


def _usual(day: Day, text: Catalogue) -> str:
    if day.usual is None:
        return text("alert.unknown")
    usual = number(day.usual, text)
    if day.low is None or day.high is None:
        return usual
    return text("alert.usual_with", usual=usual, band=band(day.low, day.high, text))


def compared(value: float | None, low: float | None, high: float | None) -> str:
    """Where a value stands against the band, both ends of which belong to it."""
    if value is None:
        return "unseen"
    if low is None or high is None:
        return "unknown"
    if value > high:
        return "above"
    return "below" if value < low else "within"


def number(value: float | None, text: Catalogue) -> str:
    """A number with no more digits than anybody reads."""
    if value is None:
        return text("alert.unknown")
    digits = 0 if abs(value) >= _HUNDREDS else 1 if abs(value) >= 1 else 2
    plain = f"{value:.{digits}f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def band(low: float | None, high: float | None, text: Catalogue) -> str:
    """The band of ordinary days."""
    if low is None or high is None:
        return text("alert.unknown")
    return text("alert.range", low=number(low, text), high=number(high, text))


def day_label(iso: str, text: Catalogue) -> str:
    """`2026-03-03` as `Tue 3 Mar`; what is no date is shown as it came."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{text(f'weekday.{day.weekday()}')} {day.day} {text(f'month.{day.month}')}"
