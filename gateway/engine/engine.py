"""Shows a home's events to its detectors, in event time, and keeps the alerts they give rise to."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contract import Alert, Assessment, Quality, SensorEvent
from detectors.moment import Calendar, Moment
from detectors.profile import HomeProfile
from detectors.protocol import NEVER, Detector, Lot, PatientDetector, SelectiveDetector
from gateway.engine.book import AlertBook
from gateway.engine.checkpoint import Checkpoint, Learned, pack, unpack

DetectorFactory = Callable[[HomeProfile], Detector]
Output = Assessment | Alert
_OK = str(Quality.OK)
_MOST_UNREAD = 512
"""Events that are kept for patient detectors at the most."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A detector failed and was replaced by a fresh one; the others went on."""

    condition: str
    error: Exception


class _Route(NamedTuple):
    """Who is shown the events of a kind.

    Attributes:
        patient: Whether patient detectors are.
        at_once: The others: number, :meth:`Detector.observe` and :meth:`Detector.due`.
    """

    patient: bool
    at_once: list[tuple[int, Callable[..., list[Assessment]], Callable[[], float]]]


def ignore(_fault: Fault) -> None:
    """Takes no note of a fault."""


class Engine:
    """The detectors of one home.

    It knows no clock but the events' own. The same events give the same outputs, in whatever
    portions they come and however often it is restored from a snapshot on the way.

    Args:
        profile: The home.
        detectors: Makes each detector; conditions must differ.
        on_fault: Told of each detector that failed.
    """

    def __init__(
        self,
        profile: HomeProfile,
        detectors: Sequence[DetectorFactory],
        on_fault: Callable[[Fault], None] = ignore,
    ) -> None:
        self._profile = profile
        self._factories = list(detectors)
        self._on_fault = on_fault
        self._calendar = Calendar(profile.time_zone)
        self._book = AlertBook()
        self._now: float | None = None
        self._detectors = [make(profile) for make in self._factories]
        self._unread: list[tuple[SensorEvent, Moment]] = []  # by patient detectors
        self._next_due = NEVER  # nobody is due before; some may by now be due later than that
        self._reckon()

    def process(self, event: SensorEvent, t: float | None = None) -> list[Output]:
        """Takes in one event: first judges what was due before it, then shows it.

        An event that says its own time is not to be trusted changes nothing. One that is a little
        out of order counts at the present moment.

        Args:
            event: What a sensor saw.
            t: Its time in epoch seconds, where that has been worked out already.
        """
        if event.quality != _OK:
            return []
        now = event.at.timestamp() if t is None else t
        if self._now is not None and now < self._now:
            now = self._now
        outputs = self.advance(now) if self._next_due <= now else []
        self._now = now
        route = self._routes.get(event.kind)
        if route is not None:
            self._show(route, event, self._calendar.moment(now), outputs)
        return outputs

    def advance(self, t: float) -> list[Output]:
        """Lets time pass until `t` (epoch seconds), and judges whatever falls due on the way."""
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

    def snapshot(self) -> bytes:
        """Everything it has learned and every alert, to go on from.

        A detector that cannot give a snapshot is left out; it learns anew after a restart.
        """
        self._read()
        learned: list[Learned] = []
        for one in self._detectors:
            try:
                learned.append(Learned(one.condition, one.version, one.snapshot()))
            except Exception as error:  # noqa: BLE001 - one's fault must not cost the others theirs
                self._on_fault(Fault(one.condition, error))
        return pack(Checkpoint(now=self._now, detectors=learned, entries=self._book.entries()))

    def restore(self, blob: bytes) -> list[str]:
        """Goes on from a snapshot.

        Returns:
            The conditions whose detectors are newer than their snapshot, or could not read it.
            They start afresh, and :meth:`relearn` may teach them.

        Raises:
            ValueError: The bytes are no snapshot; nothing has changed.
        """
        checkpoint = unpack(blob)
        self._unread.clear()
        self._now = checkpoint.now
        self._book.restore(checkpoint.entries)
        learned = {one.condition: one for one in checkpoint.detectors}
        fresh = [
            self._detectors[index].condition
            for index in range(len(self._detectors))
            if not self._restore(index, learned.get(self._detectors[index].condition))
        ]
        self._reckon()
        return fresh

    def relearn(self, conditions: Iterable[str], events: Iterable[SensorEvent]) -> list[Output]:
        """Teaches some detectors alone from past events, the oldest first.

        What they would have said of the past is past. Only the last answer about each subject is
        given, so that an alert which no longer holds is cleared.
        """
        self._read()
        chosen = [i for i, one in enumerate(self._detectors) if one.condition in set(conditions)]
        pupil = Engine(self._profile, [self._factories[i] for i in chosen], self._on_fault)
        last: dict[tuple[str, str], Assessment] = {}
        for event in events:
            _keep_last(last, pupil.process(event))
        if self._now is not None:
            _keep_last(last, pupil.advance(self._now))
        pupil._read()
        for index, detector in zip(chosen, pupil._detectors, strict=True):
            self._detectors[index] = detector
        self._reckon()
        outputs: list[Output] = []
        self._take(last.values(), outputs)
        return outputs

    def _present(self, t: float) -> float:
        return t if self._now is None or t > self._now else self._now

    def _reckon(self) -> None:
        """Takes note of when detectors are due and what they want to see."""
        self._dues = [detector.due() for detector in self._detectors]
        self._next_due = min(self._dues, default=NEVER)
        self._route()

    def _route(self) -> None:
        self._selective = {
            i: one for i, one in enumerate(self._detectors) if isinstance(one, SelectiveDetector)
        }
        self._kinds = [
            self._selective[i].wanted() if i in self._selective else one.kinds
            for i, one in enumerate(self._detectors)
        ]
        self._patient: dict[int, PatientDetector] = {
            i: one for i, one in enumerate(self._detectors) if isinstance(one, PatientDetector)
        }
        # One who has not begun is shown events at once, for only then is it known when it is due.
        self._curious = any(self._dues[index] == NEVER for index in self._patient)
        kinds = {str(kind) for wanted in self._kinds for kind in wanted}
        self._routes = {kind: self._route_of(kind) for kind in kinds}

    def _route_of(self, kind: str) -> _Route:
        wanted = [index for index, kinds in enumerate(self._kinds) if kind in kinds]
        at_once = [(i, self._detectors[i]) for i in wanted if i not in self._patient]
        return _Route(
            patient=len(at_once) < len(wanted),
            at_once=[(index, one.observe, one.due) for index, one in at_once],
        )

    def _show(
        self, route: _Route, event: SensorEvent, moment: Moment, outputs: list[Output]
    ) -> None:
        """Shows an event to those who want its kind and may answer.

        These are the hub's busiest lines, so they are all in one place.
        """
        if route.patient:
            self._unread.append((event, moment))
            if self._curious or len(self._unread) >= _MOST_UNREAD:
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
        for index, detector in self._patient.items():
            kinds = self._kinds[index]
            if kinds not in lots:
                lots[kinds] = [one for one in unread if one[0].kind in kinds]
            try:
                detector.observe_all(lots[kinds])
                self._dues[index] = detector.due()
            except Exception as error:  # noqa: BLE001 - as above
                self._replace(index, error)
        self._next_due = min(self._next_due, *self._dues)
        if self._curious:
            self._route()

    def _judge(self, index: int, moment: Moment, outputs: list[Output]) -> None:
        detector = self._detectors[index]
        try:
            answers = detector.judge(moment)
            due = detector.due()
            if not due > moment.t:
                raise RuntimeError(f"due at {due} though judged at {moment.t}")  # noqa: TRY301 - as any other fault of it
            self._dues[index] = due
            selective = self._selective.get(index)
            if selective is not None and selective.wanted() != self._kinds[index]:
                self._route()
        except Exception as error:  # noqa: BLE001 - one detector's fault must not silence the others
            self._replace(index, error)
            return
        self._take(answers, outputs)

    def _take(self, answers: Iterable[Assessment], outputs: list[Output]) -> None:
        for assessment in answers:
            outputs.append(assessment)
            alert = self._book.take(assessment)
            if alert is not None:
                outputs.append(alert)

    def _restore(self, index: int, learned: Learned | None) -> bool:
        detector = self._detectors[index]
        if learned is None or learned.version != detector.version:
            return False
        try:
            detector.restore(learned.snapshot)
        except ValueError as error:
            self._replace(index, error)
            return False
        return True

    def _replace(self, index: int, error: Exception) -> None:
        fresh = self._factories[index](self._profile)
        self._detectors[index] = fresh
        # What it wants to judge in the past of which it saw nothing can wait for the present.
        due = fresh.due()
        self._dues[index] = due if self._now is None or due > self._now else NEVER
        self._next_due = min(self._next_due, self._dues[index])
        self._route()
        self._on_fault(Fault(fresh.condition, error))


def _keep_last(last: dict[tuple[str, str], Assessment], outputs: Iterable[Output]) -> None:
    for output in outputs:
        if isinstance(output, Assessment):
            last[output.condition, output.subject] = output
