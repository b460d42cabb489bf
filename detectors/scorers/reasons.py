"""The few measures that made the last days odd, each beside its usual."""

from collections.abc import Sequence

from contract import Evidence
from detectors import chart
from detectors.features.kept_days import LEARNED, KeptDay
from detectors.features.measures import BY_NAME, Measure
from detectors.scorers.baseline import SPREAD, Baseline
from detectors.scorers.robust import RobustScorer

MOST = 3


def reasons(days: Sequence[KeptDay]) -> list[Evidence]:
    """The measures that were farthest from usual, the weightiest first.

    Whatever scorer judged the days, these are told by :class:`RobustScorer`, for it alone can say
    which measure bears how much.

    Args:
        days: All that are kept, oldest first; the last is the one to explain.
    """
    scorer = RobustScorer(spread=SPREAD)
    mean = Baseline(lambda: scorer, lambda: None, days).mean
    today = days[-1].measures
    said = scorer.surprises({name: value for name, value in mean.items() if name in today})
    total = sum(said.values())
    weightiest = sorted(said, key=lambda name: (-said[name], str(name)))[:MOST]
    return [
        _evidence(days, BY_NAME[str(name)], said[name] / total if total else None)
        for name in weightiest
    ]


def _evidence(days: Sequence[KeptDay], measure: Measure, share: float | None) -> Evidence:
    return chart.evidence(
        _points(days, measure),
        measure=measure.name,
        label=measure.label,
        unit=measure.unit,
        share=None if share is None else round(share, 3),
    )


def _points(days: Sequence[KeptDay], measure: Measure) -> list[chart.Point]:
    """The measure's days, each with what was usual when it came."""
    usual, points, name = RobustScorer(), list[chart.Point](), measure.name
    for day in days:
        value = day.measures.get(name)
        band = usual.band(name)
        if band is not None:
            plain = [measure.plain(one) for one in band]
            chart.keep(points, chart.Point(day.day, value, *plain))
        if value is not None and day.standing == LEARNED:
            usual.learn_one({name: measure.even(value)})
    return points
