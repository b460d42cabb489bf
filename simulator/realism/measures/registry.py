"""All measures, by what they are a measure of and where the truth comes from."""

from dataclasses import dataclass

from simulator.realism.homes import Home
from simulator.realism.measures import counts, days, rhythm, things, times
from simulator.realism.measures.measure import Measure
from simulator.realism.spans import MONTH, WEEK, Span

HOME_MEASURES: tuple[Measure[Home], ...] = (
    *counts.MEASURES,
    *times.MEASURES,
    *rhythm.MEASURES,
    *days.MEASURES,
)
HOME_SOURCE = "TIHM"


@dataclass(frozen=True)
class SpanMeasures:
    """Measures of one thing, of which only two homes tell.

    Attributes:
        sensor: The stream of a home.
        source: Which recordings, and how to call the argument that names them.
        unit: What one value belongs to.
        length: Days of a span.
        measures: Of a span.
    """

    sensor: str
    source: str
    unit: str
    length: int
    measures: tuple[Measure[Span], ...]


KETTLE_SOURCE = "REFIT and UK-DALE"
ORDONEZ_SOURCE = "Ordonez"

SPAN_MEASURES = (
    SpanMeasures("kettle", KETTLE_SOURCE, "home-months", MONTH, things.KETTLE),
    SpanMeasures("flush", ORDONEZ_SOURCE, "home-weeks", WEEK, things.FLUSH),
    SpanMeasures("bed", ORDONEZ_SOURCE, "home-weeks", WEEK, things.BED),
)
