"""How warm a home is, by the hour, against limits that hold for everybody.

A judgement falls at each full hour, on the mean of the last hours in which people are up. Means are
river's, which forget no reading and keep none.
"""

from itertools import islice
from typing import ClassVar, NamedTuple

import msgspec
from river.stats import Mean

from contract import Assessment, Evidence, Kind, SensorEvent, State, utc
from detectors.chart import Point, evidence, keep, number
from detectors.models.levels import LevelModel
from detectors.models.usual import Prior
from detectors.moment import Calendar, Moment
from detectors.profile import HomeProfile
from detectors.protocol import NEVER
from detectors.snapshots import freeze, thaw

HOUR = 3600.0
KEPT_HOURS = 24
UNSEEN_HOURS = 3
ELSEWHERE = frozenset({"outside", "garden", "fridge", "freezer", "shed", "garage"})
_USUAL = Prior(level=20.5, dispersion=2.0, weight=1.0)
_DAILY_HOUR = 12


class Limit(NamedTuple):
    """When a home is out of bounds, and when it is back within them.

    Attributes:
        sign: -1 where too little is watched for, 1 where too much is.
        raised_at: Degrees Celsius beyond which it is raised.
        cleared_at: Degrees at which it is over.
        hours: Over so many hours of the day in a row.
        first, last: The wall-clock hours that count, both inclusive.
        source: Who set the limit.
    """

    sign: int
    raised_at: float
    cleared_at: float
    hours: int
    first: int
    last: int
    source: str


class Words(NamedTuple):
    """What is said of it; `{mean}` and `{hours}` are filled in."""

    raised: str
    normal: str
    prompt: str


class Warmth(msgspec.Struct):
    """Everything that is remembered.

    Attributes:
        hour: The hour that readings fall into now, counted from the epoch; None before the first.
        readings, mean: Of that hour: how many, and their mean.
        hours: Wall-clock hour and mean of the last hours in which anything was read, oldest first.
        unseen: Hours since then.
        day: The local day under way, with the number and mean of its hours.
        day_hours, day_mean: As above.
        usual: What a day is usually like here.
        points: The last days.
        state: The last answer.
    """

    hour: int | None = None
    readings: float = 0.0
    mean: float = 0.0
    hours: list[tuple[int, float]] = []
    unseen: int = 0
    day: int = 0
    day_hours: float = 0.0
    day_mean: float = 0.0
    usual: LevelModel = msgspec.field(default_factory=LevelModel)
    points: list[Point] = []
    state: str = State.LEARNING


