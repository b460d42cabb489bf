"""Two engines in one: urgent detectors hear at once, the others in the order in which things were.

Messages overtake one another, and a boil is told when it has been over for a while. Where minutes
count, an event is shown when it comes, and counts at the present moment if it trails another. Where
days count, nothing is lost by waiting until nothing earlier can come: so those detectors give the
same answers in whatever order events came, as long as each came within the window.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush

import msgspec

from contract import SEVERITY, Alert, Assessment, Quality, SensorEvent, Severity
from detectors.profile import HomeProfile
from gateway.engine.alert_book import Key
from gateway.engine.engine import Engine
from gateway.engine.gate import Interval
from gateway.engine.lesson import Lesson, at_once, steps
from gateway.engine.outputs import DetectorFactory, Fault, Output, as_it_is, ignore
from gateway.engine.unmade import condition_of
from gateway.engine.watermark import NOT_YET

_OK = str(Quality.OK)
_Waiting = tuple[float, int, SensorEvent]


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    """Both engines and what waits between them, as a checkpoint.

    Attributes:
        prompt, patient: The snapshots of the two engines.
        waiting: Events that the patient one has not been shown, in the order in which they came.
        newest: The time of the newest event, in epoch seconds.
        line: The patient one has been shown all before it.
    """

    prompt: bytes
    patient: bytes
    waiting: list[SensorEvent]
    newest: float
    line: float


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Kept)


class OrderingEngine:
    """The detectors of one home, as :class:`Engine` runs them, the patient ones in order.

    Args:
        profile: The home.
        detectors: Makes each detector; conditions must differ.
        on_fault: Told of each detector that failed.
        window_s: How far an event may trail the newest one and still be put in its place.
        gate, mends, leaps: As for :class:`Engine`.
    """

    def __init__(
        self,
        profile: HomeProfile,
        detectors: Sequence[DetectorFactory],
        on_fault: Callable[[Fault], None] = ignore,
        gate: Callable[[Assessment], Assessment] = as_it_is,
        *,
        window_s: float,
        mends: bool = False,
        leaps: Sequence[Interval] = (),
    ) -> None:
        self._window_s = window_s
        prompt = [make for make in detectors if _is_urgent(condition_of(make, profile))]
        patient = [make for make in detectors if make not in prompt]
        self._prompt = Engine(profile, prompt, on_fault, gate, mends=mends, leaps=leaps)
        self._patient = Engine(profile, patient, on_fault, gate, mends=mends, leaps=leaps)
        self._waiting: list[_Waiting] = []
        self._came = 0
        self._newest = self._line = NOT_YET

    def process(self, event: SensorEvent, t: float | None = None) -> list[Output]:
        """Takes in one event, in the order in which they come.

        Args:
            event: What a sensor saw.
            t: Its time in epoch seconds, where that has been worked out already.
        """
        if event.quality != _OK:
            return self._prompt.process(event) + self._patient.process(event)
        t = event.at.timestamp() if t is None else t
        outputs = self._prompt.process(event, t)
        self._wait(t, event)
        self._newest = max(self._newest, t)
        return outputs + self._let_go(self._newest - self._window_s)

    def advance(self, t: float) -> list[Output]:
        """Lets time pass until `t`, behind which no event will come that is not late."""
        return self._prompt.advance(t) + self._let_go(t)

    @property
    def present_s(self) -> float:
        """What time it is at the latest for any detector, in epoch seconds."""
        return max(self._prompt.present_s, self._patient.present_s)

    @property
    def conditions(self) -> set[str]:
        """What its detectors answer for."""
        return self._prompt.conditions | self._patient.conditions

    @property
    def unmade(self) -> set[str]:
        """Those of them of which the detector could not be made."""
        return self._prompt.unmade | self._patient.unmade

    def blindfold(self, at: float) -> list[Output]:
        """Has the gate say at once what it has to say at `at`, as :meth:`Engine.blindfold` does."""
        return self._prompt.blindfold(at) + self._patient.blindfold(at)

    def go_on_from(
        self, told: Iterable[Alert], last: Mapping[Key, Assessment], *, back: bool = False
    ) -> Sequence[Output]:
        """Goes on with alerts as they were told, as :meth:`Engine.go_on_from` does."""
        known = list(told)
        return [
            *self._prompt.go_on_from(known, last, back=back),
            *self._patient.go_on_from(known, last, back=back),
        ]

    def finish(self) -> list[Output]:
        """Shows all that waits, at the end of a recording: nothing more will come."""
        return self._let_go(self._newest) + [
            output for _, _, event in self._drained() for output in self._patient.process(event)
        ]

    def snapshot(self) -> bytes:
        """Everything it has learned, every alert and all that waits, to go on from."""
        return _encoder.encode(
            _Kept(
                prompt=self._prompt.snapshot(),
                patient=self._patient.snapshot(),
                waiting=[event for _, _, event in sorted(self._waiting, key=lambda one: one[1])],
                newest=self._newest,
                line=self._line,
            )
        )

    def restore(self, blob: bytes) -> list[str]:
        """Goes on from a snapshot, its own or one of an :class:`Engine` with all detectors.

        Returns:
            The conditions whose detectors start afresh, as :meth:`Engine.restore` does.

        Raises:
            ValueError: The bytes are no snapshot.
        """
        kept = _read(blob)
        fresh = self._prompt.restore(kept.prompt) + self._patient.restore(kept.patient)
        self._waiting.clear()
        for event in kept.waiting:
            self._wait(event.at.timestamp(), event)
        self._newest, self._line = kept.newest, kept.line
        return fresh

    def relearn(self, conditions: Iterable[str], events: Iterable[SensorEvent]) -> list[Output]:
        """Teaches some detectors alone from past events, in the order in which they came."""
        return at_once(self.relearning(conditions, events))

    def relearning(self, conditions: Iterable[str], events: Iterable[SensorEvent]) -> Lesson:
        """The same in small steps, as :meth:`Engine.relearning` has them."""
        wanted = set(conditions)
        prompt, patient = self._prompt.learning(wanted), self._patient.learning(wanted)
        heard: Iterable[SensorEvent] = prompt.pupil.listen(events)
        if patient.chosen:
            heard = self._shown(heard)
        yield from steps(patient.pupil, heard, self._newest)
        return self._prompt.take_over(prompt) + self._patient.take_over(patient)

    def mend(
        self, condition: str, blob: bytes | None, events: Iterable[SensorEvent], known: int
    ) -> list[Output] | None:
        """Brings a detector that failed back, as :meth:`Engine.mend` does."""
        kept = None if blob is None else _read(blob)
        if condition in self._prompt.conditions:
            last = None if kept is None else kept.prompt
            return self._prompt.mend(condition, last, events, known)
        waited = [] if kept is None else kept.waiting
        last = None if kept is None else kept.patient
        return self._patient.mend(condition, last, self._shown([*waited, *events]), known)

    def _wait(self, t: float, event: SensorEvent) -> None:
        self._came += 1
        heappush(self._waiting, (t, self._came, event))

    def _let_go(self, line: float) -> list[Output]:
        """Shows the patient detectors what was before a line, and lets it be that time for them."""
        self._line = line = max(self._line, line)
        outputs: list[Output] = []
        while self._waiting and self._waiting[0][0] < line:
            at, _, event = heappop(self._waiting)
            outputs += self._patient.process(event, at)
        return outputs + self._patient.advance(line) if self._patient.has_begun else outputs

    def _drained(self) -> Iterator[_Waiting]:
        while self._waiting:
            yield heappop(self._waiting)

    def _shown(self, events: Iterable[SensorEvent]) -> Iterator[SensorEvent]:
        """Of events as they came, those that the patient detectors were shown, in order."""
        waiting: list[_Waiting] = []
        newest = NOT_YET
        for number, event in enumerate(events):
            if event.quality != _OK:
                yield event
                continue
            t = event.at.timestamp()
            if t >= self._line:
                continue
            heappush(waiting, (t, number, event))
            newest = max(newest, t)
            while waiting[0][0] < newest - self._window_s:
                yield heappop(waiting)[2]
        while waiting:
            yield heappop(waiting)[2]


def _is_urgent(condition: str) -> bool:
    return SEVERITY.get(condition) == Severity.URGENT


def _read(blob: bytes) -> _Kept:
    """What a snapshot holds; one of a lone engine serves both, as each takes what is its own."""
    try:
        return _decoder.decode(blob)
    except msgspec.ValidationError:
        return _Kept(prompt=blob, patient=blob, waiting=[], newest=NOT_YET, line=NOT_YET)
    except msgspec.DecodeError as error:
        raise ValueError(f"not a checkpoint: {error}") from error
