"""Shows a home's events to its detectors, in event time, and keeps the alerts they give rise to."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from contract import Alert, Assessment, Quality, SensorEvent, State, utc
from detectors.moment import Calendar, Moment
from detectors.profile import HomeProfile
from detectors.protocol import NEVER, CountsTime, Detector, Lot
from gateway.downlink.gate import Interval
from gateway.engine.book import AlertBook, Key
from gateway.engine.checkpoint import Checkpoint, pack, unpack
from gateway.engine.continuing import go_on
from gateway.engine.lesson import Learning, Lesson, Pupil, at_once, keep_last, steps
from gateway.engine.mending import Mended, mend, stand_of
from gateway.engine.outputs import DetectorFactory, Fault, Output, as_it_is, ignore
from gateway.engine.roster import Roster
from gateway.engine.routes import Route

_OK = str(Quality.OK)
_LATE = str(Quality.LATE)

_MOST_UNREAD = 512
"""Events that are kept for patient detectors at the most."""


class Engine(Roster):
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

    def __init__(
        self,
        profile: HomeProfile,
        detectors: Sequence[DetectorFactory],
        on_fault: Callable[[Fault], None] = ignore,
        gate: Callable[[Assessment], Assessment] = as_it_is,
        *,
        mends: bool = False,
        leaps: Sequence[Interval] = (),
    ) -> None:
        super().__init__(profile, detectors, on_fault, mends=mends)
        self._leaps = leaps
        self._gate = gate
        self._calendar = Calendar(profile.time_zone)
        self._book = AlertBook()
        self._unread: list[tuple[SensorEvent, Moment]] = []  # by patient detectors

    @property
    def has_begun(self) -> bool:
        """Whether anything has happened yet."""
        return self._now is not None

    @property
    def present_s(self) -> float:
        """What time it is for its detectors, in epoch seconds; minus infinity before the first."""
        return float("-inf") if self._now is None else self._now

    def process(self, event: SensorEvent, t: float | None = None) -> list[Output]:
        """Takes in one event: first judges what was due before it, then shows it.

        An event that says its own time is not to be trusted changes nothing. One that was told too
        late is shown to the detectors that want to know of it, and answered by none, unless it is a
        call for help. One that is a little out of order counts at the present moment.

        Args:
            event: What a sensor saw.
            t: Its time in epoch seconds, where that has been worked out already.
        """
        if event.quality != _OK:
            if event.quality == _LATE:
                self._show_late(event)
            return [] if event.counts_at is None else self._show_call(event)
        now = event.at.timestamp() if t is None else t
        if self._now is not None and now < self._now:
            now = self._now
        outputs = self.advance(now) if self._next_due <= now or self._leaps else []
        self._now = now
        route = self._routes.by_kind.get(event.kind)
        if route is not None:
            self._show(route, event, self._calendar.moment(now), outputs)
        return outputs

    def advance(self, t: float) -> list[Output]:
        """Lets time pass until `t` (epoch seconds), and judges whatever falls due on the way."""
        outputs: list[Output] = []
        for leap in self._ahead(t):
            outputs += self._pass(leap.since)
            self._leap(leap)
        return outputs + self._pass(t)

    def _ahead(self, t: float) -> list[Interval]:
        """The leaps of the clock that lie between the present moment and `t`."""
        now = self._now
        return [] if now is None else [one for one in self._leaps if now < one.since <= t]

    def _leap(self, leap: Interval) -> None:
        """Tells those who count time that the clock was set ahead."""
        self._read()
        by, moment = leap.until - leap.since, self._calendar.moment(leap.until)
        for index, one in enumerate(self._detectors):
            if isinstance(one, CountsTime):
                try:
                    one.leapt(by, moment)
                    self._dues[index] = one.due()
                except Exception as error:  # noqa: BLE001 - one's fault must not silence the others
                    self._replace(index, error)
        self._next_due = min(self._dues, default=NEVER)

    def _pass(self, t: float) -> list[Output]:
        outputs: list[Output] = []
        now = self._present(t)
        if self._next_due <= now:
            self._read()
            self._next_due = min(self._dues)
        while self._next_due <= now:
            index = self._dues.index(self._next_due)
            due = max(self._next_due, t if self._now is None else self._now)
            self._now = due
            self._judge(index, self._calendar.moment(due), outputs)
            self._next_due = min(self._dues)
        self._now = now
        return outputs

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
        self._take(pupil.last.values(), outputs)
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

    def _present(self, t: float) -> float:
        return t if self._now is None or t > self._now else self._now

    def _show(
        self, route: Route, event: SensorEvent, moment: Moment, outputs: list[Output]
    ) -> None:
        """Shows an event to those who want its kind and may answer.

        These are the hub's busiest lines, so they are all in one place.
        """
        if route.patient:
            self._unread.append((event, moment))
            if self._routes.curious or len(self._unread) >= _MOST_UNREAD:
                self._read()
        dues = self._dues
        for index, observe, due in route.at_once:
            try:
                answers = observe(event, moment)
                dues[index] = soonest = due()
            except Exception as error:  # noqa: BLE001 - one's fault must not silence the others
                self._replace(index, error)
                continue
            if soonest < self._next_due:  # noqa: PLR1730 - a call here would show in a replay
                self._next_due = soonest
            if answers:
                self._take(answers, outputs)

    def _read(self) -> None:
        """Shows patient detectors what they have not seen yet."""
        unread, self._unread = self._unread, []
        if not unread:
            return
        lots: dict[frozenset[str], Lot] = {}  # many detectors want the same kinds
        routes = self._routes
        for index, detector in routes.patient.items():
            kinds = routes.kinds[index]
            if kinds not in lots:
                lots[kinds] = [one for one in unread if one[0].kind in kinds]
            try:
                detector.observe_all(lots[kinds])
                self._dues[index] = detector.due()
            except Exception as error:  # noqa: BLE001 - as above
                self._replace(index, error)
        self._next_due = min(self._next_due, *self._dues)
        if routes.curious:
            self._route()

    def _show_late(self, event: SensorEvent) -> None:
        """Shows an event that came too late to those who want to know; time stands still."""
        ears = self._routes.late(event.kind)
        if ears:
            self._read()
        for index, detector in ears:
            try:
                detector.observe_late(event, self._calendar.moment(event.at.timestamp()))
            except Exception as error:  # noqa: BLE001 - one's fault must not silence the others
                self._replace(index, error)

    def _show_call(self, event: SensorEvent) -> list[Output]:
        """Shows a late call for help to those who answer it, at the moment at which it counts."""
        ears = self._routes.calls(event.kind)
        if not ears or event.counts_at is None:
            return []
        counts = event.counts_at.timestamp()  # before the present where a wrong clock carried that
        outputs = self.advance(self._present(counts))
        for index, detector in ears:
            try:
                answers = detector.observe_call(event, self._calendar.moment(counts))
                self._dues[index] = detector.due()
            except Exception as error:  # noqa: BLE001 - one's fault must not silence the others
                self._replace(index, error)
                continue
            self._next_due = min(self._next_due, self._dues[index])
            self._take(answers, outputs)
        return outputs

    def _judge(self, index: int, moment: Moment, outputs: list[Output]) -> None:
        detector = self._detectors[index]
        try:
            answers = detector.judge(moment)
            due = detector.due()
            if not due > moment.t:
                raise RuntimeError(f"due at {due} though judged at {moment.t}")  # noqa: TRY301 - as any other fault of it
            self._dues[index] = due
            if self._routes.stale(index):
                self._route()
        except Exception as error:  # noqa: BLE001 - one detector's fault must not silence the others
            self._replace(index, error)
            return
        self._take(answers, outputs)

    def _take(self, answers: Iterable[Assessment], outputs: list[Output]) -> None:
        for answer in answers:
            assessment = self._gate(answer)
            outputs.append(assessment)
            alert = self._book.take(assessment)
            if alert is not None:
                outputs.append(alert)
