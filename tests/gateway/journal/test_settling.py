"""What a rebuilt journal says of what was lost, and where its engine goes on."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from contract import Alert, Assessment, RecordKind, decode
from gateway.journal import Intake, Journal, JournalError, Keep
from gateway.journal.journal import EngineMemory
from gateway.journal.opening import mark_suspect
from gateway.journal.settling import CONDITION, Salvaged
from gateway.journal.sums import DamagedError, memory_sum, name_sum
from tests.gateway.events import START, at, event
from tests.gateway.journal.test_corners import changed, word_of_damage
from tests.gateway.journal.test_journal import alert, open_journal
from tests.gateway.journal.test_schema import EPOCH, fifth, old_journal

ANSWER = Assessment(home="h1", condition="uti_risk", at=at(1), state="normal")


def rebuilt(folder: Path) -> Journal:
    mark_suspect(folder / "journal.sqlite")
    return open_journal(folder)


@pytest.mark.parametrize(
    ("kept_from", "cursor", "gone", "lost", "begins"),
    [
        (4, 6, "(1, 2, 3, 5)", 1, 4),  # three were let go of in good order
        (8, 4, "(1, 2, 3, 4, 6)", 1, 5),  # what the centre lacks was never let go of
        (50, 9, "(1, 2)", 0, 10),  # nothing is let go of that was never there
        (1, 0, "(3, 4)", 2, 1),
    ],
)
def test_only_what_nobody_let_go_of_is_told_as_lost(  # noqa: PLR0917 - a table
    tmp_path: Path, kept_from: int, cursor: int, gone: str, lost: int, begins: int
) -> None:
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(events=[event(n) for n in range(9)]), START)
        journal.outbox.move(cursor, START)
        db = journal._connection
        db.execute("update session set kept_from = ?", (kept_from,))
        db.execute(f"delete from journal where seq in {gone}")  # noqa: S608 - our own
        db.execute("pragma secure_delete = on")
        db.execute("vacuum")  # else they are found on its pages
    with rebuilt(tmp_path) as journal:
        assert journal.counters()["journal_lost"] == lost
        assert journal.rows("select kept_from from session") == [(begins,)]
        assert journal.outbox.cursor == cursor
        bodies = [body for _, body in journal.records(RecordKind.ALERT)]
        (told,) = [decode(body, Alert) for body in bodies]
        assert told.condition == CONDITION
        assert f"{lost} could not be read." in told.text
        reasons = journal.rows("select reason from epochs order by base")
        assert reasons[-1] == ("the journal was damaged and rebuilt",)


def own(condition: str) -> Alert:
    return msgspec.structs.replace(alert(3), condition=condition, subject="hub")


@pytest.mark.parametrize(
    ("said", "offset"),
    [
        ([], 0),
        ([ANSWER], 3),
        ([alert(3)], 3),
        ([own("hub_clock")], 0),
        ([own("hub_memory"), own("hub_deaf")], 0),
        ([own("hub_clock"), alert(3), own("hub_deaf")], 3),
    ],
)
def test_an_engine_without_a_memory_goes_on_after_its_own_last_answer_and_no_word_of_the_hub(
    tmp_path: Path, said: list[Alert | Assessment], offset: int
) -> None:
    """Of a word of the hub's own nothing follows for what its engine had come to."""
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(events=[event(n) for n in range(3)]), START)
        journal.write_outputs(said, EngineMemory(3, None, b"m"), Counter(), START)
        journal.write_intake(Intake(events=[event(4)], told=[own("hub_clock")]), START)
        journal._connection.execute("delete from engine")
    with rebuilt(tmp_path) as journal:
        memory = journal.engine_memory()
        assert (0 if memory is None else memory.offset) == offset


def test_the_words_of_what_was_lost_say_no_more_than_is_known() -> None:
    assert str(Salvaged(1200, 3)) == "1,200 records were kept, 3 could not be read"
    assert str(Salvaged(1, 2000, is_cut=True)) == (
        "1 records were kept, at least 2,000 could not be read. The file was cut short: how many "
        "are lost is not known"
    )


