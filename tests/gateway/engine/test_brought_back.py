"""A detector that failed is brought back with all it heard since, also what came late."""

from collections.abc import Sequence
from typing import ClassVar

import pytest

from contract import Assessment, Condition, SensorEvent, encode
from detectors.moment import Moment
from detectors.profile import HomeProfile
from gateway.engine import Engine, Fault, OrderingEngine
from gateway.engine.outputs import Output
from tests.gateway.events import START, event
from tests.gateway.small_detectors import HelpDetector, QuietDetector, VisitsDetector

PROFILE = HomeProfile(home="h1")
HOUR = 3600.0
POISON = "kitchen"


class Attentive(QuietDetector):
    """Says how much came late; fails at whatever happens in the kitchen, late or not."""

    heard_late: ClassVar[list[str]] = []

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        if event.place == POISON:
            raise ZeroDivisionError
        return super().observe(event, moment)

    def observe_late(self, event: SensorEvent, moment: Moment) -> None:
        if event.place == POISON:
            raise ZeroDivisionError
        assert moment.t == event.at.timestamp()
        self.heard_late.append(event.place)


def brought_back(
    detector: type[QuietDetector], before: Sequence[SensorEvent], since: Sequence[SensorEvent]
) -> tuple[Engine, list[Output] | None]:
    """An engine in which a detector failed at one of the events since its last checkpoint."""
    faults: list[Fault] = []
    engine = Engine(PROFILE, [detector, HelpDetector], faults.append, mends=True)
    for one in before:
        engine.process(one)
    checkpoint = engine.snapshot()
    for one in since:
        engine.process(one)
    assert {fault.condition for fault in faults} == {Condition.NO_MOVEMENT}
    return engine, engine.mend(Condition.NO_MOVEMENT, checkpoint, since, 0)


def test_what_came_late_is_heard_again_but_for_what_it_fails_at() -> None:
    """A detector of silence learns from it how late a link can be."""
    Attentive.heard_late.clear()
    late = [event(1.5, place, quality="late") for place in ("bathroom", POISON, "hall")]
    other = event(1.6, "pendant", "button", quality="late")
    replayed = event(1.7, quality="replayed")
    since = [late[0], other, replayed, event(3, POISON), late[2]]
    _, outputs = brought_back(Attentive, [event(2)], since)
    assert outputs == []
    assert Attentive.heard_late == ["bathroom", "hall"] * 2
    _, outputs = brought_back(Attentive, [event(2)], late)
    assert outputs == []
    assert Attentive.heard_late[-2:] == ["bathroom", "hall"]


def test_what_it_does_not_listen_to_moves_its_time_all_the_same() -> None:
    """The press of a button is none of its affair, but six hours have passed by then."""
    since = [event(3, POISON), event(9.5, "pendant", "button"), event(10, "hall")]
    engine, outputs = brought_back(Attentive, [event(2)], since)
    assert outputs is not None
    assert [one.text for one in outputs if isinstance(one, Assessment)] == [
        "Nothing has moved for 6 hours.", "hall again",
    ]  # fmt: skip
    assert len(engine.advance(START + 17 * HOUR)) == 2


def test_what_it_had_said_before_it_failed_is_not_said_again() -> None:
    """At the same hour as if it had never failed, and once."""
    since = [event(9, "hall"), event(10, POISON)]
    engine, outputs = brought_back(Attentive, [event(2)], since)
    assert outputs == []
    (raised, _alert) = engine.advance(START + 16 * HOUR)
    assert isinstance(raised, Assessment)
    assert raised.at.timestamp() == START + 15 * HOUR


def test_a_detector_that_asks_for_the_moment_that_is_over_stops_no_mending() -> None:
    """Each time it is asked counts as a failure, and it is asked again an hour later."""

    class Unpunctual(Attentive):
        def due(self) -> float:
            return self._state.last + 60

        def judge(self, moment: Moment) -> list[Assessment]:
            del moment
            return []

    engine, outputs = brought_back(Unpunctual, [], [event(1, POISON), event(2), event(3)])
    assert outputs == []
    engine.process(event(4, "pendant", "button"))


def test_a_detector_without_a_place_in_the_checkpoint_begins_afresh() -> None:
    engine = Engine(PROFILE, [Attentive, HelpDetector], mends=True)
    other = Engine(PROFILE, [HelpDetector])
    other.process(event(1))
    engine.process(event(2))
    engine.process(event(3, POISON))
    assert engine.mend(Condition.NO_MOVEMENT, other.snapshot(), [], 0) is None
    assert engine.mend(Condition.NO_MOVEMENT, b"no checkpoint", [], 0) is None
    engine.process(event(4))
    assert len(engine.advance(START + 11 * HOUR)) == 2


ALL = (QuietDetector, VisitsDetector, HelpDetector)


@pytest.mark.parametrize(
    "conditions",
    [
        {Condition.NO_MOVEMENT},
        {Condition.UTI_RISK},
        {Condition.NO_MOVEMENT, Condition.UTI_RISK},
        set[str](),
    ],
    ids=["urgent", "advisory", "both", "none"],
)
def test_newer_detectors_of_either_sort_are_taught_as_if_they_had_always_been_there(
    conditions: set[str],
) -> None:
    """What came out of order and what came late, too; nobody else is taught twice."""
    came = [event(n * 0.7, "bathroom") for n in range(120)]
    came[40], came[41] = came[41], came[40]
    came[60] = event(42, "bathroom", quality="late")
    old = OrderingEngine(PROFILE, ALL, window_s=HOUR)
    for one in came:
        old.process(one)
    newer = OrderingEngine(PROFILE, ALL, window_s=HOUR)
    assert newer.restore(old.snapshot()) == []
    newer.relearn(conditions, iter(came))
    later = START + 200 * HOUR
    expected, found = (sorted(map(encode, one.advance(later))) for one in (old, newer))
    assert found == expected


def test_a_checkpoint_that_is_none_teaches_nobody_nonsense() -> None:
    with pytest.raises(ValueError, match="not a checkpoint"):
        OrderingEngine(PROFILE, ALL, window_s=HOUR).restore(b"\xc1")


class Wavering(VisitsDetector):
    """A patient detector that fails in the kitchen."""

    def observe_all(self, lot: Sequence[tuple[SensorEvent, Moment]]) -> None:
        if any(event.place == POISON for event, _ in lot):
            raise ZeroDivisionError
        super().observe_all(lot)


def test_a_patient_detector_is_brought_back_over_what_still_waited() -> None:
    """Events that waited for others at the checkpoint are neither lost nor counted twice."""
    faults: list[Fault] = []
    engine = OrderingEngine(
        PROFILE, [Wavering, HelpDetector], faults.append, window_s=HOUR, mends=True
    )
    calm = OrderingEngine(PROFILE, [VisitsDetector, HelpDetector], window_s=HOUR)
    before = [event(n * 0.5) for n in range(60)]
    for one in before:
        engine.process(one)
        calm.process(one)
    checkpoint = engine.snapshot()
    since = [event(30.1, POISON), event(30.3), event(30.2), event(40)]
    for one in since:
        engine.process(one)
        if one.place != POISON:
            calm.process(one)
    midnight, later = START + 49 * HOUR, START + 100 * HOUR
    expected = calm.advance(midnight) + calm.advance(later)
    found = engine.advance(midnight)
    assert {fault.condition for fault in faults} == {Condition.UTI_RISK}
    found += engine.mend(Condition.UTI_RISK, checkpoint, since, 0) or []
    found += engine.advance(later)
    assert sorted(map(encode, found)) == sorted(map(encode, expected))
