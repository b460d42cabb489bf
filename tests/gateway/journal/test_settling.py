"""What a rebuilt journal says of what was lost, and where its engine goes on."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from contract import Alert, Assessment, RecordKind, decode
from gateway.journal import Intake, Journal
from gateway.journal.journal import EngineMemory
from gateway.journal.opening import mark_suspect
from gateway.journal.settling import CONDITION, Salvaged
from tests.gateway.events import START, at, event
from tests.gateway.journal.test_journal import alert, open_journal

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
