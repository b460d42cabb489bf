"""Shows a home's events to its detectors in event time, and takes in what they answer."""

from collections.abc import Callable, Iterable, Sequence

from contract import Alert, Assessment, Condition, Kind, Quality, SensorEvent
from detectors.moment import Calendar, Moment
from detectors.profile import HomeProfile
from detectors.protocol import NEVER, AnswersCalls, CountsTime, Lot
from gateway.engine.alert_book import AlertBook
from gateway.engine.gate import Interval
from gateway.engine.outputs import DetectorFactory, Fault, Output, as_it_is, ignore
from gateway.engine.roster import Roster
from gateway.engine.routes import Route
from gateway.engine.unjudged import Calls, anew, let_go, taken_back, told

_OK = str(Quality.OK)
_LATE = str(Quality.LATE)
_BUTTON = str(Kind.BUTTON)

_MOST_UNREAD = 512
"""Events that are kept for patient detectors at the most."""


class Showing(Roster):
    """The detectors of one home at work.

    Args:
        profile, detectors, on_fault, gate, mends, leaps: As for :class:`gateway.engine.Engine`.
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
        self._calls: Calls = {}  # that could not be judged

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
        if self._calls:
            self._take(let_go(self._calls, self._profile.home, now, self._leaps), outputs)
        return outputs

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
        if self._calls and event.kind == _BUTTON and not event.value:
            self._take(taken_back(self._calls, event, moment.t, self._leaps), outputs)
        dues = self._dues
        for index, observe, due in route.at_once:
            try:
                answers = observe(event, moment)
                dues[index] = soonest = due()
            except Exception as error:  # noqa: BLE001 - one's fault must not silence the others
                self._stand_in(index, event, moment.t, outputs)
                self._replace(index, error)
                continue
            if soonest < self._next_due:  # noqa: PLR1730 - a call here would show in a replay
                self._next_due = soonest
            if answers:
                self._answer(event, answers, outputs)

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
                self._stand_in(index, event, counts, outputs)
                self._replace(index, error)
                continue
            self._next_due = min(self._next_due, self._dues[index])
            self._answer(event, answers, outputs)
        return outputs

    def _answer(self, event: SensorEvent, answers: list[Assessment], outputs: list[Output]) -> None:
        """Takes in what a detector answers to an event.

        A press that changes nothing is one by a detector that forgot the call which stands. It is
        told as a call of its own: staff may have done with the other.
        """
        before = len(outputs)
        self._take(answers, outputs)
        if event.kind != _BUTTON or not event.value:
            return
        if not any(isinstance(one, Alert) for one in outputs[before:]):
            calls = [one for one in answers if one.condition == Condition.HELP_BUTTON]
            self._take(anew(calls), outputs)

    def _stand_in(self, index: int, event: SensorEvent, t: float, outputs: list[Output]) -> None:
        """Answers a call for help, which counts at `t`, where who answers those failed at it."""
        if (
            event.kind == _BUTTON
            and event.value
            and isinstance(self._detectors[index], AnswersCalls)
        ):
            self._take(told(self._calls, event, t, self._leaps), outputs)

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
