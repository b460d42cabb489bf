"""What the hub has heard stays heard: numbered without gaps, whatever is killed and whenever."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contract import Alert, HubHealth, RecordKind, decode
from gateway.journal import Delivery, Intake, Journal, JournalError, Quarantined
from gateway.journal.deliveries import DELIVERIES_KEPT
from gateway.journal.intake import quarantined
from gateway.journal.journal import EngineMemory
from gateway.journal.lock import only_one
from gateway.journal.set_aside import QUARANTINE_KEPT
from tests.gateway.events import START, at, event


def open_journal(folder: Path) -> Journal:
    return Journal.open(folder / "journal.sqlite", "hub-1", "h1")


def alert(hours: float, severity: str = "advisory") -> Alert:
    return Alert(
        id=f"h1:uti_risk:{hours}",
        home="h1",
        condition="uti_risk",
        severity=severity,
        raised_at=at(hours),
        updated_at=at(hours),
        text="More visits than usual.",
    )


MEMORY = EngineMemory(1, None, b"all")


def test_everything_is_numbered_in_one_row_whatever_it_is(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(events=[event(1), event(2)]), START)
        journal.write_outputs([alert(2)], MEMORY, Counter(), START)
        journal.write_health(HubHealth(hub="hub-1", home="h1", at=at(3)), START)
        records = journal.outbox.records(0, 10, 10**6)
    assert [(record.seq, record.kind) for record in records] == [
        (1, "event"),
        (2, "event"),
        (3, "alert"),
        (4, "health"),
    ]
    assert decode(bytes(records[2].body), Alert) == alert(2)


def test_it_is_all_there_after_a_restart(tmp_path: Path) -> None:
    intake = Intake(
        events=[event(1)],
        devices={"pir": b"{}"},
        deliveries=[Delivery(7, b"digest")],
        quarantine=[quarantined(START, "topic", "reason", b"payload")],
        counts=Counter(messages=3),
        newest=START,
        received=START + 1,
    )
    with open_journal(tmp_path) as journal:
        journal.write_intake(intake, START)
        journal.write_outputs([], MEMORY, Counter(messages=1), START)
        journal.write_note("broker", "gone", START)
    with open_journal(tmp_path) as journal:
        assert journal.events_after(0, 10) == [(1, event(1))]
        assert journal.devices() == {"pir": b"{}"}
        assert journal.deliveries() == [Delivery(7, b"digest")]
        assert [kept.reason for kept in journal.quarantine()] == ["reason"]
        assert journal.counters() == {"messages": 4}
        assert journal.clock() == (START, START + 1)
        assert journal.engine_memory() == MEMORY
        assert journal.notes() == {"broker": (START, "gone")}


def test_a_batch_is_stored_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    no_bytes = Quarantined(START, "t", "why", "not bytes")  # type: ignore[arg-type] # to break it
    broken = Intake(events=[event(1)], quarantine=[no_bytes])
    with open_journal(tmp_path) as journal:
        with pytest.raises(Exception, match="cannot store TEXT value in BLOB"):
            journal.write_intake(broken, START)
        assert journal.last_seq == 0
        journal.write_intake(Intake(events=[event(1)]), START)
        assert journal.last_seq == 1


def test_quarantine_is_bounded_and_the_count_kept(tmp_path: Path) -> None:
    many = [quarantined(START, "t", f"reason {n}", b"x") for n in range(QUARANTINE_KEPT + 5)]
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(quarantine=many, counts=Counter(refused=len(many))), START)
        kept = journal.quarantine()
        assert len(kept) == QUARANTINE_KEPT
        assert kept[0].reason == f"reason {QUARANTINE_KEPT + 4}"
        assert journal.counters()["refused"] == QUARANTINE_KEPT + 5


def test_what_is_kept_once_is_kept_once_over_restarts(tmp_path: Path) -> None:
    stranger = quarantined(START, "zigbee2mqtt/x", "unknown", b"{}", once=True)
    for _ in range(2):
        with open_journal(tmp_path) as journal:
            journal.write_intake(Intake(quarantine=[stranger, stranger]), START)
            assert len(journal.quarantine()) == 1


def test_who_looks_for_a_stranger_sees_when_it_spoke_last(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        for later, payload in ((0, b"first"), (60, b"last")):
            one = quarantined(START + later, "zigbee2mqtt/x", "unknown", payload, once=True)
            journal.write_intake(Intake(quarantine=[one]), START)
        (kept,) = journal.quarantine()
    assert (kept.at, kept.payload) == (START + 60, b"last")


def test_the_last_deliveries_are_remembered_in_order(tmp_path: Path) -> None:
    sent = [Delivery(n % 65_535 + 1, n.to_bytes(4, "big")) for n in range(DELIVERIES_KEPT + 100)]
    with open_journal(tmp_path) as journal:
        for start in range(0, len(sent), 700):
            journal.write_intake(Intake(deliveries=sent[start : start + 700]), START)
        assert journal.deliveries() == sent[-DELIVERIES_KEPT:]


def test_another_hubs_journal_is_not_written_into(tmp_path: Path) -> None:
    open_journal(tmp_path).close()
    with pytest.raises(JournalError, match="journal of hub 'hub-1' in home 'h1'"):
        Journal.open(tmp_path / "journal.sqlite", "hub-2", "h1")


def test_reading_beside_a_running_hub_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with pytest.raises(JournalError, match="no journal yet"):
        Journal.open_read_only(path)
    with open_journal(tmp_path) as journal, Journal.open_read_only(path) as reader:
        journal.write_intake(Intake(events=[event(1)]), START)
        assert reader.last_seq == 1
        with pytest.raises(Exception, match="readonly"):
            reader.write_note("a", "b", START)


def test_every_commit_is_durable_before_it_is_acknowledged(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        assert journal._connection.execute("pragma synchronous").fetchone() == (2,)
        assert journal._connection.execute("pragma journal_mode").fetchone() == ("wal",)


def test_two_hubs_do_not_share_a_journal(tmp_path: Path) -> None:
    path = tmp_path / "data" / "journal.sqlite"
    with only_one(path), pytest.raises(JournalError, match="another hub process"), only_one(path):
        pass
    with only_one(path):
        pass


class JournalMachine(RuleBasedStateMachine):
    """The journal against a list and a few dictionaries, over restarts."""

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.journal = open_journal(Path(self.folder.name))
        self.bodies: list[str] = []
        self.cursor = 0
        self.counts: Counter[str] = Counter()
        self.memory: EngineMemory | None = None

    @rule(hours=st.lists(st.floats(0, 100), max_size=5))
    def hear(self, hours: list[float]) -> None:
        events = [event(one) for one in hours]
        counts = Counter(messages=len(events) + 1)
        self.journal.write_intake(Intake(events=events, counts=counts), START)
        self.bodies += ["event"] * len(events)
        self.counts += counts

    @rule(urgent=st.lists(st.booleans(), max_size=3), offset=st.integers(0, 100))
    def say(self, urgent: list[bool], offset: int) -> None:
        alerts = [alert(1, "urgent" if one else "advisory") for one in urgent]
        self.memory = EngineMemory(offset, 1.5, b"x")
        self.journal.write_outputs(alerts, self.memory, Counter(), START)
        self.bodies += ["urgent" if one else "alert" for one in urgent]

    @rule(cursor=st.integers(0, 30))
    def receive(self, cursor: int) -> None:
        self.cursor = min(cursor, len(self.bodies))
        self.journal.outbox.move(self.cursor, START)

    @rule()
    def restart(self) -> None:
        self.journal.close()
        self.journal = open_journal(Path(self.folder.name))

    @invariant()
    def holds(self) -> None:
        if not hasattr(self, "journal"):
            return
        outbox = self.journal.outbox
        everything = outbox.records(0, 1000, 10**7)
        assert [record.seq for record in everything] == list(range(1, len(self.bodies) + 1))
        kinds = [body.replace("urgent", "alert") for body in self.bodies]
        assert [record.kind for record in everything] == kinds
        urgent = [seq for seq, body in enumerate(self.bodies, start=1) if body == "urgent"]
        assert [record.seq for record in outbox.urgent(0, 1000)] == urgent
        assert (outbox.cursor, outbox.waiting()) == (self.cursor, len(self.bodies) - self.cursor)
        assert (outbox.waiting_since() is None) == (outbox.waiting() == 0)
        assert self.journal.counters() == dict(self.counts)
        assert self.journal.engine_memory() == self.memory

    def teardown(self) -> None:
        if hasattr(self, "journal"):
            self.journal.close()
            self.folder.cleanup()


TestJournalMachine = JournalMachine.TestCase
TestJournalMachine.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)


def test_an_outbox_batch_is_bounded_in_number_and_in_bytes(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(events=[event(hours) for hours in range(10)]), START)
        size = len(journal.outbox.records(0, 1, 1)[0].body)
        assert len(journal.outbox.records(0, 4, 10**6)) == 4
        assert len(journal.outbox.records(0, 10, 3 * size)) == 3
        assert [one.seq for one in journal.outbox.records(8, 10, 1)] == [9]


_WRITER = """
import sys
from collections import Counter
from pathlib import Path
from gateway.journal import Intake, Journal
from tests.gateway.events import event

