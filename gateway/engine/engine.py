"""The detectors of one home and its alerts: kept, gone on from, mended and taught."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from contract import Alert, Assessment, SensorEvent, State, utc
from detectors.protocol import Detector
from gateway.engine.alert_book import Key
from gateway.engine.checkpoint import Checkpoint, pack, unpack
from gateway.engine.continuing import go_on
from gateway.engine.lesson import Learning, Lesson, Pupil, at_once, keep_last, steps
from gateway.engine.mending import Mended, mend, stand_of
from gateway.engine.outputs import Output
from gateway.engine.showing import Showing
from gateway.engine.unjudged import untold


class Engine(Showing):
    """The detectors of one home.

    It knows no clock but the events' own. The same events give the same outputs, in whatever
    portions they come and however often it is restored from a snapshot on the way.

    Args:
        profile: The home.
        detectors: Makes each detector; conditions must differ.
        on_fault: Told of each detector that failed.
        gate: What becomes of each answer before it counts; it may say that none can be given.
        mends: Whether who is told then calls :meth:`mend`; the fresh one waits for it.
        leaps: Where the hub's clock was set ahead, the earliest first: that is no time for who
            counts it. There may come more, none of them before the present moment.
    """

    def blindfold(self, at: float) -> list[Output]:
        """Has the gate say at once, of all that is watched for, what it has to say at `at`.

        Only where the gate changes an answer is there anything said.
        """
        keys = {(one.condition, "") for one in self._detectors}
        keys |= {(one.condition, one.subject) for one in self._book.standing()}
        outputs: list[Output] = []
        for condition, subject in sorted(keys):
            empty = Assessment(
                home=self._profile.home, condition=condition, at=utc(at), state=State.LEARNING,
                subject=subject,
            )  # fmt: skip
            if self._gate(empty) is not empty:
                self._take([empty], outputs)
        return outputs

    def go_on_from(
        self, told: Iterable[Alert], last: Mapping[Key, Assessment], *, back: bool = False
    ) -> Sequence[Output]:
        """Goes on with alerts as they were told before all was learned anew.

        Args:
            told: The newest version of each alert of its conditions.
            last: The last answer about each condition and subject.
            back: Whether it was learned anew because time was set back.

        Returns:
            The versions that whoever was told lacks.
        """
        mine = [one for one in told if one.condition in self.conditions]
        if self._now is None:
            return []
        return go_on(self._book, mine, last, utc(self._now), back=back)

    def snapshot(self) -> bytes:
        """Everything it has learned and every alert, to go on from.

        A detector that cannot give a snapshot is left out; it learns anew after a restart.
        """
        self._read()
        return pack(
            Checkpoint(
                now=self._now,
                detectors=self._learned(),
                entries=self._book.entries(),
                dues=self._own_dues(),
                strikes=self._strikes,
                calls=self._calls,
            )
        )

    def restore(self, blob: bytes) -> list[str]:
        """Goes on from a snapshot.

        Returns:
            The conditions whose detectors are newer than their snapshot and cannot take it over,
            or could not read it. They start afresh, and :meth:`relearn` may teach them.

        Raises:
            ValueError: The bytes are no snapshot; nothing has changed.
        """
        checkpoint = unpack(blob)
        self._unread.clear()
        self._now = checkpoint.now
        self._book.restore(checkpoint.entries)
        fresh = self._restored(checkpoint.detectors)
        self._strikes = checkpoint.strikes
        self._calls = dict(checkpoint.calls)
        self._put_off(checkpoint.dues)
        return fresh

    def mend(
        self, condition: str, blob: bytes | None, events: Iterable[SensorEvent], known: int
    ) -> list[Output] | None:
        """Brings a detector that failed back to where it stood, without what it failed at.

        Args:
            condition: Whose detector failed.
            blob: The last checkpoint; None where there is none yet.
            events: All that the engine was shown since.
            known: How often the detector had failed since, and was mended.

        Returns:
            What it has to say of what came after it failed; None where it cannot be mended, or
            fails again and again, and begins afresh.
        """
        index = next(i for i, one in enumerate(self._detectors) if one.condition == condition)
        if self._now is None or self._struck(condition):
            self._begin_afresh(index)
            return None
        try:
            mended = self._mended(index, blob, events, known)
        except Exception:  # noqa: BLE001 - its memory cannot be read or kept
            self._begin_afresh(index)
            return None
        self._detectors[index] = mended.detector
        dues = self._own_dues() | {condition: mended.due}
        self._reckon()
        self._put_off(dues)
        outputs: list[Output] = []
        self._take(mended.answers, outputs)
        return outputs

    def relearn(self, conditions: Iterable[str], events: Iterable[SensorEvent]) -> list[Output]:
        """Teaches some detectors alone from past events, the oldest first.

        What they would have said of the past is past. Only the last answer about each subject is
        given, so that an alert which no longer holds is cleared.
        """
        return at_once(self.relearning(conditions, events))

    def relearning(self, conditions: Iterable[str], events: Iterable[SensorEvent]) -> Lesson:
        """The same in small steps, between which the engine may go on with what comes.

        Args:
            conditions: Whose detectors.
            events: All that were shown to it, to be given as they are asked for.
        """
        learning = self.learning(conditions)
        yield from steps(learning.pupil, events, 0.0 if self._now is None else self._now)
        return self.take_over(learning)

    def learning(self, conditions: Iterable[str]) -> Learning:
        """Some detectors, made afresh, to be taught beside those at work."""
        chosen = [i for i, one in enumerate(self._detectors) if one.condition in set(conditions)]
        engine = Engine(
            self._profile,
            [self._factories[i] for i in chosen],
            lambda fault: self._on_fault(replace(fault, stopped=False)),
            leaps=self._leaps,
        )
        return Learning(chosen, engine, Pupil(engine.process if chosen else None))

    def take_over(self, learning: Learning) -> list[Output]:
        """Puts what has learned in the place of what was at work; what it has to say."""
        chosen, engine, pupil = learning
        if not chosen:
            return []
        self._read()
        if self._now is not None:
            keep_last(pupil.last, engine.advance(self._now))
        self._replace_with(dict(zip(chosen, engine.taught(), strict=True)))
        outputs: list[Output] = []
        self._take(untold(self._calls, pupil.last.values()), outputs)
        return outputs

    def taught(self) -> list[Detector]:
        """Its detectors, with all that they were shown taken in."""
        self._read()
        return self._detectors

    def _mended(
        self, index: int, blob: bytes | None, events: Iterable[SensorEvent], known: int
    ) -> Mended:
        checkpoint = None if blob is None else unpack(blob)
        condition = self._detectors[index].condition
        stand = stand_of(
            lambda: self._factories[index](self._profile), condition, checkpoint, known
        )
        until = stand.now if self._now is None else self._now
        assert until is not None  # noqa: S101 - it failed at something, so something happened
        return mend(stand, events, until, self._calendar, self._leaps)