def test_of_a_table_broken_in_its_midst_both_ends_are_carried_over(tmp_path: Path) -> None:
    """One page of a table that is torn must not cost all that comes after it."""
    path = tmp_path / "journal.sqlite"
    with open_journal(tmp_path) as journal:
        for number in range(400):
            journal.write_note(f"note-{number:03}", "x" * 100, START)
    raw = bytearray(path.read_bytes())
    page = raw.index(b"note-200") // 4096 * 4096
    raw[page : page + 4096] = b"\xa5" * 4096
    path.write_bytes(raw)
    with rebuilt(tmp_path) as journal:
        found = [name for name in journal.notes() if name.startswith("note-")]
    assert {"note-000", "note-399"} <= set(found)
    assert 300 < len(found) < 400


DAY = 86_400.0


@pytest.mark.parametrize(("heard", "raised"), [(3600.0, 3600.0), (DAY, DAY), (DAY + 1, 0.0)])
def test_a_hub_that_wakes_up_in_1970_dates_the_damage_by_the_last_word_it_heard(
    tmp_path: Path, heard: float, raised: float
) -> None:
    """A word that lies a day beyond the last record is a bit turned over, and no word."""
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(events=[event(0)], newest=START, received=START), START)
        journal.write_intake(Intake(received=START + heard), START)
    path = tmp_path / "journal.sqlite"
    mark_suspect(path)
    with Journal.open(path, "hub-1", "h1", now=lambda: 7.0) as journal:
        assert journal.clock() == (START, START + heard), "and knows how far time had come"
        (body,) = [body for _, body in journal.records(RecordKind.ALERT)]
        assert decode(body, Alert).raised_at.timestamp() == START + raised
        (text,) = [text for at, text in journal.notes().values() if at == START + raised]
        assert text.startswith("The hub's memory was damaged and has been rebuilt: 1 records")
        assert set(journal.notes()) == {"rebuilt"}


def test_what_an_engine_had_learned_outlives_the_damage(tmp_path: Path) -> None:
    """Else a hub would watch a person's night as if it had never seen one."""
    memory = EngineMemory(3, 5.0, b"thirty nights")
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(events=[event(n) for n in range(3)]), START)
        journal.write_outputs([], memory, Counter(), START)
    with rebuilt(tmp_path) as journal:
        assert journal.engine_memory() == memory


@pytest.mark.parametrize(("old", "hours"), [(old_journal, 3), (fifth, 1)])
def test_what_an_engine_of_an_older_version_had_learned_outlives_it_too(
    tmp_path: Path, old: Callable[[Path], Path], hours: int
) -> None:
    mark_suspect(old(tmp_path))
    with open_journal(tmp_path) as journal:
        assert journal.engine_memory() == EngineMemory(3, START + hours * 3600, b"checkpoint")
        (first, *_) = journal.rows("select base, epoch, begun_at, reason from epochs order by base")
        assert first[:2] == (0, EPOCH)


def test_the_epoch_of_a_journal_older_than_epochs_began_with_the_hub(tmp_path: Path) -> None:
    mark_suspect(old_journal(tmp_path))
    with open_journal(tmp_path) as journal:
        rows = journal.rows("select begun_at, reason from epochs order by base")
    assert rows[0] == (0.0, "the hub began")


def test_a_damaged_journal_is_given_to_no_other_home(tmp_path: Path) -> None:
    """A card that was put into another's hub must not tell one person's nights as another's."""
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(events=[event(1)]), START)
    mark_suspect(tmp_path / "journal.sqlite")
    with pytest.raises(JournalError, match="is the journal of hub 'hub-1' in home 'h1'"):
        Journal.open(tmp_path / "journal.sqlite", "hub-2", "h2")


FAR = 1_000_000


