"""The same events give the same alerts: live or replayed, in any portions, after any restart."""

from itertools import pairwise
from typing import ClassVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import Alert, Assessment, Condition, Kind, SensorEvent, State, encode
from detectors.moment import Moment
from detectors.profile import HomeProfile
from detectors.protocol import Lot
from gateway.engine import DetectorFactory, Engine, Fault
from gateway.engine.outputs import Output
from tests.gateway.events import START, at, days_of_events, event
from tests.gateway.small_detectors import DETECTORS, HelpDetector, QuietDetector, VisitsDetector

PROFILE = HomeProfile(home="h1")
FACTORIES: tuple[DetectorFactory, ...] = DETECTORS


def run(events: list[SensorEvent]) -> list[Output]:
    engine = Engine(PROFILE, FACTORIES)
    return [output for one in events for output in engine.process(one)]


def alerts(outputs: list[Output]) -> list[Alert]:
    return [output for output in outputs if isinstance(output, Alert)]


def test_what_was_due_is_judged_at_its_own_time_before_the_next_event() -> None:
    outputs = run([event(1), event(9)])
    assert [type(output) for output in outputs] == [Assessment, Alert, Assessment, Alert]
    raised, cleared = alerts(outputs)
    assert (raised.raised_at, raised.version) == (at(7), 1)
    assert (cleared.updated_at, cleared.version) == (at(9), 2)


def test_time_alone_raises_what_falls_due() -> None:
    engine = Engine(PROFILE, FACTORIES)
    engine.process(event(1))
    assert engine.advance(START + 6.9 * 3600) == []
    assert [alert.raised_at for alert in alerts(engine.advance(START + 8 * 3600))] == [at(7)]


def test_events_of_a_kind_nobody_wants_are_passed_over_but_time_moves_on() -> None:
    outputs = run([event(1), event(8, "kettle", "appliance", 90.0)])
    assert [alert.raised_at for alert in alerts(outputs)] == [at(7)]


@pytest.mark.parametrize("quality", ["late", "replayed", "clock_unsure", "a_newer_word"])
def test_an_event_that_cannot_be_trusted_changes_nothing(quality: str) -> None:
    engine = Engine(PROFILE, FACTORIES)
    engine.process(event(1))
    before = engine.snapshot()
    assert engine.process(event(9, quality=quality)) == []
    assert engine.snapshot() == before


class Witness(HelpDetector):
    """Remembers when things counted as having happened."""

    condition: ClassVar[str] = Condition.COLD_HOME
    kinds: ClassVar[frozenset[str]] = frozenset({Kind.MOTION})
    moments: ClassVar[list[float]] = []

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        del event
        self.moments.append(moment.t)
        return []


def test_an_event_a_little_out_of_order_counts_at_the_present_moment() -> None:
    Witness.moments.clear()
    engine = Engine(PROFILE, [Witness])
    engine.process(event(1))
    engine.process(event(0.99))
    assert Witness.moments == [START + 3600, START + 3600]


class Fragile(HelpDetector):
    """Fails when told of a cancelled call for help."""

    condition: ClassVar[str] = Condition.POSSIBLE_FALL

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        if not event.value:
            raise ZeroDivisionError("no value")
        return super().observe(event, moment)


class Stuck(QuietDetector):
    """Never moves on from the moment it asked for."""

    condition: ClassVar[str] = Condition.NIGHT_WANDERING

    def due(self) -> float:
        return self._state.last

    def judge(self, moment: Moment) -> list[Assessment]:
        del moment
        return []


def test_a_detector_that_fails_is_replaced_and_silences_no_other() -> None:
    faults: list[Fault] = []
    engine = Engine(PROFILE, [Fragile, HelpDetector], faults.append)
    engine.process(event(1, "pendant", "button", 1))
    outputs = engine.process(event(2, "pendant", "button", 0))
    assert [fault.condition for fault in faults] == ["possible_fall"]
    assert isinstance(faults[0].error, ZeroDivisionError)
    assert [alert.condition for alert in alerts(outputs)] == ["help_button"]
    again = engine.process(event(3, "pendant", "button", 1))
    assert {output.condition for output in again} == {"possible_fall", "help_button"}


class FragileVisits(VisitsDetector):
    """Is shown events late, and fails at a flush."""

    condition: ClassVar[str] = Condition.FALL_RISK

    def observe_all(self, lot: Lot) -> None:
        if any(one.kind == Kind.FLUSH for one, _ in lot):
            raise ZeroDivisionError("a flush")
        super().observe_all(lot)


def test_a_patient_detector_that_fails_is_replaced_and_silences_no_other() -> None:
    faults: list[Fault] = []
    engine = Engine(PROFILE, [FragileVisits, VisitsDetector], faults.append)
    for one in (event(1), event(2, "toilet", "flush"), event(26)):
        outputs = engine.process(one)
    assert [fault.condition for fault in faults] == ["fall_risk"]
    assert [output.condition for output in outputs] == ["uti_risk"]
    outputs = engine.process(event(50))
    assert [output.condition for output in outputs] == ["fall_risk", "uti_risk"]


def test_a_detector_that_asks_for_the_same_moment_again_does_not_stop_time() -> None:
    faults: list[Fault] = []
    engine = Engine(PROFILE, [Stuck, QuietDetector], faults.append)
    engine.process(event(1))
    outputs = engine.process(event(9))
    assert {alert.condition for alert in alerts(outputs)} == {"no_movement"}
    assert {fault.condition for fault in faults} == {"night_wandering"}


