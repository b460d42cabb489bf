"""A detector with a fault loses what it failed at, and nothing else: not what it had learned."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import Assessment, Condition, RecordKind, SensorEvent, encode
from detectors.moment import Moment
from detectors.profile import HomeProfile
from detectors.protocol import Lot
from gateway.engine import DetectorFactory, Engine, Fault, Watermark
from gateway.engine.mending import MOST_STRIKES
from gateway.engine_room import EngineRoom
from gateway.journal import Journal
from tests.gateway.events import START, at, days_of_events, event, hear, work
from tests.gateway.small_detectors import HOUR, HelpDetector, QuietDetector, VisitsDetector

PROFILE = HomeProfile(home="h1")
POISON = "kitchen"


class Clumsy(QuietDetector):
    """Fails at whatever happens in the kitchen, when it has half taken it in."""

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        answers = super().observe(event, moment)
        if event.place == POISON:
            raise ZeroDivisionError(event.place)
        return answers


class Careful(QuietDetector):
    """The same, but passes over the kitchen."""

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        return [] if event.place == POISON else super().observe(event, moment)


def room_of(journal: Journal, detectors: Sequence[DetectorFactory]) -> EngineRoom:
    def make(on_fault: Callable[[Fault], None]) -> Engine:
        return Engine(PROFILE, detectors, on_fault, mends=True)

    newest, _ = journal.clock()
    watermark = Watermark(newest=START if newest is None else newest)
    return EngineRoom(journal, make, watermark, lambda: START)


def said(journal: Journal) -> list[bytes]:
    kinds = (RecordKind.ASSESSMENT, RecordKind.ALERT)
    return [body for _, body in sorted(one for kind in kinds for one in journal.records(kind))]


def expected(events: Sequence[SensorEvent], *detectors: DetectorFactory) -> list[bytes]:
    engine = Engine(PROFILE, detectors)
    return [encode(output) for one in events for output in engine.process(one)]


class Step(NamedTuple):
    """What befalls a hub next: so many events more, and whether it works, saves and begins anew."""

    more: int
    works: bool
    saves: bool
    begins_anew: bool


STEPS = st.lists(
    st.builds(Step, st.integers(0, 12), st.booleans(), st.booleans(), st.booleans()), max_size=8
)


@given(days_of_events(most=40), STEPS)
@settings(max_examples=40, deadline=None)
def test_wherever_a_detector_fails_it_goes_on_as_if_that_had_not_been_shown(
    events: list[SensorEvent], steps: list[Step]
) -> None:
    """In any portions and with any restarts; failures a day and more apart."""
    calm = without_near_failures(events)
    rest = list(calm)
    with TemporaryDirectory() as folder, ExitStack() as stack:

        def begin() -> tuple[Journal, EngineRoom]:
            stack.close()
            path = Path(folder) / "j.sqlite"
            journal = stack.enter_context(Journal.open(path, "hub-1", "h1"))
            return journal, room_of(journal, [Clumsy, VisitsDetector, HelpDetector])

        journal, room = begin()
        for step in (*steps, Step(len(rest), works=True, saves=False, begins_anew=False)):
            hear(journal, *rest[: step.more])
            rest = rest[step.more :]
            if step.works:
                work(room)
            if step.saves:
                room.save()
            if step.begins_anew:
                journal, room = begin()
        found = said(journal)
    assert found == expected(calm, Careful, VisitsDetector, HelpDetector)


def without_near_failures(events: Sequence[SensorEvent]) -> list[SensorEvent]:
    calm, last = list[SensorEvent](), 0.0
    for one in events:
        t = one.at.timestamp()
        if one.place == POISON and t - last < 90_000:
            continue
        last = t if one.place == POISON else last
        calm.append(one)
    return calm


def test_a_detector_that_fails_once_keeps_what_it_has_learned(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "j.sqlite", "hub-1", "h1") as journal:
        room = room_of(journal, [Clumsy])
        hear(journal, event(1), event(2, POISON))
        work(room)
        room.tick(START + 8 * HOUR)
        (assessment, _alert) = said(journal)
        assert b"2026-03-01T07:00:00" in assessment  # six hours after what it took in
        assert journal.counters() == {"detector_failed_no_movement": 1}


class Spoilt(QuietDetector):
    """Fails to judge, once it is due, until something has moved again; and says how often."""

    condition: ClassVar[str] = Condition.NIGHT_WANDERING
    asked: ClassVar[list[float]] = []

    def judge(self, moment: Moment) -> list[Assessment]:
        self.asked.append(moment.t)
        raise ZeroDivisionError


def test_a_detector_that_cannot_judge_is_asked_again_later_and_stops_no_other(
    tmp_path: Path,
) -> None:
    with Journal.open(tmp_path / "j.sqlite", "hub-1", "h1") as journal:
        room = room_of(journal, [Spoilt, QuietDetector])
        hear(journal, event(1))
        work(room)
        room.tick(START + 8 * HOUR)
        assert len(said(journal)) == 2
        assert journal.counters() == {"detector_failed_night_wandering": 1}


def test_what_fails_again_and_again_begins_afresh_and_does_not_loop(tmp_path: Path) -> None:
    Spoilt.asked.clear()
    with Journal.open(tmp_path / "j.sqlite", "hub-1", "h1") as journal:
        room = room_of(journal, [Spoilt, HelpDetector])
        hear(journal, event(1))
        work(room)
        for hours in range(7, 200):
            room.tick(START + hours * HOUR)
        failed = journal.counters()["detector_failed_night_wandering"]
        assert failed <= MOST_STRIKES
        assert len(Spoilt.asked) < 4 * MOST_STRIKES
        hear(journal, event(201), event(202, "pendant", "button"))
        work(room)
        assert any(b'"help_button"' in one for one in said(journal))


class Unrestorable(Clumsy):
    def restore(self, snapshot: bytes) -> None:
        raise RuntimeError(f"{len(snapshot)} bytes of another form")


def test_a_detector_whose_memory_cannot_be_read_begins_afresh_and_the_hub_starts(
    tmp_path: Path,
) -> None:
    with Journal.open(tmp_path / "j.sqlite", "hub-1", "h1") as journal:
        room = room_of(journal, [Unrestorable, HelpDetector])
        hear(journal, event(1), event(2, "pendant", "button"))
        work(room)
        hear(journal, event(3, POISON), event(4, "pendant", "button"))
        work(room_of(journal, [Unrestorable, HelpDetector]))
        assert sum(b'"help_button"' in one for one in said(journal)) == 3  # two answers, one alert


class Newer(VisitsDetector):
    """Keeps its memory in another form, and can read the old one."""

    version: ClassVar[int] = 2

    def snapshot(self) -> bytes:
        return b"2" + super().snapshot()

    def restore(self, snapshot: bytes) -> None:
        super().restore(snapshot.removeprefix(b"2"))

    def migrate(self, version: int, snapshot: bytes) -> None:
        if version != 1:
            raise ValueError(f"version {version} is not known")
        super().restore(snapshot)


def test_a_newer_detector_takes_over_what_the_older_one_learned() -> None:
    old = Engine(PROFILE, [VisitsDetector])
    for day in range(5):
        old.process(event(24 * day + 8))
    newer = Engine(PROFILE, [Newer])
    assert newer.restore(old.snapshot()) == []
    midnight = START + 5 * 24 * HOUR
    assert [encode(one) for one in newer.advance(midnight)] == [
        encode(one) for one in old.advance(midnight)
    ]


def test_a_version_that_it_cannot_take_over_is_learned_anew() -> None:
    class Older(VisitsDetector):
        version: ClassVar[int] = 0

    old = Engine(PROFILE, [Older])
    old.process(event(1))
    assert Engine(PROFILE, [Newer]).restore(old.snapshot()) == ["uti_risk"]


@pytest.mark.parametrize("restart", [False, True])
def test_when_it_is_asked_again_is_the_same_after_a_restart(
    tmp_path: Path, *, restart: bool
) -> None:
    Spoilt.asked.clear()
    with Journal.open(tmp_path / "j.sqlite", "hub-1", "h1") as journal:
        room = room_of(journal, [Spoilt])
        hear(journal, event(1))
        work(room)
        room.tick(START + 7 * HOUR + 60)
        first = list(Spoilt.asked)
        room = room_of(journal, [Spoilt]) if restart else room
        room.tick(START + 7 * HOUR + 120)
        assert Spoilt.asked == first
        room.tick(START + 8 * HOUR + 60)
        assert Spoilt.asked[len(first)] == START + 8 * HOUR


def test_a_detector_that_fails_while_it_learns_anew_does_not_get_its_old_memory_back(
    tmp_path: Path,
) -> None:
    class Once(VisitsDetector):
        """Fails at the second visit while it is taught."""

        taught: ClassVar[bool] = False

        def observe_all(self, lot: Lot) -> None:
            for one in lot:
                if one[0].at == at(2) and Once.taught:
                    raise ZeroDivisionError
                super().observe_all([one])

    with Journal.open(tmp_path / "j.sqlite", "hub-1", "h1") as journal:
        room = room_of(journal, [Once])
        hear(journal, event(1), event(2), event(3))
        work(room)
        room.save()
        before = room._engine._detectors[0].snapshot()  # type: ignore[union-attr] # an Engine
        Once.taught = True
        list(room.relearning([Once.condition]))
        after = room._engine._detectors[0].snapshot()  # type: ignore[union-attr] # as above
        assert after != before
        assert journal.counters() == {f"detector_failed_{Once.condition}": 1}


def test_a_detector_is_mended_with_no_more_than_it_was_shown(tmp_path: Path) -> None:
    class Choosy(QuietDetector):
        """May want flushes, and does not; fails at a kitchen."""

        kinds: ClassVar[frozenset[str]] = frozenset({"motion", "flush"})
        seen: ClassVar[list[str]] = []

        def wanted(self) -> frozenset[str]:
            return frozenset({"motion"})

        def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
            Choosy.seen.append(event.kind)
            if event.place == POISON:
                raise ZeroDivisionError(event.place)
            return super().observe(event, moment)

    with Journal.open(tmp_path / "j.sqlite", "hub-1", "h1") as journal:
        room = room_of(journal, [Choosy])
        hear(journal, event(1), event(2, "toilet", "flush"), event(3, POISON), event(4))
        work(room)
    assert set(Choosy.seen) == {"motion"}
    assert len(Choosy.seen) > 3, "it was mended"
