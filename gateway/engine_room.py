"""Runs the engine along the journal: reads the events, writes what it says of them."""

import logging
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from contract import SensorEvent
from gateway.engine import Engine, Fault, OrderingEngine, Watermark
from gateway.engine.anew import learn_anew
from gateway.engine.outputs import Output
from gateway.journal import Journal
from gateway.journal.journal import EngineMemory
from gateway.journal.set_back import SetBack, believed
from gateway.journal.told import newest_alerts
from gateway.watch.detector_faults import begun_afresh, not_made, notes_of, passed_over

PORTION = 500
"""Events between two looks at anything else."""

UNSAVED = 250
"""Events after which a checkpoint is written though there was nothing to say."""

SAID_AGAIN_S = 3600.0
"""So often at least it is noted that a detector cannot be made, which is so until it can."""

_log = logging.getLogger(__name__)


class EngineRoom:
    """Keeps engine and journal in step.

    What the engine says, its memory and its place in the journal change in one transaction. So
    after a power cut it goes on where it was, says nothing twice and leaves nothing unsaid. A
    stretch of events of which it had nothing to say may be gone through again; it has nothing to
    say of them again.

    Args:
        journal: The journal.
        make_engine: Makes an engine that reports its faults to the function it is given.
        watermark: How far event time has come, shared with who listens.
        now: The hub's clock, in epoch seconds.
    """

    def __init__(
        self,
        journal: Journal,
        make_engine: Callable[[Callable[[Fault], None]], Engine | OrderingEngine],
        watermark: Watermark,
        now: Callable[[], float],
    ) -> None:
        self._journal = journal
        self._watermark = watermark
        self._now = now
        self._counts: Counter[str] = Counter()
        self._offset = 0
        self._saved = 0
        self._unsaid: list[Output] = []
        self._over = False
        self._failed: list[str] = []
        self._words: dict[str, str] = {}  # of failures that are not written yet
        self._mended: Counter[str] = Counter()  # since the last checkpoint
        self._engine = make_engine(self._on_fault)
        self._said_at = now()
        self._restore()
        if self._words:
            self._save()
        self._saved_standing = self._standing()
        self._failed.clear()  # what could not be restored has been learned from the journal

    @property
    def offset(self) -> int:
        """The number of the last event that the engine has gone through."""
        return self._offset

    def behind(self) -> bool:
        """Whether there is an event that it has not gone through."""
        return self._journal.has_event_after(self._offset)

    def work(self) -> bool:
        """Goes through the next portion of events.

        Returns:
            Whether there may be more.
        """
        if self._over:
            return False
        events = self._journal.events_after(self._offset, PORTION)
        for seq, event in events:
            self._unsaid += self._engine.process(event)
            self._offset = seq
            if self._failed:
                self._mend()
        if self._unsaid or self._offset - self._saved >= UNSAVED:
            self._save()
        return len(events) == PORTION

    def tick(self, now: float) -> None:
        """Lets event time follow the clock, once every event has been gone through."""
        if self._over or self.behind() or not math.isfinite(self._watermark.newest):
            return
        self._unsaid += self._engine.advance(self._watermark.drive(now))
        if self._failed:
            self._mend()
        if self._unsaid or (self._engine.unmade and now - self._said_at >= SAID_AGAIN_S):
            self._save()

    @property
    def line_s(self) -> float:
        """How far event time has come, in epoch seconds; minus infinity before the first event."""
        return max(self._watermark.newest, self._watermark.at, self._engine.present_s)

    @property
    def judged_s(self) -> float:
        """How far it was judged, in epoch seconds; minus infinity before the first event."""
        driven = self._watermark.driven
        return self._engine.present_s if driven is None else max(driven, self._engine.present_s)

    @property
    def conditions(self) -> set[str]:
        """What is watched for."""
        return self._engine.conditions

    def blindfold(self, at: float) -> None:
        """Says of all that is watched for that it cannot be told now, where the gate says so."""
        self._unsaid += self._engine.blindfold(at)
        if self._unsaid:
            self._save()

    def relearning(self, conditions: Sequence[str]) -> Iterator[None]:
        """Has some conditions learned anew from the journal; others may work between two steps."""
        _log.info("learning %s from the journal", ", ".join(conditions))
        self._unsaid += yield from self._engine.relearning(conditions, self._gone_through())
        self._save()

    def _gone_through(self) -> Iterator[SensorEvent]:
        """All events up to where the engine is, also where it goes on meanwhile.

        But for those that a clock dated which had carried event time ahead.
        """
        return believed(self._numbered(), self._journal.set_backs())

    def _numbered(self) -> Iterator[tuple[int, SensorEvent]]:
        seq = 0
        while portion := self._journal.events_after(seq, PORTION):
            for seq, event in portion:
                if seq > self._offset:
                    return
                yield seq, event

    def set_back(self, line: float) -> bool:
        """Sets event time back to the hub's clock, once every event has been gone through.

        This room is over then: the next one learns from what no wrong clock had dated.

        Args:
            line: The hub's clock, in epoch seconds.

        Returns:
            Whether it was done.
        """
        if self.behind():
            return False
        if self._unsaid or self._counts:
            self._save()
        memory = EngineMemory(self._offset, line - self._watermark.lag_s, b"")
        passed = self._watermark.at
        self._journal.set_back(SetBack(self._journal.last_seq, line, passed), memory)
        self._over = True
        _log.warning("event time had been carried ahead by a wrong clock, and is set back")
        return True

    def save(self) -> None:
        """Writes a checkpoint."""
        if self._unsaid or self._counts or self._standing() != self._saved_standing:
            self._save()

    def _standing(self) -> tuple[int, float | None]:
        """How far it has come along the journal, and in time where nothing was heard."""
        return self._offset, self._watermark.driven

    def _save(self) -> None:
        """Writes what is unsaid; where that fails, it stays unsaid until the next time."""
        if self._over:
            return
        blob = self._engine.snapshot()
        if self._failed:  # at what it had put off until now; what it forgot must not be kept
            self._mend()
            return
        memory = EngineMemory(self._offset, self._watermark.driven, blob)
        now, (_, received) = self._now(), self._journal.clock()
        # A clock that was not set yet dates nothing before what the hub knows to have been.
        words = self._words | {one: not_made(one) for one in self._engine.unmade}
        notes = notes_of(words.items(), max(now, received or now))
        self._journal.write_outputs(self._unsaid, memory, self._counts, now, notes)
        self._said_at = now
        self._saved = self._offset
        self._saved_standing = self._standing()
        self._counts.clear()
        self._words.clear()
        self._unsaid.clear()
        self._mended.clear()

    def _mend(self) -> None:
        """Brings detectors that failed back from the last checkpoint; the others go on."""
        failed, self._failed = self._failed, []
        memory = self._journal.engine_memory()
        offset, blob = (0, None) if memory is None else (memory.offset, memory.checkpoint)
        since = self._journal.events_after(offset, self._offset - offset)
        for condition in dict.fromkeys(failed):
            events = (event for seq, event in since if seq <= self._offset)
            outputs = self._engine.mend(condition, blob, events, self._mended[condition])
            self._mended[condition] += 1
            self._unsaid += outputs or []
            if outputs is None:
                self._words[condition] = begun_afresh(condition)
            _log.warning(
                "the detector for %s %s",
                condition,
                "begins afresh" if outputs is None else "goes on without what it failed at",
            )
        self._save()

    def _restore(self) -> None:
        memory = self._journal.engine_memory()
        if memory is None:
            return
        self._offset = self._saved = memory.offset
        if memory.driven is not None:
            self._watermark.resume(memory.driven)
        try:
            fresh = self._engine.restore(memory.checkpoint)
        except ValueError as error:
            _log.warning(
                "the checkpoint cannot be used, all is learned from the journal: %s", error
            )
            self._learn_all(memory)
        else:
            self._learn(fresh)

    def _learn_all(self, memory: EngineMemory) -> None:
        """Goes through everything again; what the engine says of it has been said before.

        What had been told beyond that, such as of events that are no longer kept, is gone on from.
        """
        told = newest_alerts(self._journal, lambda one: one.condition in self.conditions)
        # How far time was driven may be lost; it had come as far as what was said.
        times = [one.updated_at.timestamp() for one in told]
        driven = max(times, default=None) if memory.driven is None else memory.driven
        back = any(one.after >= memory.offset for one in self._journal.set_backs())
        news = learn_anew(self._engine, self._gone_through(), driven, told, back=back)
        # Each began afresh: there is no checkpoint to mend it from.
        self._words |= {one: begun_afresh(one) for one in self._failed}
        self._failed.clear()
        self._unsaid += news
        self._save()

    def _learn(self, conditions: list[str]) -> None:
        if not conditions:
            return
        _log.info("learning %s from the journal", ", ".join(conditions))
        self._unsaid += self._engine.relearn(conditions, self._gone_through())
        self._save()

    def _on_fault(self, fault: Fault) -> None:
        self._counts[f"detector_failed_{fault.condition}"] += 1
        self._words[fault.condition] = passed_over(fault)
        _log.error("the detector for %s failed", fault.condition, exc_info=fault.error)
        if fault.stopped:
            self._failed.append(fault.condition)