@given(days_of_events(), st.data())
def test_a_restart_at_any_event_changes_no_output(
    events: list[SensorEvent], data: st.DataObject
) -> None:
    restarts = data.draw(st.sets(st.integers(0, max(0, len(events) - 1))))
    engine = Engine(PROFILE, FACTORIES)
    outputs: list[Output] = []
    for number, one in enumerate(events):
        if number in restarts:
            blob = engine.snapshot()
            engine = Engine(PROFILE, FACTORIES)
            assert engine.restore(blob) == []
        outputs += engine.process(one)
    assert [encode(output) for output in outputs] == [encode(output) for output in run(events)]


@given(days_of_events(), st.data())
def test_ticks_between_events_change_no_output(
    events: list[SensorEvent], data: st.DataObject
) -> None:
    """A live hub lets time pass while the home is quiet; its replay does not have to."""
    ordered = sorted(events, key=lambda one: one.at)
    engine = Engine(PROFILE, FACTORIES)
    outputs: list[Output] = []
    for one, following in pairwise(ordered):
        outputs += engine.process(one)
        start, end = one.at.timestamp(), following.at.timestamp()
        share = data.draw(st.floats(0, 1))
        outputs += engine.advance(min(start + share * (end - start), end))
    for one in ordered[-1:]:
        outputs += engine.process(one)
    assert [encode(output) for output in outputs] == [encode(output) for output in run(ordered)]


def test_a_snapshot_is_the_same_for_the_same_history() -> None:
    engines = [Engine(PROFILE, FACTORIES) for _ in range(2)]
    for engine in engines:
        for one in (event(1), event(9), event(30, "pendant", "button")):
            engine.process(one)
    assert engines[0].snapshot() == engines[1].snapshot()


def test_a_checkpoint_of_another_form_is_refused() -> None:
    blob = msgspec.msgpack.encode({"form": 99, "now": 1.0, "detectors": [], "entries": []})
    with pytest.raises(ValueError, match="a checkpoint of form 99"):
        Engine(PROFILE, FACTORIES).restore(blob)


@pytest.mark.parametrize("blob", [b"", b"\xc1", msgspec.msgpack.encode({"form": 1})])
def test_a_broken_checkpoint_is_refused_and_changes_nothing(blob: bytes) -> None:
    engine = Engine(PROFILE, FACTORIES)
    engine.process(event(1))
    before = engine.snapshot()
    with pytest.raises(ValueError, match="not a checkpoint"):
        engine.restore(blob)
    assert engine.snapshot() == before


class NewerVisits(VisitsDetector):
    version: ClassVar[int] = 2


def learned() -> tuple[list[SensorEvent], Engine]:
    """Five days with two bathroom visits each, then one with eight."""
    days = [[event(24 * day + hour) for hour in (8, 20)] for day in range(5)]
    last = [event(24 * 5 + hour) for hour in range(8, 16)]
    events = [one for day in days for one in day] + last
    engine = Engine(PROFILE, FACTORIES)
    for one in events:
        engine.process(one)
    return events, engine


def test_a_newer_detector_is_taught_from_the_journal_and_the_others_go_on() -> None:
    events, engine = learned()
    newer = Engine(PROFILE, [QuietDetector, NewerVisits, HelpDetector])
    assert newer.restore(engine.snapshot()) == ["uti_risk"]
    newer.relearn(["uti_risk"], events)
    midnight = START + 6 * 24 * 3600
    expected = [encode(output) for output in engine.advance(midnight)]
    assert b'"raised"' in b"".join(expected)
    assert [encode(output) for output in newer.advance(midnight)] == expected


def test_an_alert_that_a_newer_detector_does_not_share_is_cleared() -> None:
    events, engine = learned()
    engine.advance(START + 6 * 24 * 3600)  # raises

    class Calmer(NewerVisits):
        @staticmethod
        def _judged(count: int, usual: float) -> State:
            del count, usual
            return State.NORMAL

    newer = Engine(PROFILE, [QuietDetector, Calmer, HelpDetector])
    newer.restore(engine.snapshot())
    outputs = newer.relearn(["uti_risk"], events)
    assert [alert.phase for alert in alerts(outputs)] == ["cleared"]


def test_a_snapshot_a_detector_cannot_read_costs_that_detector_alone() -> None:
    class Forgetful(VisitsDetector):
        def snapshot(self) -> bytes:
            return b"\xc1"

    engine = Engine(PROFILE, [QuietDetector, Forgetful])
    engine.process(event(1))
    again = Engine(PROFILE, [QuietDetector, Forgetful])
    assert again.restore(engine.snapshot()) == ["uti_risk"]
    assert [alert.raised_at for alert in alerts(again.advance(START + 8 * 3600))] == [at(7)]


def test_a_detector_that_cannot_be_stored_costs_no_other_its_memory() -> None:
    class Unstorable(VisitsDetector):
        def snapshot(self) -> bytes:
            raise RuntimeError("cannot")

    faults: list[Fault] = []
    engine = Engine(PROFILE, [QuietDetector, Unstorable], faults.append)
    engine.process(event(1))
    again = Engine(PROFILE, [QuietDetector, Unstorable])
    assert again.restore(engine.snapshot()) == ["uti_risk"]
    assert [fault.condition for fault in faults] == ["uti_risk"]
    assert [alert.raised_at for alert in alerts(again.advance(START + 8 * 3600))] == [at(7)]


def test_a_day_of_ordinary_events_keeps_the_checkpoint_small() -> None:
    _, engine = learned()
    assert len(engine.snapshot()) < 32 * 1024
