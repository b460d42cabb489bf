"""To the very record: what is sent, kept, counted and shown begins and ends where it should."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from contract import RecordKind
from gateway.journal import Intake, Journal, JournalError, backup
from gateway.journal.inspection import Inspection, clear_quarantine
from gateway.journal.intake import quarantined
from gateway.journal.journal import EngineMemory
from gateway.journal.retention import DAY_S, FEWEST, Keep
from gateway.journal.turns import Progress, Turns
from tests.gateway.events import START, event
from tests.gateway.journal.test_journal import alert, open_journal
from tests.gateway.journal.test_turns import hear, restart

MB = 1024 * 1024


def body_sizes(journal: Journal) -> list[int]:
    return [len(one.body) for one in journal.outbox.records(0, 10**6, 10**9)]


def test_what_goes_ahead_and_what_goes_in_turn_share_one_batch_to_the_byte(tmp_path: Path) -> None:
    """A batch far over its size is refused by the centre as a whole, and nothing gets on.

    One record in turn goes with it in any case, so that events arrive whatever goes ahead.
    """
    with open_journal(tmp_path) as journal:
        hear(journal, 4)
        memory = EngineMemory(0, None, b"")
        journal.write_outputs([alert(1, "urgent"), alert(2, "urgent")], memory, Counter(), START)
        events, alerts = body_sizes(journal)[:4], body_sizes(journal)[4:]
        for room, expected in (
            (sum(alerts) - 1, [1, 5]),
            (sum(alerts), [1, 5, 6]),
            (sum(alerts) + sum(events[:2]) - 1, [1, 5, 6]),
            (sum(alerts) + sum(events[:2]), [1, 2, 5, 6]),
        ):
            assert [one.seq for one in Turns(journal.outbox).next(100, room)] == expected


def test_a_batch_of_one_is_one_though_something_goes_ahead(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        hear(journal, 4)
        journal.write_outputs([alert(1, "urgent")], EngineMemory(0, None, b""), Counter(), START)
        assert [one.seq for one in Turns(journal.outbox).next(1, MB)] == [5]


def test_how_far_a_centre_got_is_told_in_the_numbers_of_the_epoch(tmp_path: Path) -> None:
    """Else a hub would hold that the centre was set back, and send all of an epoch again."""
    journal = Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1", boot="one")
    hear(journal, 30)
    turns = Turns(journal.outbox)
    assert turns.received(0, START) == Progress(0, 0)
    turns.next(10, MB)
    assert turns.received(10, START) == Progress(0, 10)
    with restart(tmp_path, journal, "two") as journal:
        hear(journal, 20)
        journal.outbox.move(30, START)
        turns = Turns(journal.outbox)
        assert turns.next(5, MB) == []  # what has the centre of the epoch before?
        assert turns.received(30, START) == Progress(30, 30)
        assert len(turns.next(5, MB)) == 5
        assert turns.received(5, START) == Progress(0, 5)
        assert journal.outbox.cursor == 35
        assert [turns.is_beyond(count) for count in (20, 21)] == [False, True]


def test_of_an_epoch_that_is_over_a_centre_may_hold_what_the_hub_has_lost(tmp_path: Path) -> None:
    """It had it before the power cut: that is no other hub's journal."""
    journal = Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1", boot="one")
    hear(journal, 30)
    with restart(tmp_path, journal, "two") as journal:
        hear(journal, 1)
        turns = Turns(journal.outbox)
        assert len(turns.next(1000, MB)) == 30
        assert not turns.is_beyond(1000)
        assert turns.received(1000, START) == Progress(0, 30)
        assert journal.outbox.cursor == 30


def test_an_alert_at_the_receipts_own_number_is_not_held_to_be_on_its_way(tmp_path: Path) -> None:
    """What the centre has and loses again goes ahead again."""
    with open_journal(tmp_path) as journal:
        hear(journal, 3)
        journal.write_outputs([alert(1, "urgent")], EngineMemory(0, None, b""), Counter(), START)
        turns = Turns(journal.outbox)
        turns.next(100, MB)
        turns.received(4, START)
        turns.next(100, MB)
        turns.received(2, START)
        assert turns.urgent_waits
        assert [one.seq for one in turns.next(1, MB)] == [4]


def old_records(folder: Path, count: int) -> Journal:
    """So many old records that everybody has had, and one of today."""
    journal = open_journal(folder)
    journal.write_intake(Intake(events=[event(n / 60) for n in range(count)]), START)
    journal.write_outputs([], EngineMemory(count, None, b""), Counter(), START)
    journal.write_intake(Intake(events=[event(24 * 60)]), START + 60 * DAY_S)
    journal.outbox.move(count + 1, START)
    return journal


@pytest.mark.parametrize(("count", "gone"), [(FEWEST - 1, 0), (FEWEST, FEWEST)])
def test_old_records_go_as_soon_as_there_are_enough_of_them(
    tmp_path: Path, count: int, gone: int
) -> None:
    with old_records(tmp_path, count) as journal:
        assert journal.thin_out(Keep(28, 500), START + 60 * DAY_S) == gone
        assert journal.thin_out(Keep(28, 500), START + 60 * DAY_S) == 0
        ((kept_from,),) = journal.rows("select kept_from from session")
        assert kept_from == gone + 1


