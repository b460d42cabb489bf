"""What cannot wait does not wait, and what can wait arrives."""

from collections import Counter
from pathlib import Path

import pytest

from contract import Batch, HubHealth, Record
from gateway.journal import Intake, Journal
from gateway.journal.journal import EngineMemory
from gateway.journal.outbox import LOST
from gateway.journal.turns import MOST_AHEAD, Turns
from tests.gateway.centre_peer import Peer
from tests.gateway.events import START, at, event
from tests.gateway.journal.test_journal import alert, open_journal

MB = 1024 * 1024


def raise_alert(journal: Journal, severity: str) -> int:
    one = alert(journal.last_seq, severity)
    journal.write_outputs([one], EngineMemory(0, None, b""), Counter(), START)
    return journal.last_seq


def beat(journal: Journal) -> int:
    journal.write_health(HubHealth(hub="hub-1", home="h1", at=at(journal.last_seq)), START)
    return journal.last_seq


def hear(journal: Journal, count: int) -> None:
    journal.write_intake(Intake(events=[event(n / 60) for n in range(count)]), START)


class Exchange:
    """A centre that stores what it is sent, batch by batch."""

    def __init__(self, journal: Journal) -> None:
        self.peer = Peer()
        self.journal = journal
        self.turns = Turns(journal.outbox)

    def step(self, most: int = 1000, most_bytes: int = MB) -> list[Record]:
        records = self.turns.next(most, most_bytes)
        batch = Batch(hub="hub-1", epoch=self.turns.epoch, records=records)
        receipt = self.peer.receive(batch)
        self.turns.received(receipt.contiguous, START)
        return records

    def drain(self, most: int = 1000) -> int:
        steps = 0
        while self.turns.more:
            self.step(most)
            steps += 1
            assert steps < 1000
        return steps

    def stored(self) -> list[bytes]:
        return [body for kept in self.peer.stored.values() for _, body in sorted(kept.items())]


def restart(folder: Path, journal: Journal, boot: str) -> Journal:
    """The power goes and comes: the journal was never closed."""
    journal._owned = False
    journal.close()
    return Journal.open(folder / "journal.sqlite", "hub-1", "h1", boot=boot)