class WarmthWatch:
    """Watches one limit in one home. A home without a thermometer is never judged."""

    condition: ClassVar[str]
    version: ClassVar[int] = 1
    kinds: ClassVar[frozenset[str]] = frozenset({Kind.TEMPERATURE})

    def __init__(self, limit: Limit, words: Words, profile: HomeProfile) -> None:
        self._limit = limit
        self._words = words
        self._home = profile.home
        self._calendar = Calendar(profile.time_zone)
        self._state = Warmth()

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """Takes in one reading."""
        if event.place in ELSEWHERE:
            return []
        state = self._state
        if state.hour is None:
            state.hour, state.day = int(moment.t // HOUR), moment.day
        mean = resumed(state.readings, state.mean)
        mean.update(event.value)
        state.readings, state.mean = mean.n, mean.get()
        return []

    def due(self) -> float:
        """The end of the hour."""
        return NEVER if self._state.hour is None else (self._state.hour + 1) * HOUR

    def judge(self, moment: Moment) -> list[Assessment]:
        """Closes the hour, and answers where the answer has changed or the day asks for one."""
        state = self._state
        ended = self._calendar.moment(moment.t - HOUR / 2)
        self._close(ended)
        state.hour = int(moment.t // HOUR)
        before, state.state = state.state, self._answer()
        if state.state == before and int(ended.hour) != _DAILY_HOUR:
            return []
        return [self._assessment(moment)]

    def snapshot(self) -> bytes:
        """Everything it has learned."""
        return freeze(self._state)

    def restore(self, snapshot: bytes) -> None:
        """Goes on from a snapshot.

        Raises:
            ValueError: The bytes are no such snapshot.
        """
        self._state = thaw(snapshot, Warmth)

    def _close(self, ended: Moment) -> None:
        state = self._state
        if ended.day != state.day:
            self._close_day(ended.day)
        if not state.readings:
            state.unseen += 1
            return
        day = resumed(state.day_hours, state.day_mean)
        day.update(state.mean)
        state.day_hours, state.day_mean = day.n, day.get()
        state.hours = [*state.hours, (int(ended.hour), state.mean)][-KEPT_HOURS:]
        state.unseen, state.readings, state.mean = 0, 0.0, 0.0

    def _close_day(self, day: int) -> None:
        state = self._state
        band = state.usual.band(_USUAL)
        value = state.day_mean if state.day_hours else None
        keep(state.points, Point(state.day, value, band.usual, band.low, band.high))
        if value is not None:
            state.usual.learn_one(value, _USUAL)
        state.day, state.day_hours, state.day_mean = day, 0.0, 0.0

    def _answer(self) -> str:
        if self._state.unseen >= UNSEEN_HOURS:
            return State.BLIND
        recent = self._recent()
        if len(recent) < self._limit.hours:
            return self._state.state if self._state.state == State.RAISED else State.LEARNING
        sign = self._limit.sign
        if min(sign * one for one in recent) > sign * self._limit.raised_at:
            return State.RAISED
        held = self._state.state == State.RAISED
        if held and sign * recent[-1] > sign * self._limit.cleared_at:
            return State.RAISED
        return State.NORMAL

    def _recent(self) -> list[float]:
        """The means of the last hours that count, oldest first."""
        first, last = self._limit.first, self._limit.last
        counted = (mean for hour, mean in reversed(self._state.hours) if first <= hour <= last)
        return list(islice(counted, self._limit.hours))[::-1]

    def _assessment(self, moment: Moment) -> Assessment:
        state, at = self._state.state, utc(moment.t)
        if state == State.RAISED:
            return self._raised(moment)
        reason, text = "", self._words.normal
        if state == State.BLIND:
            reason = f"No temperature has been heard for {self._state.unseen} hours."
            text = "It cannot be said how warm the home is."
        elif state == State.LEARNING:
            reason = f"Fewer than {self._limit.hours} hours have been measured."
            text = "It is too soon to say how warm the home is."
        return Assessment(
            home=self._home, condition=self.condition, at=at, state=state, reason=reason, text=text
        )

    def _raised(self, moment: Moment) -> Assessment:
        recent = self._recent()
        mean = resumed(0, 0)
        for one in recent:
            mean.update(one)
        beyond = abs(mean.get() - self._limit.raised_at)
        return Assessment(
            home=self._home,
            condition=self.condition,
            at=utc(moment.t),
            state=State.RAISED,
            score=round(0.5 + beyond / (beyond + 4.0) / 2, 4),
            evidence=[self._evidence(mean.get(), moment.day)],
            text=self._words.raised.format(mean=number(mean.get()), hours=len(recent)),
            prompt=self._words.prompt,
        )

    def _evidence(self, mean: float, day: int) -> Evidence:
        """The last days and, where today is not among them, today so far."""
        band = self._state.usual.band(_USUAL)
        today = Point(day, mean, band.usual, band.low, band.high)
        found = evidence(
            [*(point for point in self._state.points if point.day != day), today],
            measure="temperature",
            label="Temperature in the home",
            unit="°C",
            share=1.0,
        )
        return msgspec.structs.replace(
            found, value=round(mean, 2), text=f"{found.text} {self._limit.source}"
        )


def resumed(n: float, mean: float) -> Mean:
    """River's running mean, as it was after `n` values with that mean."""
    resumed = Mean()
    if n:
        resumed.update(mean, n)
    return resumed
