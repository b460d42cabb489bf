"""Programmes of reablement in a list."""

from collections.abc import Sequence
from typing import NamedTuple

from api.console.text import Catalogue
from api.console.views import words
from api.console.views.people import day_of
from api.console.views.times import zone_of
from api.reablement.views import Programme, ProgrammeLine


class Line(NamedTuple):
    """One programme: where, from when, for how long, and how it ended."""

    programme: int
    home: str
    called: str
    starts: str
    weeks: int
    ended: str
    by: str


def line(of: Programme | ProgrammeLine, text: Catalogue) -> Line:
    """A programme as one line; `ended` is empty while it runs."""
    ended, by = "", ""
    if of.ended is not None:
        word = of.ended.sequel or "unknown"
        day = of.ended.at.astimezone(zone_of(of.time_zone)).date()
        ended = f"{day_of(day, text)}: {text(f'reablement.sequel.{word}')}"
        by = of.ended.by
    called = words.home(of.label, of.home)
    starts = day_of(of.starts, text)
    return Line(of.programme, of.home, called, starts, of.weeks_planned, ended, by)


def parted(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Those that run, and those that have ended."""
    return [one for one in lines if not one.ended], [one for one in lines if one.ended]
