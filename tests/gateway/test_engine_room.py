"""Alerts are said once: not lost by a power cut between hearing and saying, and not said twice."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import Alert, Assessment, Condition, RecordKind, SensorEvent, decode, encode
from detectors.moment import Moment
from detectors.profile import HomeProfile
from gateway.engine import DetectorFactory, Engine, Fault, Watermark
from gateway.engine_room import UNSAVED, EngineRoom
from gateway.journal import Journal
from tests.gateway.events import START, at, days_of_events, event, hear, work
from tests.gateway.small_detectors import DETECTORS, HelpDetector, QuietDetector, VisitsDetector

PROFILE = HomeProfile(home="h1")


def open_journal(folder: Path) -> Journal:
    return Journal.open(folder / "journal.sqlite", "hub-1", "h1")


def room_of(
    journal: Journal,
    detectors: Sequence[DetectorFactory] = DETECTORS,
    watermark: Watermark | None = None,
) -> EngineRoom:
    def make(on_fault: Callable[[Fault], None]) -> Engine:
        return Engine(PROFILE, detectors, on_fault)

    newest, _ = journal.clock()
    known = Watermark() if newest is None else Watermark(newest=newest)
    return EngineRoom(journal, make, watermark or known, lambda: START)


def said(journal: Journal) -> list[bytes]:
    kinds = (RecordKind.ASSESSMENT, RecordKind.ALERT)
    return [body for _, body in sorted(one for kind in kinds for one in journal.records(kind))]


def told(journal: Journal) -> list[Alert]:
    return [decode(body, Alert) for _, body in journal.records(RecordKind.ALERT)]


def expected(events: Sequence[SensorEvent]) -> list[bytes]:
    engine = Engine(PROFILE, DETECTORS)
    return [encode(output) for one in events for output in engine.process(one)]


def test_what_the_engine_says_stands_in_the_journal_after_what_it_heard(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        hear(journal, event(1), event(9))
        work(room_of(journal))
        assert said(journal) == expected([event(1), event(9)])
        records = journal.outbox.records(0, 100, 10**6)
    assert [record.kind for record in records] == [
        *("event", "event"),
        *("assessment", "alert", "assessment", "alert"),
    ]


@given(days_of_events(most=60), st.data())
@settings(max_examples=20, deadline=None)
def test_any_portions_and_restarts_say_the_same_once(
    events: list[SensorEvent], data: st.DataObject
) -> None:
    """The process may end after any write: with a checkpoint, or without having saved one."""
    with TemporaryDirectory() as folder:
        rest = list(events)
        for left in range(6, -1, -1):
            with open_journal(Path(folder)) as journal:
                room = room_of(journal)
                for _ in range(data.draw(st.integers(1, 4))):
                    size = data.draw(st.integers(0 if left else len(rest), len(rest)))
                    hear(journal, *rest[:size])
                    rest = rest[size:]
                    if data.draw(st.booleans()):
                        work(room)
                if data.draw(st.booleans()):
                    room.save()
            if not rest:
                break
        with open_journal(Path(folder)) as journal:
            work(room_of(journal))
            assert said(journal) == expected(events)


def test_a_long_quiet_stretch_is_not_gone_through_again_at_each_start(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        hear(journal, *(event(n / 3600) for n in range(2 * UNSAVED)))
        work(room_of(journal))
        memory = journal.engine_memory()
        assert memory is not None
        assert memory.offset == 2 * UNSAVED


def test_time_alone_raises_an_alert_and_is_remembered(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        hear(journal, event(1))
        room = room_of(journal)
        work(room)
        room.tick(START + 6 * 3600)
        assert said(journal) == []
        room.tick(START + 8 * 3600)
        assert len(said(journal)) == 2
        watermark = Watermark()
        room_of(journal, watermark=watermark)
        assert watermark.at == START + 8 * 3600 - 60


def test_time_does_not_pass_before_everything_heard_was_gone_through(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        room = room_of(journal)
        room.tick(START + 10 * 3600)
        hear(journal, event(1))
        room.tick(START + 20 * 3600)
        assert said(journal) == []


def test_what_could_not_be_written_is_said_as_soon_as_it_can(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        room = room_of(journal)
        hear(journal, event(1), event(9))
        journal._connection.execute("pragma query_only = on")
        with pytest.raises(sqlite3.OperationalError):
            room.work()
        journal._connection.execute("pragma query_only = off")
        work(room)
        assert said(journal) == expected([event(1), event(9)])


def test_a_damaged_checkpoint_costs_time_and_no_alert(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        hear(journal, event(1), event(9), event(10))
        work(room_of(journal))
        before = said(journal)
        journal._connection.execute("update engine set checkpoint = x'c1', offset = 1")
    with open_journal(tmp_path) as journal:
        assert [one.condition for one in told(journal)][-1:] == [Condition.HUB_MEMORY], "it is told"
        room = room_of(journal)
        hear(journal, event(20))
        work(room)
        answers = [one for one in said(journal) if b"hub_memory" not in one]
        assert answers == expected([event(1), event(9), event(10), event(20)])
        assert answers[: len(before)] == before


class NewerVisits(VisitsDetector):
    version: ClassVar[int] = 2


def test_a_newer_detector_learns_from_what_the_hub_has_heard(tmp_path: Path) -> None:
    days = [event(24 * day + hour) for day in range(5) for hour in (8, 20)]
    busy = [event(24 * 5 + hour) for hour in range(8, 16)]
    with open_journal(tmp_path) as journal:
        hear(journal, *days, *busy)
        work(room_of(journal))
        room = room_of(journal, [QuietDetector, NewerVisits, HelpDetector])
        hear(journal, event(24 * 6 + 8))
        work(room)
        assert b'"raised"' in said(journal)[-1] or b'"uti_risk"' in b"".join(said(journal)[-4:])


class Failing(HelpDetector):
    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        del event, moment
        raise RuntimeError("cannot")


def test_a_detector_that_fails_is_counted_and_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_journal(tmp_path) as journal:
        room = room_of(journal, [QuietDetector, Failing])
        hear(journal, event(1, "pendant", "button"), event(2), event(9))
        work(room)
        assert journal.counters() == {"detector_failed_help_button": 1}
        assert len(said(journal)) == 6
        (call,) = (one for one in told(journal) if one.condition == Condition.HELP_BUTTON)
        assert (call.severity, call.phase, call.raised_at) == ("urgent", "open", at(1))
        assert "could not judge" in call.text
    assert "the detector for help_button failed" in caplog.text
    assert "the detector for help_button goes on without what it failed at" in caplog.text


def test_an_event_that_came_late_is_not_detected_upon(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        hear(journal, event(1), event(8), event(2, quality="late"))
        work(room_of(journal))
        assert said(journal) == expected([event(1), event(8)])
        assert Counter(one.quality for _, one in journal.events_after(0, 9)) == {"ok": 2, "late": 1}