def test_urgent_goes_before_advisory_before_health_before_events(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        hear(journal, 2000)
        health, advisory = beat(journal), raise_alert(journal, "advisory")
        urgent = raise_alert(journal, "urgent")
        exchange = Exchange(journal)
        firsts = [[one.seq for one in exchange.step(1)] for _ in range(4)]
        assert firsts == [[urgent], [advisory], [health], [1]]


def test_a_flood_of_alerts_does_not_starve_the_events(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        hear(journal, 500)
        for _ in range(200):
            raise_alert(journal, "urgent")
        exchange = Exchange(journal)
        sent = exchange.step(100)
        assert [one.kind for one in sent].count("event") == 25
        assert exchange.drain(100) < 10


def test_thirty_days_offline_do_not_delay_what_is_urgent_now(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        for _ in range(30):
            hear(journal, 400)
            for _ in range(20):
                beat(journal)
            raise_alert(journal, "advisory")
        exchange = Exchange(journal)
        exchange.step()
        urgent = raise_alert(journal, "urgent")
        waited = exchange.turns.urgent_waits
        assert urgent in [one.seq for one in exchange.step()]
        assert (waited, exchange.turns.urgent_waits) == (True, False)
        assert exchange.drain() <= 30 * 421 // 750 + 1
        assert len(exchange.stored()) == journal.last_seq
        assert max(len(kept) for kept in exchange.peer.stored.values()) == journal.last_seq


def test_only_so_many_gaps_are_made_at_the_centre(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        hear(journal, 3000)
        journal.write_outputs(
            [alert(n, "urgent") for n in range(MOST_AHEAD + 500)],
            EngineMemory(0, None, b""),
            Counter(),
            START,
        )
        exchange = Exchange(journal)
        ahead = 0
        while journal.outbox.cursor < 2000:
            ahead = max(ahead, *(one.seq for one in exchange.step(400)))
        assert ahead <= 3000 + MOST_AHEAD


def test_after_a_power_cut_the_urgent_goes_ahead_of_the_old_epoch(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1", boot="one")
    hear(journal, 1500)
    old = journal.identity.epoch
    with restart(tmp_path, journal, "two") as journal:
        hear(journal, 10)
        raise_alert(journal, "urgent")
        new = journal.identity.epoch
        assert new != old
        exchange = Exchange(journal)
        assert [one.seq for one in exchange.step()] == [11]
        assert exchange.turns.epoch == new
        exchange.drain()
        assert sorted(exchange.peer.stored["hub-1", old]) == list(range(1, 1501))
        assert sorted(exchange.peer.stored["hub-1", new]) == list(range(1, 12))
        assert journal.outbox.waiting() == 0


def test_a_kill_begins_a_new_epoch_but_not_where_nothing_was_written_since_the_last(
    tmp_path: Path,
) -> None:
    journal = Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1", boot="one")
    hear(journal, 5)
    for _ in range(3):
        journal = restart(tmp_path, journal, "one")
        assert [one.base for one in journal.outbox.epochs()] == [0, 5]
    hear(journal, 1)
    with restart(tmp_path, journal, "one") as journal:
        assert [one.base for one in journal.outbox.epochs()] == [0, 5, 6]


def test_numbers_that_a_power_cut_took_away_are_not_used_again(tmp_path: Path) -> None:
    """The card forgot what it had promised to keep, and the centre had it already."""
    path = tmp_path / "journal.sqlite"
    journal = Journal.open(path, "hub-1", "h1", boot="one")
    hear(journal, 100)
    journal._connection.execute("pragma wal_checkpoint(truncate)")
    exchange = Exchange(journal)
    hear(journal, 50)
    exchange.drain()
    assert len(exchange.stored()) == 150
    path.with_name("journal.sqlite-wal").write_bytes(b"")
    with restart(tmp_path, journal, "two") as journal:
        assert journal.last_seq == 100
        journal.write_intake(Intake(events=[event(1000 + n) for n in range(80)]), START)
        exchange.journal, exchange.turns = journal, Turns(journal.outbox)
        exchange.drain()
        assert len(exchange.stored()) == 150 + 80
        assert journal.outbox.waiting() == 0


def test_a_centre_set_back_over_two_epochs_gets_both_again(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1", boot="one")
    hear(journal, 30)
    with restart(tmp_path, journal, "two") as journal:
        hear(journal, 20)
        exchange = Exchange(journal)
        exchange.drain()
        exchange.peer.stored.clear()
        hear(journal, 1)
        exchange.drain()
        assert sorted(len(kept) for kept in exchange.peer.stored.values()) == [21, 30]


@pytest.mark.parametrize("had", [0, 10, 29, 30])
@pytest.mark.parametrize("lives", [1, 2])
def test_a_centre_set_back_while_the_hub_was_off_gets_what_it_lacks_and_nothing_else(
    tmp_path: Path, had: int, lives: int
) -> None:
    journal = Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1", boot="0")
    hear(journal, 30)
    exchange = Exchange(journal)
    exchange.drain()
    for life in range(1, lives):
        journal = restart(tmp_path, journal, f"{life}")
        hear(journal, 5)
        later = Exchange(journal)
        later.peer = exchange.peer
        later.drain()
    [first, *newer] = exchange.peer.stored
    kept = exchange.peer.stored[first]
    for number in [each for each in kept if each > had]:
        del kept[number]
    for name in newer:
        del exchange.peer.stored[name]
    with restart(tmp_path, journal, "last") as journal:
        after = Exchange(journal)
        after.peer = exchange.peer
        raise_alert(journal, "urgent")
        hear(journal, 1)
        assert [one.kind for one in after.step(1)] == [
            "alert"
        ]  # what is urgent does not wait for it
        after.drain()
        assert len(after.peer.stored[first]) == 30
        assert len(after.stored()) == 30 + (lives - 1) * 5 + 2
        assert after.step() == []


@pytest.mark.parametrize("gone", [range(10, 20), range(1, 5), range(40, 51)])
def test_what_can_no_longer_be_read_is_said_number_by_number(tmp_path: Path, gone: range) -> None:
    with open_journal(tmp_path) as journal:
        hear(journal, 51)
        journal._connection.execute(
            "delete from journal where seq between ? and ?", (gone[0], gone[-1])
        )
        exchange = Exchange(journal)
        sent = exchange.step(30) + exchange.step(30)
        assert [one.seq for one in sent] == list(range(1, 52))
        assert [one.seq for one in sent if one.kind == LOST] == list(gone)
        assert not exchange.turns.more