journal = Journal.open(Path(sys.argv[1]), "hub-1", "h1")
n = journal.last_seq
while True:
    intake = Intake(events=[event(n), event(n)], counts=Counter(events=2))
    intake.devices = {"d": str(n + 2).encode()}
    journal.write_intake(intake, 0.0)
    n += 2
    print(n, flush=True)
"""


def _crash(path: Path, seconds: float) -> int:
    """Writes until killed; the last number that was reported as stored."""
    process = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(path)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert process.stdout is not None
    process.stdout.readline()
    sleep(seconds)
    process.send_signal(signal.SIGKILL)
    reported = process.stdout.read().split()
    process.wait()
    process.stdout.close()
    return int(reported[-2]) if len(reported) > 1 else 0


@pytest.mark.parametrize("kills", [4, pytest.param(40, marks=pytest.mark.slow)])
def test_a_kill_at_any_instant_loses_nothing_that_was_reported(tmp_path: Path, kills: int) -> None:
    path = tmp_path / "journal.sqlite"
    for kill in range(kills):
        reported = _crash(path, 0.013 * (kill % 7))
        with Journal.open(path, "hub-1", "h1") as journal:
            last = journal.last_seq
            assert last >= reported
            assert last % 2 == 0
            assert journal.counters() == {"events": last}
            assert json.loads(journal.devices()["d"]) == last
            seqs = [seq for seq, _ in journal.records(RecordKind.EVENT)]
            assert seqs == list(range(1, last + 1))
