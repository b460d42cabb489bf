"""Brings a detector that failed back to where it stood before, passing over what it failed at.

It goes on from its last good checkpoint through the events since, one call at a time, and each call
at which it fails is taken back. So its memory is as if just those calls had never been made, and it
makes no difference when the checkpoint was taken.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from contract import Assessment, Quality, SensorEvent
from detectors.moment import Calendar, Moment
from detectors.protocol import NEVER, AnswersCalls, CountsTime, Detector, Migrates
from gateway.engine.checkpoint import Checkpoint, Learned, Strikes
from gateway.engine.gate import Interval
from gateway.engine.routes import wanted

AGAIN_S = 3600.0
"""A detector that failed to judge is asked again after this time, or after its next event."""

MOST_STRIKES = 3
"""A detector that fails so often, each time within a day of the last, has spoilt its memory."""

_DAY_S = 86_400.0
_OK, _LATE = str(Quality.OK), str(Quality.LATE)


@dataclass(slots=True)
class Mended:
    """A detector that goes on.

    Attributes:
        detector: As it stands now.
        due: When it is to judge next.
        answers: What it has to say of what came after it failed.
        faults: How often it failed on the way.
    """

    detector: Detector
    due: float
    answers: list[Assessment] = field(default_factory=list)
    faults: int = 0


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a detector stood at the last checkpoint.

    Attributes:
        make: Makes one that stands there.
        now: The engine's present moment then, in epoch seconds; None before the first event.
        due: When it was to judge next.
        known: How often it has failed since; what it said until then was said.
    """

    make: Callable[[], Detector]
    now: float | None
    due: float
    known: int


def stand_of(
    make: Callable[[], Detector], condition: str, checkpoint: Checkpoint | None, known: int
) -> Stand:
    """Where a detector stood at a checkpoint; None is the beginning.

    Args:
        make: Makes a fresh one.
        condition: What it watches for.
        checkpoint: The last one.
        known: As in :class:`Stand`.

    Raises:
        ValueError: The checkpoint has no memory of it.
    """
    if checkpoint is None:
        return Stand(make, None, make().due(), known)
    found = (one for one in checkpoint.detectors if one.condition == condition)
    learned = next(found, None)
    if learned is None:
        raise ValueError("it left no memory in the checkpoint")

    def again() -> Detector:
        detector = make()
        if not goes_on(detector, learned):
            raise ValueError("it cannot read what an older version had learned")
        return detector

    due = checkpoint.dues.get(condition)
    return Stand(again, checkpoint.now, again().due() if due is None else due, known)


def goes_on(detector: Detector, learned: Learned) -> bool:
    """Whether a detector can go on from what it, or an older version of it, had learned."""
    if learned.version == detector.version:
        detector.restore(learned.snapshot)
    elif isinstance(detector, Migrates):
        detector.migrate(learned.version, learned.snapshot)
    else:
        return False
    return True


def struck(strikes: dict[str, Strikes], condition: str, now: float) -> dict[str, Strikes]:
    """The failures of detectors of late, with one more."""
    before = strikes.get(condition)
    fresh = before is None or now - before.at > _DAY_S
    count = 1 if before is None or fresh else before.count + 1
    return {**strikes, condition: Strikes(count, now)}


def mend(
    stand: Stand,
    events: Iterable[SensorEvent],
    until: float,
    calendar: Calendar,
    leaps: Sequence[Interval] = (),
) -> Mended:
    """Brings a detector from where it stood to the present moment.

    Args:
        stand: Where it stood.
        events: What the engine was shown since, in its order.
        until: The engine's present moment, in epoch seconds.
        calendar: The home's.
        leaps: Where the hub's clock was set ahead.
    """
    way = _Way(stand, calendar, leaps)
    now = stand.now
    for event in events:
        if event.quality == _LATE:
            way.hear_late(event)
        counts = way.counts_at(event)
        if counts is None:
            continue
        t = counts.timestamp()
        now = t if now is None else max(now, t)
        way.pass_time(now)
        way.show(event)
    way.pass_time(until)
    return way.mended


class _Way:
    """The way from a checkpoint to the present."""

    def __init__(self, stand: Stand, calendar: Calendar, leaps: Sequence[Interval]) -> None:
        self._leaps = leaps
        self._stand = stand
        self._calendar = calendar
        self._now = stand.now
        self.mended = Mended(stand.make(), stand.due)

    def show(self, event: SensorEvent) -> None:
        """Shows it an event at the present moment, also a call that came late."""
        mended = self.mended
        if event.kind not in wanted(mended.detector):
            return
        counts = event.counts_at
        at = self._present if counts is None else counts.timestamp()
        moment = self._calendar.moment(at)
        answers = self._try(lambda: _observe(mended.detector, event, moment))
        mended.due = mended.detector.due()
        self._take(answers)

    def hear_late(self, event: SensorEvent) -> None:
        """Shows it an event that came too late, where it wants to know of such."""
        hear = getattr(self.mended.detector, "observe_late", None)
        if hear is None or event.kind not in self.mended.detector.kinds:
            return
        moment = self._calendar.moment(event.at.timestamp())
        self._try(lambda: hear(event, moment) or [])

    def counts_at(self, event: SensorEvent) -> datetime | None:
        """When an event counts for it; None where it does not."""
        if event.quality == _OK:
            return event.at
        detector = self.mended.detector
        answers = isinstance(detector, AnswersCalls) and event.kind in detector.kinds
        return event.counts_at if answers else None

    def pass_time(self, t: float) -> None:
        """Lets it judge what falls due until `t`."""
        now = self._now
        for leap in [] if now is None else [one for one in self._leaps if now < one.since <= t]:
            self._pass(leap.since)
            self._leap(leap)
        self._pass(t)

    def _leap(self, leap: Interval) -> None:
        """The clock was set ahead."""
        mended, moment = self.mended, self._calendar.moment(leap.until)
        detector = mended.detector
        if not isinstance(detector, CountsTime):
            return

        def tell() -> list[Assessment]:
            detector.leapt(leap.until - leap.since, moment)
            return []

        self._try(tell)
        mended.due = mended.detector.due()

    def _pass(self, t: float) -> None:
        mended = self.mended
        while mended.due <= t:
            self._now = max(mended.due, t if self._now is None else self._now)
            answers = self._try(self._judge)
            mended.due = self._present + AGAIN_S if answers is None else mended.detector.due()
            self._take(answers)
        self._now = t

    def _judge(self) -> list[Assessment]:
        detector, moment = self.mended.detector, self._calendar.moment(self._present)
        answers = detector.judge(moment)
        if not detector.due() > moment.t:
            raise RuntimeError(f"due at {detector.due()} though judged at {moment.t}")
        return answers

    @property
    def _present(self) -> float:
        return NEVER if self._now is None else self._now

    def _try(self, call: Callable[[], list[Assessment]]) -> list[Assessment] | None:
        """What it answers; None where it fails, and then it stands as it did before."""
        before = self.mended.detector.snapshot()
        try:
            return call()
        except Exception:  # noqa: BLE001 - told when it first failed; here it is passed over
            self.mended.faults += 1
            fresh = self._stand.make()
            fresh.restore(before)
            self.mended.detector = fresh
            return None

    def _take(self, answers: list[Assessment] | None) -> None:
        if answers and self.mended.faults > self._stand.known:
            self.mended.answers += answers


def _observe(detector: Detector, event: SensorEvent, moment: Moment) -> list[Assessment]:
    if event.counts_at is not None and isinstance(detector, AnswersCalls):
        return detector.observe_call(event, moment)
    return detector.observe(event, moment)
