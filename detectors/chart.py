"""The evidence of a count: its last fortnight against what was usual, in numbers and a sentence."""

from datetime import date
from functools import lru_cache

import msgspec

from contract import Day, Evidence

CHART_DAYS = 14
RECENT_DAYS = 3


class Point(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One day of a chart, as a detector keeps it; no `value` where it could not be seen."""

    day: int
    value: float | None
    usual: float
    low: float
    high: float


def keep(points: list[Point], point: Point) -> None:
    """Adds a day and drops what the chart no longer shows."""
    points.append(point)
    del points[:-CHART_DAYS]


def evidence(
    points: list[Point], *, measure: str, label: str, unit: str, share: float | None = None
) -> Evidence:
    """The chart, with the mean of the last days beside the latest usual."""
    seen = [point.value for point in points[-RECENT_DAYS:] if point.value is not None]
    last = points[-1]
    value = sum(seen) / len(seen) if seen else None
    return Evidence(
        measure=measure,
        label=label,
        unit=unit,
        value=_rounded(value),
        usual=_rounded(last.usual),
        low=_rounded(last.low),
        high=_rounded(last.high),
        share=share,
        days=days(points),
        text=_sentence(label, value, last),
    )


def days(points: list[Point]) -> list[Day]:
    """The points as the contract writes them, oldest first."""
    return [_day(point) for point in points]


def number(value: float) -> str:
    """A figure as people say it, to two digits: `140`, `14`, `1.6`, `0.35`."""
    return f"{float(f'{value:.2g}'):g}"


def _sentence(label: str, value: float | None, last: Point) -> str:
    usual = f"usually {number(last.usual)} ({number(last.low)} to {number(last.high)})"
    if value is None:
        return f"{label}: not seen these {RECENT_DAYS} days; {usual}."
    return f"{label}: {number(value)} on average these {RECENT_DAYS} days; {usual}."


@lru_cache(maxsize=8192)  # a day stands in a fortnight of answers
def _day(point: Point) -> Day:
    return Day(
        day=date.fromordinal(point.day).isoformat(),
        value=_rounded(point.value),
        usual=_rounded(point.usual),
        low=_rounded(point.low),
        high=_rounded(point.high),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
