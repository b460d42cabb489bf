"""One measure of a routine: what it is today, what is usual, and what speaks for a change."""

from collections.abc import Sequence
from math import exp, log1p
from typing import NamedTuple

import msgspec

from detectors import chart
from detectors.models.counts import CountModel
from detectors.models.levels import LevelModel
from detectors.models.usual import Band, Prior

LOST = 0.001
"""The chance that a sensor, and not the person, is why a part of a day holds nothing at all."""
SURPRISING = 1.5
"""A part that holds nothing makes one doubt the sensor if that is so unlikely (minus the log)."""
DOUBTFULLY_LOST = 3.0
"""A silence this unlikely is not learned as usual."""
LEAST_TIMES = 5
"""A mean of fewer measurements says nothing of a day."""
RECENT = 0.7
"""What a part's evidence keeps of its weight in the explanation, from one part to the next."""


class Stream(NamedTuple):
    """What is measured, and how an illness moves it.

    Attributes:
        measure, label, unit: As in :class:`contract.Evidence`.
        night: Whether it is judged for 00 to 06; otherwise for 06 to 24.
        effects: What each form of the illness does to it: multiplies a count, is added to a mean;
            None where that form leaves it alone.
        counts: Whether happenings are counted; otherwise measurements are averaged.
        trust: How far its evidence counts, 0 to 1; below 1 where streams tell the same thing twice.
    """

    measure: str
    label: str
    unit: str
    night: bool
    effects: tuple[float | None, ...]
    counts: bool = True
    trust: float = 1.0

    @property
    def moves(self) -> list[float]:
        """The effects of the forms that do not leave it alone."""
        return [effect for effect in self.effects if effect is not None]


class Part(NamedTuple):
    """A part of a day that has ended.

    Attributes:
        day: The local day, as an ordinal.
        exposure: What can be expected of it, as a multiple of an ordinary part; above 0.
        hindered: It says nothing about the person, and is charted as not seen.
    """

    day: int
    exposure: float
    hindered: bool


class Track(msgspec.Struct):
    """A stream as it goes.

    Attributes:
        count, level: What is usual, of a count or of another measure; None until the first
            happening ever, for not every home has every sensor.
        total, times: Sum and number of what happened in the present part of the day.
        silence: Minus the log probability of the surprising parts that held nothing, in a row.
        weight: Recent evidence for a change.
        points: The chart.
    """

    count: CountModel | None = None
    level: LevelModel | None = None
    total: float = 0.0
    times: int = 0
    silence: float = 0.0
    weight: float = 0.0
    points: list[chart.Point] = []

    def add(self, amount: float) -> None:
        """Something happened."""
        self.total += amount
        self.times += 1

    @property
    def known(self) -> bool:
        """Whether it has ever been measured."""
        return self.count is not None or self.level is not None

    def forget(self) -> None:
        """What was usual is so no more, of this measure and its chart."""
        self.count = self.count and CountModel()
        self.level = self.level and LevelModel()
        self.silence, self.weight = 0.0, 0.0

    def doubt(self, keep: float) -> None:
        """What was usual is so no more: see :meth:`CountModel.doubt`."""
        if self.count is not None:
            self.count.doubt(keep)

    def end(self, stream: Stream, prior: Prior, part: Part) -> list[float | None]:
        """Ends a part of a day, and learns it.

        Returns:
            For each form of the illness the log likelihood ratio against no change; None where
            nothing can be said.
        """
        total, times, self.total, self.times = self.total, self.times, 0.0, 0
        ratios: list[float] = []
        if stream.counts and (times or self.count):
            ratios = self._end_count(stream.moves, prior, part, total)
        elif times or self.level:
            ratios = self._end_level(stream.moves, prior, part, total / max(times, 1), times)
        self.weight = RECENT * self.weight + max(0.0, *ratios, 0.0)
        if not ratios:
            return [None] * len(stream.effects)
        found = iter(ratios)
        return [None if effect is None else stream.trust * next(found) for effect in stream.effects]

    def _end_count(
        self, moves: Sequence[float], prior: Prior, part: Part, total: float
    ) -> list[float]:
        self.count = model = self.count or CountModel()
        self._chart(part, None if part.hindered else total, model.band(part.exposure, prior))
        if part.hindered:
            return []
        ratios = model.score_many(total, part.exposure, moves, prior)
        unlikely = model.improbability(part.exposure, prior)
        if total:
            self.silence = 0.0
        elif unlikely >= SURPRISING:
            before, self.silence = self.silence, self.silence + unlikely
            ratios = [of_silence(before, self.silence, factor) for factor in moves]
        if self.silence < DOUBTFULLY_LOST:
            model.learn_one(total, part.exposure, prior)
        return ratios

    def _end_level(
        self, moves: Sequence[float], prior: Prior, part: Part, mean: float, times: int
    ) -> list[float]:
        self.level = model = self.level or LevelModel()
        seen = times >= LEAST_TIMES and not part.hindered
        self._chart(part, mean if seen else None, model.band(prior))
        if not seen:
            return []
        ratios = model.score_many(mean, moves, prior)
        model.learn_one(mean, prior)
        return ratios

    def _chart(self, part: Part, value: float | None, band: Band) -> None:
        chart.keep(self.points, chart.Point(part.day, value, *band))


def of_silence(before: float, after: float, factor: float) -> float:
    """What a part that held nothing adds to the log likelihood ratio of a severity.

    Beside "as usual" stands "the sensor is lost", which explains any length of silence. If all is
    as usual a silence has probability `exp(-s)`, at a severity `exp(-factor * s)`; so the ratio of
    the whole silence is `(1 - factor) * s - log(1 + LOST * exp(s))`: it rises, and then falls.

    Args:
        before: `s` before this part.
        after: `s` after it.
        factor: By which the severity multiplies the count.
    """
    return (1.0 - factor) * (after - before) - (_doubt(after) - _doubt(before))


def _doubt(silence: float) -> float:
    """log(1 + LOST * exp(silence)), without overflow."""
    return log1p(LOST * exp(min(silence, 50.0))) + max(silence - 50.0, 0.0)
