"""The card does not fill up, and nothing goes that anybody still needs."""

from collections import Counter
from pathlib import Path

import pytest

from contract import RecordKind
from gateway.journal import Intake, Journal, Keep
from gateway.journal.journal import EngineMemory
from gateway.journal.retention import DAY_S, FEWEST, MOST
from gateway.settings import Journal as JournalSettings
from tests.gateway.events import START, event
from tests.gateway.journal.test_journal import alert, open_journal

DAYS = 40
A_DAY = 60
KEEP = Keep(days=28, mb=500)
NOW = START + DAYS * DAY_S


def lived(folder: Path) -> Journal:
    """A journal of many days, all of it received and gone through; 1 % are alerts."""
    journal = open_journal(folder)
    for day in range(DAYS):
        written = START + day * DAY_S
        events = [event(day * 24 + n / 10) for n in range(A_DAY)]
        journal.write_intake(Intake(events=events), written)
        memory = EngineMemory(journal.last_seq, None, b"x")
        journal.write_outputs([alert(day * 24)], memory, Counter(), written)
    journal.outbox.move(journal.last_seq, NOW)
    return journal


def events_in(journal: Journal) -> list[int]:
    return [seq for seq, _ in journal.records(RecordKind.EVENT)]


def run(journal: Journal, keep: Keep, now: float = NOW) -> int:
    steps = 0
    while journal.thin_out(keep, now):
        steps += 1
    return steps


def test_what_is_old_goes_a_little_at_a_time_and_alerts_stay(tmp_path: Path) -> None:
    with lived(tmp_path) as journal:
        last = journal.last_seq
        before = len(events_in(journal))
        assert journal.thin_out(KEEP, NOW) <= MOST
        run(journal, KEEP)
        kept = events_in(journal)
        assert before - len(kept) == (DAYS - 28) * A_DAY
        assert len(list(journal.records(RecordKind.ALERT))) == DAYS
        assert journal.last_seq == last
        journal.write_intake(Intake(events=[event(1)]), NOW)
        assert events_in(journal)[-1] == last + 1


def test_what_the_centre_has_not_received_stays_however_old_and_large(tmp_path: Path) -> None:
    with lived(tmp_path) as journal:
        journal.outbox.move(150, NOW)
        before = events_in(journal)
        run(journal, Keep(days=1, mb=0))
        assert events_in(journal) == [seq for seq in before if seq > 150]


def test_what_the_engine_has_not_gone_through_stays(tmp_path: Path) -> None:
    with lived(tmp_path) as journal:
        memory = EngineMemory(150, None, b"x")
        journal.write_outputs([], memory, Counter(), NOW)
        before = events_in(journal)
        run(journal, Keep(days=1, mb=0))
        assert events_in(journal)[0] <= 151
        assert events_in(journal) == before[-len(events_in(journal)) :]


def test_a_hub_without_a_centre_deletes_nothing(tmp_path: Path) -> None:
    with lived(tmp_path) as journal:
        journal.outbox.move(0, NOW)
        assert journal.thin_out(Keep(days=1, mb=0), NOW) == 0


def test_too_large_a_journal_lets_go_of_the_oldest_sooner(tmp_path: Path) -> None:
    with lived(tmp_path) as journal:
        before = events_in(journal)
        run(journal, Keep(days=3650, mb=0.4))
        kept = events_in(journal)
        assert 0 < len(kept) < len(before)
        assert kept == before[-len(kept) :]


def test_the_numbers_go_on_though_every_record_is_gone(tmp_path: Path) -> None:
    with lived(tmp_path) as journal:
        run(journal, Keep(days=1, mb=0), NOW + 10_000 * DAY_S)
        assert len(events_in(journal)) < FEWEST
        last = journal.last_seq
    with open_journal(tmp_path) as journal:
        assert journal.last_seq == last


def test_a_few_old_records_wait_for_others_to_spare_the_card(tmp_path: Path) -> None:
    with lived(tmp_path) as journal:
        just_past = START + (28 + 1) * DAY_S  # one day is too old: fewer than are worth a write
        assert A_DAY < FEWEST
        assert journal.thin_out(KEEP, just_past) == 0


def test_deleted_records_are_not_called_lost_when_the_journal_is_rebuilt(tmp_path: Path) -> None:
    with lived(tmp_path) as journal:
        run(journal, KEEP)
        kept = events_in(journal)
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"\xa5" * 100 + path.read_bytes()[100:])
    with open_journal(tmp_path) as journal:
        assert journal.counters()["journal_lost"] == 0
        assert set(kept) <= set(events_in(journal))


def test_a_centre_that_was_set_back_far_is_told_what_is_no_longer_there(tmp_path: Path) -> None:
    with lived(tmp_path) as journal:
        run(journal, KEEP)
        journal.outbox.move(0, NOW)
        sent = journal.outbox.records(0, 1000, 10**9)
        assert [one.seq for one in sent] == list(range(1, 1001))
        assert {one.kind for one in sent} == {"lost", "alert", "event"}


@pytest.mark.parametrize("key", ["keep_days", "keep_mb"])
def test_by_default_months_are_kept_to_learn_from(key: str) -> None:
    assert getattr(JournalSettings(), key) >= 120
