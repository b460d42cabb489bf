"""A journal's whole life, drawn at random: what is acknowledged reaches the centre once.

Events come, the engine speaks, batches are sent and their receipts get lost, the process is killed,
the power goes and takes the end of the log with it, a page is torn, a backup is put back, old
records are deleted. In the end the centre has every record that was not destroyed, once, and
nothing else.
"""

import shutil
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from contract import Batch, HubHealth, RecordKind
from gateway.journal import Intake, Journal, Keep
from gateway.journal.backup import backup
from gateway.journal.journal import EngineMemory
from gateway.journal.retention import DAY_S
from gateway.journal.settling import CONDITION
from gateway.journal.turns import Turns
from tests.gateway.centre_peer import Peer
from tests.gateway.events import START, at, event
from tests.gateway.journal.test_journal import alert

PAGE = 4096


class OneLife(RuleBasedStateMachine):
    """A hub, its card and its centre."""

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "journal.sqlite"
        self.boots = 1
        self.now = START
        self.number = 0
        self.written: set[str] = set()  # every word that was ever acknowledged
        self.destroyed: set[str] = set()  # of those, which the card may have lost
        self.counted = 0
        self.damaged = False
        self.peer = Peer()
        self.open()

    def open(self) -> None:
        self.journal = Journal.open(
            self.path, "hub-1", "h1", boot=str(self.boots), now=lambda: self.now
        )
        self.turns = Turns(self.journal.outbox)
        self.opened_with = self.here()

    def here(self) -> set[str]:
        """The words of all that can be read."""
        kinds = (RecordKind.EVENT, RecordKind.ALERT, RecordKind.HEALTH)
        found = [word(body) for kind in kinds for _, body in self.journal.records(kind)]
        return {one for one in found if one}

    def fresh(self) -> int:
        self.number += 1
        return self.number

    @rule(count=st.integers(1, 40), days=st.integers(0, 9))
    def hear(self, count: int, days: int) -> None:
        self.now += days * DAY_S
        events = [event(self.fresh()) for _ in range(count)]
        counts = Counter(events=count)
        self.journal.write_intake(Intake(events=events, counts=counts), self.now)
        self.written |= {str(one.at) for one in events}

    @rule(severity=st.sampled_from(["urgent", "advisory"]))
    def say(self, severity: str) -> None:
        one = alert(self.fresh(), severity)
        memory = EngineMemory(self.journal.last_seq, None, b"m" * 5000)
        self.journal.write_outputs([one], memory, Counter(), self.now)
        self.written.add(one.id)

    @rule()
    def beat(self) -> None:
        health = HubHealth(hub="hub-1", home="h1", at=at(self.fresh()))
        self.journal.write_health(health, self.now)
        self.written.add(str(health.at))

    @rule(most=st.integers(1, 60), lost=st.booleans())
    def send(self, most: int, lost: bool) -> None:
        records = self.turns.next(most, 10**6)
        batch = Batch(hub="hub-1", epoch=self.turns.epoch, records=records)
        receipt = self.peer.receive(batch)
        if not lost:
            assert not self.turns.is_beyond(receipt.contiguous)
            self.turns.received(receipt.contiguous, self.now)

    @rule()
    def retain(self) -> None:
        last = self.journal.last_seq
        before = self.here()
        self.journal.thin_out(Keep(days=28, mb=500), self.now)
        gone = before - self.here()
        assert gone <= self.at_the_centre()
        assert self.journal.last_seq == last

    @rule()
    def end_well(self) -> None:
        self.journal.close()
        self.open()
        assert self.opened_with >= self.written - self.destroyed - self.at_the_centre()

    @rule()
    def kill(self) -> None:
        before = self.here()
        self.crash(keep_log=None)
        self.open()
        assert self.opened_with == before

    @rule(share=st.floats(0, 1))
    def cut_the_power(self, share: float) -> None:
        """The card loses the end of its log, which it should not."""
        before = self.here()
        self.crash(keep_log=share)
        self.boots += 1
        self.open()
        assert self.opened_with <= before
        self.destroyed |= before - self.opened_with

    @rule(data=st.data())
    def tear(self, data: st.DataObject) -> None:
        before = self.here()
        self.journal.close()
        raw = bytearray(self.path.read_bytes())
        page = data.draw(st.integers(0, len(raw) // PAGE - 1))
        raw[page * PAGE : (page + 1) * PAGE] = b"\xa5" * PAGE
        self.path.write_bytes(raw)
        self.open()
        assert self.opened_with <= before | self.at_the_centre()
        self.destroyed |= before - self.opened_with

    @rule()
    def put_a_backup_back(self) -> None:
        copy = self.path.with_name("copy.sqlite")
        backup(self.path, copy)
        before = self.here()
        self.send(60, lost=False)
        self.hear(3, 0)
        self.journal.close()
        self.destroyed |= self.here_of_closed() - before
        copy.rename(self.path)
        self.open()
        assert self.opened_with == before

    def here_of_closed(self) -> set[str]:
        with Journal.open_read_only(self.path) as journal:
            self.journal = journal
            return self.here()

    def crash(self, keep_log: float | None) -> None:
        """The files as they are now, with a share of the log."""
        aside = Path(self.folder.name) / "aside"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        for part in ("", "-wal"):
            source = self.path.with_name(self.path.name + part)
            if source.exists():
                shutil.copy(source, aside / source.name)
        self.journal.close()
        for one in self.path.parent.glob("journal.sqlite*"):
            one.unlink()
        for one in aside.iterdir():
            if keep_log is not None and one.name.endswith("-wal"):
                raw = one.read_bytes()
                one.write_bytes(raw[: int(len(raw) * keep_log)])
            shutil.move(one, self.path.parent / one.name)

    def at_the_centre(self) -> set[str]:
        return set(self.stored())

    def stored(self) -> list[str]:
        bodies = [body for kept in self.peer.stored.values() for body in kept.values()]
        return [one for body in bodies if (one := word(body))]

    def teardown(self) -> None:
        if not hasattr(self, "journal"):
            return
        for _ in range(500):
            if not self.turns.more:
                break
            self.send(60, lost=False)
        stored = Counter(self.stored())
        assert self.journal.outbox.waiting() == 0
        assert not [one for one, count in stored.items() if count > 1], "twice"
        assert set(stored) <= self.written, "invented"
        assert self.written - self.destroyed <= set(stored), "lost"
        self.journal.close()
        self.folder.cleanup()


def word(body: bytes) -> str:
    """What tells a record from every other; "" for word of a damaged or lost record."""
    said = msgspec.json.decode(body)
    if said.get("condition") == CONDITION or ("text" in said and "id" not in said):
        return ""
    if "id" in said:
        return str(said["id"])
    return str(msgspec.convert(said["at"], type=type(at(0)), strict=False))


@pytest.mark.parametrize("examples", [8, pytest.param(60, marks=pytest.mark.slow)])
def test_whatever_befalls_the_journal_each_record_arrives_once(examples: int) -> None:
    life = OneLife.TestCase
    life.settings = settings(
        max_examples=examples,
        stateful_step_count=25,
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink would take minutes
    )
    life("runTest").runTest()
