"""The figures as a table: what was measured, what it came to, and what it is to be set against."""

from collections.abc import Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """One figure.

    Attributes:
        what: What was measured.
        figure: With its unit.
        beside: A peer's figure of the same run, or the limit that is promised.
    """

    what: str
    figure: str
    beside: str = ""


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown, so that they can be pasted as they are."""
    cells = [Row("measured", "figure", "beside"), *rows]
    widths = [max(len(row[column]) for row in cells) for column in range(3)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def said(seconds: Sequence[float]) -> str:
    """The median and the 99th percentile of what was timed."""
    ordered = sorted(seconds)
    median, late = ordered[len(ordered) // 2], ordered[int(0.99 * len(ordered))]
    return f"p50 {median * 1000:.1f} ms, p99 {late * 1000:.1f} ms of {len(ordered)}"


def rate(events: int, seconds: float, peer: float | None = None) -> str:
    """Events a second and microseconds an event; how many times the peer's, where one is given."""
    us = seconds / events * 1e6
    beside = "" if peer is None else f", {us / peer:.1f} x"
    return f"{events / seconds:,.0f} a second, {us:.2f} us{beside}"
