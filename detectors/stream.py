"""One measure of a routine: what it is today, what is usual, and what speaks for a change."""

from collections.abc import Sequence
from math import exp, log1p
from typing import NamedTuple

import msgspec

from detectors.chart import Point, keep
from detectors.models.counts import CountModel, CountPrior
from detectors.models.levels import LevelModel, LevelPrior

LOST = 0.02
"""The chance that a sensor, and not the person, is why a part of a day holds nothing at all."""
CERTAINLY_LOST = 12.0
"""Silence this unlikely (minus its log probability) is the sensor's, not the person's."""
DOUBTFULLY_LOST = 4.6
"""Silence this unlikely is not learned as usual."""
LEAST_TIMES = 5
"""A mean of fewer measurements says nothing of a day."""
RECENT = 0.7
"""What a part's evidence keeps of its weight in the explanation, from one part to the next."""


class Stream(NamedTuple):
    """What is measured, and how an illness moves it.

    Attributes:
        measure, label, unit: As in :class:`contract.Evidence`.
        night: Whether it is judged for 00 to 06; otherwise for 06 to 24.
        prior: What is believed before the first day. With a :class:`CountPrior` happenings are
            counted, with a :class:`LevelPrior` measurements are averaged.
        effects: What each severity of the illness does: multiplies a count, is added to a mean.
        trust: How far its evidence counts, 0 to 1; below 1 where streams tell the same thing twice.
    """

    measure: str
    label: str
    unit: str
    night: bool
    prior: CountPrior | LevelPrior
    effects: tuple[float, ...]
    trust: float = 1.0


class Track(msgspec.Struct):
    """A stream as it goes.

    Attributes:
        model: What is usual; None until the first happening ever, for not every home has every sensor.
        total, times: Sum and number of what happened in the present part of the day.
        silence: Minus the log probability of the parts that held nothing, in a row, until now.
        weight: Recent evidence for a change.
        points: The chart.
    """

    model: CountModel | LevelModel | None = None
    total: float = 0.0
    times: int = 0
    silence: float = 0.0
    weight: float = 0.0
    points: list[Point] = []

    def add(self, amount: float) -> None:
        """Something happened."""
        self.total += amount
        self.times += 1

    @property
    def lost(self) -> bool:
        """Whether the sensor, and not the person, must be what is silent."""
        return self.silence >= CERTAINLY_LOST


def judge(
    stream: Stream, track: Track, day: int, exposure: float, *, hindered: bool
) -> Sequence[float]:
    """Ends a part of a day: log likelihood ratios of each severity, and the part is learned.

    Args:
        day: The local day, as an ordinal.
        exposure: Share of an ordinary part in which it could have happened, > 0.
        hindered: The part says nothing about the person, and is shown in the chart as not seen.
    """
    total, times = track.total, track.times
    track.total, track.times = 0.0, 0
    quiet = (0.0,) * len(stream.effects)
    counts = isinstance(stream.prior, CountPrior)
    if track.model is None:
        if not times:
            return quiet
        track.model = CountModel() if counts else LevelModel()
    model, prior = track.model, stream.prior
    value = total if counts else total / max(times, 1)
    band = model.band(exposure, prior)  # type: ignore[arg-type]  # model and prior come in pairs
    seen = not hindered and (counts or times >= LEAST_TIMES)
    keep(track.points, Point(day, value if seen else None, *band))
    if not seen:
        return quiet
    ratios = model.score_many(value, exposure, stream.effects, prior)  # type: ignore[arg-type]
    if counts and not times:
        ratios = _nothing(stream, track, ratios)
    else:
        track.silence = 0.0
    if track.silence < DOUBTFULLY_LOST:
        model.learn_one(value, exposure, prior)  # type: ignore[arg-type]
    track.weight = RECENT * track.weight + max(0.0, *ratios)
    return [stream.trust * ratio for ratio in ratios]


def _nothing(stream: Stream, track: Track, ratios: Sequence[float]) -> list[float]:
    """The ratios of a part that held nothing, given that the sensor may be lost.

    Beside "as usual" stands "the sensor is lost", which explains any length of silence. With
    probability `exp(-s)` of a silence if all is as usual and `exp(-f s)` at severity `f`, the ratio of
    the whole silence is `(1 - f) s - log(1 + LOST exp(s))`: it rises at first, and then falls.
    """
    before = track.silence
    factors = stream.effects
    # At nought a count's ratio is (1 - factor) * mean / dispersion.
    step = max(ratio / (1.0 - factor) for ratio, factor in zip(ratios, factors, strict=True))
    track.silence = after = before + step
    doubt = _softplus(after) - _softplus(before)
    return [(1.0 - factor) * step - doubt for factor in factors]


def _softplus(silence: float) -> float:
    """log(1 + LOST * exp(silence)), without overflow."""
    return log1p(LOST * exp(min(silence, 50.0))) + max(silence - 50.0, 0.0)
