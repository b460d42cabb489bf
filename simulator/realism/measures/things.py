"""Kettle, toilet flush and bed, over months or weeks of single homes."""

from collections.abc import Callable

import numpy as np

from simulator.realism.clock import HOUR_S, Floats
from simulator.realism.measures.counts import deviation, mean, overdispersion, variation
from simulator.realism.measures.measure import NONE, Measure
from simulator.realism.spans import Span

_MINUTE_S = 60.0
_BLOCK_HOURS = 4
_NIGHT_OVER = 4
_ENOUGH = 5
_UP_S = 1800.0  # out of bed for so long is more than a way to the bathroom

_INTAKE = "dehydration_risk counts boils against the home's own spread"
_CURVE = "a plug's curve and the normaliser's thresholds are tried on these uses"
_HABIT = "no_movement and the charts expect the first tea at its hour"
_VOIDS = "flushes are what bathroom visits stand for"
_SLEEP = "broken nights are a sign of infection and pain"


def _counts(how: Callable[[Floats], float]) -> Callable[[Span], float]:
    return lambda span: how(span.counts)


def _value(share: float) -> Callable[[Span], float]:
    def of(span: Span) -> float:
        return float(np.quantile(span.value, share)) if len(span.value) >= _ENOUGH else NONE

    return of


def _between(share: float) -> Callable[[Span], float]:
    """Minutes from one to the next on the same day."""

    def of(span: Span) -> float:
        apart = np.diff(span.t)[np.diff(span.day) == 0] / _MINUTE_S
        return float(np.quantile(apart, share)) if len(apart) >= _ENOUGH else NONE

    return of


def _firsts(span: Span) -> Floats:
    """Hour of each day's first use after 04 h; days without are left out."""
    late = span.hour >= _NIGHT_OVER
    first = np.full(span.days, np.inf)
    np.minimum.at(first, span.day[late], span.hour[late])
    found: Floats = first[np.isfinite(first)]
    return found


def _first(how: Callable[[Floats], float]) -> Callable[[Span], float]:
    def of(span: Span) -> float:
        found = _firsts(span)
        return how(found) if len(found) >= _ENOUGH else NONE

    return of


def _median(values: Floats) -> float:
    return float(np.median(values))


def _block(start: int) -> Callable[[Span], float]:
    def of(span: Span) -> float:
        within = (span.hour >= start) & (span.hour < start + _BLOCK_HOURS)
        return float(within.mean()) if len(within) else NONE

    return of


def _in_bed(span: Span) -> Floats:
    """Hours in bed from noon to noon; nights on which the bed tells nothing are left out."""
    hours = np.bincount(span.day, span.value, minlength=span.days).astype(np.float64)
    found: Floats = hours[hours > 0]
    return found


def _nights(how: Callable[[Floats], float]) -> Callable[[Span], float]:
    return lambda span: how(_in_bed(span)) if len(_in_bed(span)) >= _ENOUGH else NONE


def _times_to_bed(span: Span) -> float:
    """How often a night somebody goes to bed; back within half an hour, they were not up."""
    ends = span.t + span.value * HOUR_S
    up = np.concatenate(([np.inf], span.t[1:] - ends[:-1]))[: len(span.t)]
    return float((up >= _UP_S).sum()) / span.days


KETTLE = (
    Measure("boils", "kettle", "a day", _INTAKE, _counts(mean)),
    Measure("boils, SD", "kettle", "a day", _INTAKE, _counts(deviation)),
    Measure("boils, CV", "kettle", "", _INTAKE, _counts(variation)),
    Measure("boils, variance / mean", "kettle", "", _INTAKE, _counts(overdispersion)),
    Measure("energy of a boil, lower quartile", "kettle", "Wh", _CURVE, _value(0.25)),
    Measure("energy of a boil, median", "kettle", "Wh", _CURVE, _value(0.5)),
    Measure("energy of a boil, upper quartile", "kettle", "Wh", _CURVE, _value(0.75)),
    Measure("between boils of a day, lower quartile", "kettle", "min", _CURVE, _between(0.25)),
    Measure("between boils of a day, median", "kettle", "min", _CURVE, _between(0.5)),
    Measure("between boils of a day, upper quartile", "kettle", "min", _CURVE, _between(0.75)),
    Measure("first boil, median", "kettle", "h", _HABIT, _first(_median)),
    Measure("first boil, SD", "kettle", "h", _HABIT, _first(deviation)),
    *(
        Measure(
            f"boils from {start:02} to {start + _BLOCK_HOURS:02} h",
            "kettle",
            "share",
            _HABIT,
            _block(start),
        )
        for start in range(_NIGHT_OVER, 24, _BLOCK_HOURS)
    ),
)

FLUSH = (
    Measure("flushes", "toilet and bed", "a day", _VOIDS, _counts(mean)),
    Measure("flushes, SD", "toilet and bed", "a day", _VOIDS, _counts(deviation)),
    Measure("between flushes of a day, median", "toilet and bed", "min", _VOIDS, _between(0.5)),
)

BED = (
    Measure("in bed a night, mean", "toilet and bed", "h", _SLEEP, _nights(mean)),
    Measure("in bed a night, SD", "toilet and bed", "h", _SLEEP, _nights(deviation)),
    Measure("to bed", "toilet and bed", "a night", _SLEEP, _times_to_bed),
)
