"""Whoever presses is heard, whatever the detector fails at: live, killed, begun anew, replayed."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from contract import Alert, Assessment, Kind, Phase, Quality, RecordKind, SensorEvent, decode, utc
from detectors.help_button import HelpButton
from detectors.moment import Moment
from detectors.profile import HomeProfile
from gateway.engine import Fault, OrderingEngine, Watermark
from gateway.engine_room import EngineRoom
from gateway.hearing.calls import counted
from gateway.journal import Intake, Journal
from tests.gateway.events import START
from tests.gateway.small_detectors import QuietDetector, VisitsDetector

PROFILE = HomeProfile(home="h1")
LAG_S = 60.0
HOUR = 3600.0
POISON = 500_000
"""The microseconds of what it fails at."""


class Failing(HelpButton):
    """Fails at whatever is poisoned, and every third midnight."""

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        answers = super().observe(event, moment)
        if event.at.microsecond == POISON:
            raise ZeroDivisionError(event.kind)
        return answers

    def observe_call(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        if event.at.microsecond == POISON:
            raise ZeroDivisionError(event.kind)
        return super().observe_call(event, moment)

    def judge(self, moment: Moment) -> list[Assessment]:
        if moment.day % 3 == 0:
            raise ZeroDivisionError
        return super().judge(moment)


DETECTORS = (Failing, QuietDetector, VisitsDetector)
SOON = st.sampled_from([1, 30, 300, 700, 4000, 20_000, 50_000])
BUTTONS = st.sampled_from(["pendant", "cord"])


class Home(RuleBasedStateMachine):
    """A home in which people press, move about and wait, and a hub that is killed at times."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.now = START
        self.presses: list[SensorEvent] = []
        self.forgot = False
        self.journal = self.opened()
        self.room = self.begun()

    def opened(self) -> Journal:
        return Journal.open(Path(self.folder.name) / "journal.sqlite", "hub-1", "h1")

    def begun(self) -> EngineRoom:
        def make(on_fault: Callable[[Fault], None]) -> OrderingEngine:
            return OrderingEngine(PROFILE, DETECTORS, on_fault, window_s=LAG_S, mends=True)

        newest, _ = self.journal.clock()
        self.watermark = Watermark(LAG_S) if newest is None else Watermark(LAG_S, newest=newest)
        room = EngineRoom(self.journal, make, self.watermark, lambda: self.now)
        while room.work():
            pass
        return room

    @rule(after=SOON, fails=st.booleans(), button=BUTTONS)
    def presses_it(self, after: int, button: str, *, fails: bool) -> None:
        self.hears(button, Kind.BUTTON, after, fails=fails)

    @rule(after=SOON, fails=st.booleans(), button=BUTTONS)
    def takes_it_back(self, after: int, button: str, *, fails: bool) -> None:
        self.hears(button, Kind.BUTTON, after, value=0.0, fails=fails)

    @rule(after=SOON, fails=st.booleans(), button=BUTTONS, ago=st.integers(200, 200_000))
    def is_heard_late(self, after: int, button: str, ago: int, *, fails: bool) -> None:
        self.hears(button, Kind.BUTTON, after, ago=ago, fails=fails)

    @rule(after=SOON, fails=st.booleans())
    def moves(self, after: int, *, fails: bool) -> None:
        self.hears("kitchen", Kind.MOTION, after, fails=fails)

    @rule(hours=st.integers(1, 40))
    def waits(self, hours: int) -> None:
        self.now += hours * HOUR
        self.room.tick(self.now)

    @rule()
    def is_killed(self) -> None:
        self.journal.close()
        self.journal = self.opened()
        self.room = self.begun()

    @rule()
    def is_restarted(self) -> None:
        self.room.save()
        self.is_killed()

    @rule()
    def loses_what_it_learned(self) -> None:
        self.journal._connection.execute("update engine set checkpoint = x'c1', sum = null")
        self.forgot = True
        self.is_killed()

    def hears(
        self, place: str, kind: str, after: int, *, value: float = 1.0, ago: int = 0, fails: bool
    ) -> None:
        self.now += after
        at = utc(self.now - ago).replace(microsecond=POISON if fails else 0)
        event = SensorEvent(
            home="h1", sensor=f"{place}-{kind}", kind=kind, place=place, at=at, value=value,
            quality=Quality.LATE if ago else Quality.OK,
        )  # fmt: skip
        if ago:
            event = counted(event, self.watermark, self.now)
        else:
            self.watermark.admit(at.timestamp())
        self.now += 1
        self.journal.write_intake(Intake(events=[event], newest=self.watermark.newest), self.now)
        if kind == Kind.BUTTON and value:
            self.presses.append(event)
        while self.room.work():
            pass

    def told(self) -> list[Alert]:
        alerts = (decode(body, Alert) for _, body in self.journal.records(RecordKind.ALERT))
        return [one for one in alerts if one.condition == "help_button"]

    @invariant()
    def each_press_is_told(self) -> None:
        assert untold(self.presses, self.told()) == []

    @invariant()
    def nothing_is_told_twice(self) -> None:
        versions = Counter((one.id, one.version) for one in self.told())
        assert max(versions.values(), default=1) == 1

    def teardown(self) -> None:
        try:
            self.is_told_again_by_the_journal()
        finally:
            self.journal.close()
            self.folder.cleanup()

    def is_told_again_by_the_journal(self) -> None:
        """Each press; and what could not be judged to the byte."""
        self.room.tick(self.now)
        replayed = OrderingEngine(PROFILE, DETECTORS, window_s=LAG_S)
        outputs = [
            one
            for _, event in self.journal.events_after(0, 10**6)
            for one in replayed.process(event)
        ]
        outputs += replayed.advance(self.watermark.at) if self.presses else []
        anew = [one for one in outputs if isinstance(one, Alert) and one.condition == "help_button"]
        assert untold(self.presses, anew) == []
        # What is learned anew goes on from what was told, with versions of its own.
        assert self.forgot or unjudged(anew) == unjudged(self.told())


def untold(presses: list[SensorEvent], told: list[Alert]) -> list[SensorEvent]:
    """Those of which no open version of an urgent alert tells at the moment that each counts."""
    times = {one.updated_at for one in told if one.phase == Phase.OPEN and one.severity == "urgent"}
    return [one for one in presses if (one.counts_at or one.at) not in times]


def unjudged(told: list[Alert]) -> dict[str, Alert]:
    """The last version of each alert of a call that could not be judged."""
    return {one.id: one for one in told if one.subject}


Home.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestWhoeverPressesIsHeard = Home.TestCase
