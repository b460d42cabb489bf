"""After a damaged memory no alert stands open for ever, and no version means two things."""

from collections import Counter
from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from contract import Alert, Assessment, Phase, RecordKind, State, decode
from detectors.profile import HomeProfile
from gateway.engine import Engine, Watermark
from gateway.engine.alert_book import AlertBook, Key
from gateway.engine.continuing import LOST, go_on
from gateway.engine.gate import Interval, PauseGate
from gateway.engine_room import EngineRoom
from gateway.journal import Intake, Journal
from tests.gateway.engine.test_alert_book import answer
from tests.gateway.events import START, at, event
from tests.gateway.small_detectors import DETECTORS

KEY = Key("uti_risk", "")


def at_the_centre(versions: list[Alert]) -> dict[str, Alert]:
    """What the centre has: of each alert the first with the highest number."""
    found: dict[str, Alert] = {}
    for one in versions:
        if one.id not in found or found[one.id].version < one.version:
            found[one.id] = one
    return found


states = st.lists(st.sampled_from(list(State)), max_size=12)


@given(states, states, st.integers(0, 12))
def test_whatever_was_learned_anew_the_centre_ends_with_what_the_book_has(
    lived: list[State], learned: list[State], kept: int
) -> None:
    """The new book saw other answers, or only the last of them: events had been deleted."""
    old = AlertBook()
    said = [answer(n, state) for n, state in enumerate(lived)]
    told = [one for each in said if (one := old.take(each)) is not None]
    new = AlertBook()
    anew = [*said[len(said) - kept :], *(answer(20 + n, s) for n, s in enumerate(learned))]
    last: dict[Key, Assessment] = {}
    for each in anew:
        new.take(each)
        last[KEY] = each
    news = go_on(new, at_the_centre(told).values(), last, at(40))
    news += [one for each in (State.RAISED, State.NORMAL) if (one := new.take(answer(50, each)))]
    assert {one.phase for one in at_the_centre([*told, *news]).values()} <= {Phase.CLEARED}
    versions = [(one.id, one.version) for one in [*told, *news]]
    assert len(versions) == len(set(versions))


def called(hours: float, state: State) -> Assessment:
    return msgspec.structs.replace(answer(hours, state), condition="help_button")


@given(states, states)
def test_the_newest_call_for_help_stands_though_a_wrong_clock_dated_it_and_every_other_ends(
    lived: list[State], learned: list[State]
) -> None:
    """Of the call that it dated nothing, or something else, was learned anew."""
    old, new, last = AlertBook(), AlertBook(), dict[Key, Assessment]()
    said = [called(n, state) for n, state in enumerate(lived)]
    said += [called(899, State.NORMAL), called(900, State.RAISED)]
    told = [one for each in said if (one := old.take(each)) is not None]
    for n, state in enumerate(learned):
        each = called(n, state)
        last[Key("help_button", "")] = each
        new.take(each)
    (newest,) = old.standing()
    news = go_on(new, at_the_centre(told).values(), last, at(40), back=True)
    assert [one.id for one in new.standing()] == [newest.id]
    here = at_the_centre([*told, *news])
    assert [one.id for one in here.values() if one.phase == Phase.OPEN] == [newest.id]
    versions = [(one.id, one.version) for one in [*told, *news]]
    assert len(versions) == len(set(versions))


def test_an_alert_whose_events_are_gone_is_cleared_where_nothing_answers_for_it() -> None:
    old, new = AlertBook(), AlertBook()
    told = old.take(answer(1, State.RAISED, subject="kettle by ten"))
    assert told is not None
    (over,) = go_on(new, [told], {}, at(9))
    assert (over.version, over.phase, over.updated_at) == (2, Phase.CLEARED, at(9))
    assert over.text == f"More visits than usual. {LOST}"


def test_an_alert_of_which_it_cannot_be_told_stands_on_until_it_can() -> None:
    old, new = AlertBook(), AlertBook()
    told = old.take(answer(1, State.RAISED))
    assert told is not None
    blind = answer(8, State.BLIND)
    new.take(blind)
    (held,) = go_on(new, [told], {KEY: blind}, at(9))
    assert (held.version, held.phase) == (2, Phase.OPEN)
    cleared = new.take(answer(10, State.NORMAL))
    assert cleared is not None
    assert (cleared.id, cleared.version, cleared.phase) == (told.id, 3, Phase.CLEARED)


def room_of(journal: Journal, *pauses: Interval) -> EngineRoom:
    gate = PauseGate(pauses, "Europe/London")
    newest, _ = journal.clock()
    watermark = Watermark(newest=START if newest is None else newest)
    return EngineRoom(
        journal,
        lambda on_fault: Engine(HomeProfile(home="h1"), DETECTORS, on_fault, gate),
        watermark,
        lambda: START,
    )


def hear(journal: Journal, room: EngineRoom, hours: float) -> None:
    one = event(hours)
    journal.write_intake(Intake(events=[one], newest=one.at.timestamp()), START)
    while room.work():
        pass


def forget(journal: Journal) -> None:
    """As where the checkpoint is of a form that is not known any more."""
    memory = journal.engine_memory()
    assert memory is not None
    journal.write_outputs([], memory._replace(checkpoint=b"\xc1"), Counter(), START)


def test_an_alert_from_before_a_pause_and_a_damaged_checkpoint_is_cleared_at_the_centre(
    tmp_path: Path,
) -> None:
    with Journal.open(tmp_path / "j.sqlite", "hub-1", "h1") as journal:
        room = room_of(journal)
        hear(journal, room, 1)
        room.tick(START + 9 * 3600)
        pause = Interval(START + 10 * 3600, START + 11 * 3600)
        room_of(journal, pause).blindfold(pause.since)
        forget(journal)
        hear(journal, room_of(journal, pause), 20)
        told = [decode(body, Alert) for _, body in journal.records(RecordKind.ALERT)]
    first = told[0].id
    versions = [one.version for one in told if one.id == first]
    assert versions == list(range(1, len(versions) + 1))
    assert at_the_centre(told)[first].phase == Phase.CLEARED


def test_what_is_told_already_is_not_told_again(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "j.sqlite", "hub-1", "h1") as journal:
        room = room_of(journal)
        hear(journal, room, 1)
        room.tick(START + 9 * 3600)
        before = msgspec.json.encode([body for _, body in journal.records(RecordKind.ALERT)])
        forget(journal)
        room_of(journal)
        after = msgspec.json.encode([body for _, body in journal.records(RecordKind.ALERT)])
        assert after == before
