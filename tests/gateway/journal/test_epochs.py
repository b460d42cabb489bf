"""However often a hub starts and a centre is set back: all arrives, and the epochs stay few."""

from collections import Counter
from copy import deepcopy
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from contract import Batch, HubHealth, RecordKind
from gateway.journal import Intake, Journal, Keep
from gateway.journal.journal import EngineMemory
from gateway.journal.retention import DAY_S, FEWEST
from gateway.journal.turns import Turns
from tests.gateway.centre_peer import Peer
from tests.gateway.events import START, at, event
from tests.gateway.journal.test_journal import alert

KEEP = Keep(days=28, mb=500)


class Starts(RuleBasedStateMachine):
    """A hub that starts, speaks and forgets, and a centre that is restored from its back-ups."""

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.now, self.number = START, 0
        self.peer = Peer()
        self.backups = [deepcopy(self.peer.stored)]
        self.open()

    def open(self) -> None:
        self.journal = Journal.open(
            Path(self.folder.name) / "journal.sqlite", "hub-1", "h1", boot="", now=lambda: self.now
        )
        self.turns = Turns(self.journal.outbox)

    def fresh(self) -> int:
        self.number += 1
        return self.number

    @rule(days=st.integers(0, 20))
    def starts(self, days: int) -> None:
        self.journal.close()
        self.now += days * DAY_S
        self.open()

    @rule(count=st.sampled_from([1, 5, FEWEST]))
    def hears(self, count: int) -> None:
        events = [event(self.fresh()) for _ in range(count)]
        self.journal.write_intake(Intake(events=events), self.now)

    @rule()
    def raises(self) -> None:
        memory = EngineMemory(self.journal.last_seq, None, b"")
        self.journal.write_outputs([alert(self.fresh(), "urgent")], memory, Counter(), self.now)

    @rule()
    def beats(self) -> None:
        beat = HubHealth(hub="hub-1", home="h1", at=at(self.fresh()))
        self.journal.write_health(beat, self.now)

    @rule(most=st.sampled_from([1, 3, 200]), times=st.integers(1, 9), lost=st.booleans())
    def sends(self, most: int, times: int, lost: bool) -> None:
        for left in reversed(range(times)):
            batch = self.dealt(most)
            receipt = self.peer.receive(batch)
            if left or not lost:
                assert not self.turns.is_beyond(receipt.contiguous)
                self.turns.received(receipt.contiguous, self.now)

    def dealt(self, most: int) -> Batch:
        records = self.turns.next(most, 10**6)
        return Batch(hub="hub-1", epoch=self.turns.epoch, records=records)

    @rule()
    def retains(self) -> None:
        memory = EngineMemory(self.journal.last_seq, None, b"")
        self.journal.write_outputs([], memory, Counter(), self.now)
        while self.journal.thin_out(KEEP, self.now):
            pass

    @rule()
    def is_backed_up(self) -> None:
        self.backups.append(deepcopy(self.peer.stored))

    @rule(data=st.data())
    def is_restored(self, data: st.DataObject) -> None:
        self.dealt(3)  # which comes to nothing, as the centre is away
        self.peer.stored = deepcopy(data.draw(st.sampled_from(self.backups)))

    def teardown(self) -> None:
        if not hasattr(self, "journal"):
            return
        for _ in range(3000):
            if not self.turns.more:
                break
            self.sends(200, 1, lost=False)
        assert self.journal.outbox.waiting() == 0
        self.hears(1)  # by which a centre is found out that was set back while nothing waited
        for _ in range(3000):
            self.sends(200, 1, lost=False)
            if not self.turns.more:
                break
        stored = [body for kept in self.peer.stored.values() for body in kept.values()]
        kept = [body for kind in RecordKind for _, body in self.journal.records(kind)]
        for body in kept:
            assert stored.count(body) == 1, "what the hub has is at the centre, once"
        assert all(min(one, default=1) >= 1 for one in self.peer.stored.values())
        self.journal.close()
        self.folder.cleanup()


@pytest.mark.parametrize("examples", [40, pytest.param(400, marks=pytest.mark.slow)])
def test_a_centre_that_is_set_back_gets_again_all_that_the_hub_still_has(examples: int) -> None:
    life = Starts.TestCase
    life.settings = settings(max_examples=examples, stateful_step_count=30, deadline=None)
    life("runTest").runTest()


def test_a_centre_that_is_set_back_while_it_is_asked_gets_again_what_it_had_since() -> None:
    life = Starts()
    life.begin()
    for days in (0, 0):
        life.beats()
        life.is_backed_up()
        life.starts(days)
        life.sends(1, 1, lost=False)
    life.dealt(3)  # the question, which comes to nothing
    life.peer.stored = life.backups[-1]
    life.teardown()


def test_a_hub_that_starts_again_and_again_writes_no_more_at_its_thousandth_start(
    tmp_path: Path,
) -> None:
    """An hour's work a start, one alert among them all; the centre is away for a time."""
    lines: list[int] = []
    for start in range(600):
        now = START + start * DAY_S / 2
        with Journal.open(tmp_path / "j", "hub-1", "h1", boot="") as one:
            one.write_intake(Intake(events=[event(start + n / 60) for n in range(4)]), now)
            memory = EngineMemory(one.last_seq, None, b"")
            said = [alert(start, "urgent")] if start == 10 else []
            one.write_outputs(said, memory, Counter(), now)
            if not 200 < start < 250:
                one.outbox.move(one.last_seq, now)
            one.thin_out(KEEP, now)
            ((text,),) = one.rows("select epochs from identity")
        lines.append(len(text.splitlines()))
    assert max(lines) < 28 * 2 + 50 + FEWEST // 4 + 5, "its days, and what the centre lacked"
    assert lines[-1] < 28 * 2 + FEWEST // 4 + 5


def test_no_record_goes_to_the_centre_by_a_number_of_an_epoch_that_never_had_it(
    tmp_path: Path,
) -> None:
    for start in range(6):
        now = START + start * 40 * DAY_S
        with Journal.open(tmp_path / "j", "hub-1", "h1", boot="") as journal:
            memory = EngineMemory(journal.last_seq, None, b"")
            said = [alert(start, "urgent")] if start == 0 else []
            journal.write_outputs(said, memory, Counter(), now)
            journal.write_intake(Intake(events=[event(n / 60) for n in range(FEWEST)]), now)
            journal.outbox.move(journal.last_seq, now)
            journal.thin_out(KEEP, now)
    with Journal.open(tmp_path / "j", "hub-1", "h1", boot="") as journal:
        bases = [one.base for one in journal.outbox.epochs()]
    assert bases == [0, 101, 501, 601], "of four that are empty the first stands for all"


def test_on_a_bad_line_a_hub_that_started_often_still_gets_to_sending(tmp_path: Path) -> None:
    """Fifty starts with a heartbeat each: of each epoch the centre is asked what it has."""
    chance = Random(1)  # noqa: S311 - the same every time, nothing secret
    peer = Peer()
    for number in range(50):
        with Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1", boot="") as journal:
            beat = HubHealth(hub="hub-1", home="h1", at=at(number))
            journal.write_health(beat, START)
            turns = Turns(journal.outbox)
            tries = 0
            while turns.more:
                tries += 1
                assert tries < 200
                records = turns.next(9, 10**6)
                if chance.random() < 0.2:
                    continue
                batch = Batch(hub="hub-1", epoch=turns.epoch, records=records)
                turns.received(peer.receive(batch).contiguous, START)
    assert sum(len(kept) for kept in peer.stored.values()) == 50