def test_a_record_is_kept_for_its_days_and_not_a_second_longer(tmp_path: Path) -> None:
    with old_records(tmp_path, FEWEST) as journal:
        assert journal.thin_out(Keep(28, 500), START + 28 * DAY_S) == 0
        assert journal.thin_out(Keep(28, 500), START + 28 * DAY_S + 1) == FEWEST


def test_a_change_to_another_rooms_tables_stands_or_falls_with_its_record(tmp_path: Path) -> None:
    """A command that is done is answered: never the one without the other."""

    def note(connection: sqlite3.Connection) -> None:
        connection.execute("insert into notes values ('done', 1.0, 'it')")

    def fail(connection: sqlite3.Connection) -> None:
        note(connection)
        raise OSError("in the midst of it")

    with open_journal(tmp_path) as journal:
        with pytest.raises(OSError, match="in the midst"):
            journal.write_together([event(1)], fail, START)
        assert (journal.notes(), journal.last_seq) == ({}, 0)
        journal.write_together([event(1)], note, START + 5)
        assert (journal.notes(), journal.last_seq) == ({"done": (1.0, "it")}, 1)
        assert journal.rows("select written_at from journal where seq = ?", 1) == [(START + 5,)]


def test_the_engine_is_told_of_events_beyond_its_place_and_of_nothing_else(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        hear(journal, 2)
        journal.write_outputs([alert(1)], EngineMemory(2, None, b""), Counter(), START)
        assert [journal.has_event_after(seq) for seq in (0, 1, 2, 3)] == [True, True, False, False]


def test_a_journal_that_is_replaced_while_somebody_looks_into_it_is_told(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        hear(journal, 3)
    path = tmp_path / "journal.sqlite"
    with closing(Inspection(path)) as inspection:
        inspection.still_there()
        path.rename(tmp_path / "aside")
        with pytest.raises(JournalError, match="this journal is gone"):
            inspection.still_there()
        with closing(sqlite3.connect(path)) as other:
            other.execute("create table something (else_)")
        with pytest.raises(JournalError, match="this journal is gone"):
            inspection.still_there()


def test_what_sqlite_finds_wrong_is_told_in_its_own_words(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        hear(journal, 2000)
    path = tmp_path / "journal.sqlite"
    with closing(Inspection(path)) as inspection:
        assert inspection.problems() == []
    pages = bytearray(path.read_bytes())
    middle = len(pages) // 2 // 4096 * 4096
    pages[middle : middle + 4096] = b"\xa5" * 4096
    path.write_bytes(pages)
    with closing(Inspection(path)) as inspection:
        problems = inspection.problems()
    assert problems
    assert all("None" not in one and one != "ok" for one in problems)


def test_events_since_a_moment_are_those_from_that_moment_on(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        for n in range(4):
            journal.write_intake(Intake(events=[event(n)]), START + n)
        journal.write_outputs([alert(1)], EngineMemory(0, None, b""), Counter(), START + 4)
        with closing(Inspection(tmp_path / "journal.sqlite")) as inspection:
            assert list(inspection.newest_events(START + 2)) == [event(3), event(2)]
            kinds = (RecordKind.EVENT, RecordKind.ALERT)
            assert [seq for seq, _, _ in inspection.after(3, kinds, 9)] == [4, 5]
            assert [kind for kind, _ in inspection.before(5, kinds)] == ["alert"] + ["event"] * 4


def test_all_that_was_set_aside_is_shown_and_cleared_unless_words_are_given(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with open_journal(tmp_path) as journal:
        aside = [quarantined(START + n, f"t/{n}", "No Number", b"x") for n in range(4)]
        journal.write_intake(Intake(quarantine=aside), START)
        with closing(Inspection(path)) as inspection:
            assert [one.topic for one in inspection.quarantine()] == ["t/3", "t/2", "t/1", "t/0"]
            assert len(inspection.quarantine("T/2 NO")) == 1
            assert len(inspection.quarantine(most=3)) == 3
        assert clear_quarantine(path, "t/2") == 1
        assert clear_quarantine(path) == 3


def test_a_backup_tells_how_far_it_is_from_nothing_to_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_PAGES", 5)
    with open_journal(tmp_path) as journal:
        hear(journal, 500)
        shares: list[float] = []
        backup.backup(tmp_path / "journal.sqlite", tmp_path / "copy.sqlite", shares.append)
    assert len(shares) > 5
    assert shares == sorted(shares)
    assert 0 <= shares[0] < 0.5
    assert shares[-1] == 1.0


def test_the_newest_record_stays_however_old_it_is(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(events=[event(n / 60) for n in range(FEWEST + 1)]), START)
        journal.write_outputs([], EngineMemory(FEWEST + 1, None, b""), Counter(), START)
        journal.outbox.move(FEWEST + 1, START)
        assert journal.thin_out(Keep(28, 500), START + 60 * DAY_S) == FEWEST
        assert [seq for seq, _ in journal.records(RecordKind.EVENT)] == [FEWEST + 1]