@pytest.mark.parametrize(
    ("statement", "base"),
    [
        ("insert or replace into uplink values (1, 30, 0.0, null)", 30),
        (f"insert into epochs values (30, 'name', 0.0, '', {name_sum(30, 'name')})", 30),  # noqa: S608 - our own
        ("insert or replace into counters values ('events', 30)", 30),
        ("insert or replace into counters values ('messages', 30)", 9),
        (f"insert into engine values (1, 30, null, x'', {memory_sum(30, None, b'')})", 30),  # noqa: S608 - our own
        (f"insert into engine values (1, 30, 7.0, x'', {memory_sum(30, None, b'')})", 9),  # noqa: S608 - our own
        (f"insert or replace into uplink values (1, {9 + FAR}, 0.0, null)", 9 + FAR),  # noqa: S608 - our own
        (f"insert or replace into uplink values (1, {10 + FAR}, 0.0, null)", 9),  # noqa: S608 - our own
    ],
)
def test_no_number_that_the_centre_may_know_is_used_again(
    tmp_path: Path, statement: str, base: int
) -> None:
    """Whatever still tells how far the journal had come; what is far off is a turned bit."""
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(events=[event(n) for n in range(9)]), START)
    changed(tmp_path / "journal.sqlite", statement)
    with rebuilt(tmp_path) as journal:
        assert journal.outbox.epochs()[-1].base == base
        assert journal.last_seq == base + 1
        assert journal.outbox.cursor <= base


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update identity set epochs = 'nonsense'", "the hub began"),
        ("delete from epochs", "as kept twice"),
        ("update epochs set epoch = 'other'", "as kept twice"),
        ("update identity set epochs = 7", "the hub began"),
    ],
)
def test_the_name_under_which_the_centre_knows_the_records_is_kept_twice(
    tmp_path: Path, statement: str, said: str
) -> None:
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(events=[event(1)]), START)
        known = journal.outbox.epochs()
    changed(tmp_path / "journal.sqlite", statement)
    with rebuilt(tmp_path) as journal:
        assert journal.outbox.epochs()[:-1] == known
        ((reason, begun),) = journal.rows("select reason, begun_at from epochs where base = 0")
        assert reason == said
        assert (begun == 0.0) == (said == "as kept twice")


def test_one_turned_bit_in_what_the_centre_has_keeps_nothing_from_it(tmp_path: Path) -> None:
    """Else it would not be sent, and deleted in time as though the centre had it."""
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(events=[event(n) for n in range(9)]), START)
        journal.outbox.move(3, START)
    changed(
        tmp_path / "journal.sqlite",
        "delete from journal where seq <= 2",
        "update session set kept_from = 3",
        "update uplink set cursor = cursor | 4",
    )
    with open_journal(tmp_path) as journal:
        assert journal.outbox.cursor == 2
        assert [one.seq for one in journal.outbox.records(2, 7, 10**6)] == list(range(3, 10))
        assert journal.counters()["journal_lost"] == 0
        assert len(word_of_damage(journal)) == 1


def test_where_no_word_of_the_centre_is_left_what_was_deleted_long_ago_is_no_loss(
    tmp_path: Path,
) -> None:
    """A page torn in a power cut; else whoever sees the alert looks for thousands of records."""
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(events=[event(n) for n in range(9)]), START)
        journal.outbox.move(9, START)
    changed(
        tmp_path / "journal.sqlite",
        "delete from journal where seq <= 6",
        "update session set kept_from = 7",
        "delete from uplink",
    )
    with rebuilt(tmp_path) as journal:
        assert journal.counters()["journal_lost"] == 0
        assert journal.outbox.cursor == 6


def test_a_bit_that_turns_over_while_the_hub_runs_is_not_believed_of_what_the_centre_has(
    tmp_path: Path,
) -> None:
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(events=[event(n) for n in range(9)]), START)
        journal.outbox.move(3, START)
        changed(tmp_path / "journal.sqlite", "update uplink set cursor = cursor | 4")
        with pytest.raises(DamagedError, match="how far the centre has received"):
            journal.outbox.waiting()
        with pytest.raises(DamagedError, match="how far the centre has received"):
            journal.thin_out(Keep(0.0, 0.0), START)
