"""One bit of a worn card turned over: it is found, or it changes nothing that anybody relies on.

Whichever it is, no fresh event may come too late, no time may lie years ahead, and no record may be
lost that can still be read.
"""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import Alert, RecordKind, decode
from gateway.clock.clock import BEHIND_S
from gateway.engine import Watermark
from gateway.engine.watermark import NOT_YET
from gateway.journal import Intake
from gateway.journal.opening import mark_suspect
from gateway.journal.pages import PAGE, rows_in
from gateway.journal.settling import CONDITION
from gateway.journal.sums import DamagedError
from tests.gateway.events import START, event
from tests.gateway.journal.lived import Lived, live
from tests.gateway.journal.test_journal import open_journal

DAYS = 8
LAST = START + ((DAYS - 1) * 24 + 1) * 3600
"""How far time has come in the life that is damaged."""
CLOCK = 7
"""The page of the row that says so; the first is 0."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """A life's journal in one file, its log folded in."""
    lived = live(tmp_path_factory.mktemp("life"), days=DAYS - 2, after=2)
    lived.open().close()
    with closing(sqlite3.connect(lived.path)) as connection:
        query = "select rootpage from sqlite_schema where name = 'clock'"
        assert connection.execute(query).fetchone() == (CLOCK + 1,)
    return lived


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch") / "hub"


def turned(lived: Lived, folder: Path, bit: int) -> Lived:
    copy = lived.copy(folder)
    raw = bytearray(copy.path.read_bytes())
    raw[bit // 8] ^= 1 << bit % 8
    copy.path.write_bytes(raw)
    return copy


def rows_on(lived: Lived, page: int) -> int:
    """How many records cannot be read without a page."""
    raw = lived.path.read_bytes()
    blank = raw[: page * PAGE] + bytes(PAGE) + raw[(page + 1) * PAGE :]
    shape = frozenset({6})
    return len(list(rows_in(raw, shape))) - len(list(rows_in(blank, shape)))


def nothing_is_misjudged(worn: Lived, whole: Lived, page: int) -> None:
    survived = worn.survive()
    with worn.open() as journal:
        reached = journal.clock()
        query = "select written_at from journal where kind <> 'alert'"
        written = [at for (at,) in journal.rows(query)]
    assert survived.bodies.items() <= whole.bodies.items(), "none is another than it was"
    missing = len(whole.bodies) - len(survived.bodies)
    assert missing <= max(rows_on(whole, page), 1), "what can be read is not lost"
    assert survived.lost >= missing, "what is lost is told"
    newest = NOT_YET if reached.newest is None else reached.newest
    assert Watermark(newest=newest).admit(LAST), "what is heard now is not late"
    assert (reached.received or LAST) <= LAST + BEHIND_S, "and its time is not in doubt"
    assert all(at <= LAST for at in written), "nothing was written years ahead"


@given(st.data())
@settings(max_examples=15, deadline=None)
def test_a_bit_that_turned_over_anywhere_makes_no_fresh_event_late_and_loses_one_page_at_most(
    whole: Lived, scratch: Path, data: st.DataObject
) -> None:
    pages = whole.path.stat().st_size // PAGE
    page = data.draw(st.sampled_from([CLOCK, *range(pages)]))
    used = [at for at, byte in enumerate(whole.path.read_bytes()[page * PAGE :][:PAGE]) if byte]
    byte = data.draw(st.sampled_from(used or [0]))
    bit = data.draw(st.integers(0, 7))
    nothing_is_misjudged(turned(whole, scratch, (page * PAGE + byte) * 8 + bit), whole, page)


@pytest.mark.slow
def test_each_bit_of_the_row_that_tells_how_far_time_has_come_is_found_or_harmless(
    whole: Lived, scratch: Path
) -> None:
    raw = whole.path.read_bytes()[CLOCK * PAGE :][:PAGE]
    for byte in [at for at, one in enumerate(raw) if one]:
        for bit in range(8):
            worn = turned(whole, scratch, (CLOCK * PAGE + byte) * 8 + bit)
            nothing_is_misjudged(worn, whole, CLOCK)


@pytest.mark.parametrize("column", ["newest", "received"])
def test_a_row_of_how_far_time_has_come_that_is_not_right_is_told_and_reckoned_anew(
    tmp_path: Path, column: str
) -> None:
    """A turned bit in it once made the hub deaf for the years that it lay ahead."""
    with open_journal(tmp_path) as journal:
        heard = Intake(events=[event(1), event(2)], newest=START + 7200, received=START + 7205)
        journal.write_intake(heard, START + 7205)
    with closing(sqlite3.connect(tmp_path / "journal.sqlite", isolation_level=None)) as worn:
        worn.execute(f"update clock set {column} = {column} + 268435456")  # noqa: S608 - our own
    with open_journal(tmp_path) as journal:
        assert journal.clock() == (START + 7200, START + 7205)
        alerts = [decode(body, Alert) for _, body in journal.records(RecordKind.ALERT)]
        assert [one.condition for one in alerts] == [CONDITION]
        assert "2 records were kept, 0 could not be read" in alerts[0].text


def test_a_letter_spoilt_in_the_name_of_a_counter_ends_no_hub(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(counts=Counter(events=3, messages=4)), START)
    with closing(sqlite3.connect(tmp_path / "journal.sqlite", isolation_level=None)) as worn:
        worn.execute("update counters set name = cast(x'e576656e7473' as text) where count = 3")
    with open_journal(tmp_path) as journal:
        assert journal.counters()["messages"] == 4


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        (b"CREATE TABLE \xe3evices", "malformed database schema (devices)"),
        (b"CREATE TABL\xe5 devices", "its tables are not named as they were"),
    ],
)
def test_a_letter_spoilt_in_a_table_s_definition_is_damage_and_no_riddle(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, spoilt: bytes, why: str
) -> None:
    """SQLite tells what is wrong in the spoilt letters, which Python cannot read."""
    path = tmp_path / "journal.sqlite"
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(events=[event(1)]), START)
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"CREATE TABLE devices", spoilt, 1))
    assert path.read_bytes() != raw
    with open_journal(tmp_path) as journal:
        assert len(list(journal.records(RecordKind.EVENT))) == 1
        assert journal.counters()["journal_rebuilt"] == 1
    assert f"is damaged ({why});" in caplog.messages[0]


def test_a_record_of_which_only_the_date_is_damaged_is_kept_and_dated_like_the_one_before(
    tmp_path: Path,
) -> None:
    with open_journal(tmp_path) as journal:
        for hour in range(3):
            journal.write_intake(Intake(events=[event(hour)]), START + hour)
    with closing(sqlite3.connect(tmp_path / "journal.sqlite", isolation_level=None)) as worn:
        worn.execute("update journal set written_at = written_at + 268435456 where seq in (1, 3)")
    with open_journal(tmp_path) as journal, pytest.raises(DamagedError):
        list(journal.records(RecordKind.EVENT))
    mark_suspect(tmp_path / "journal.sqlite")
    with open_journal(tmp_path) as journal:
        assert len(list(journal.records(RecordKind.EVENT))) == 3
        rows = journal.rows("select written_at from journal where kind = 'event' order by seq")
        assert rows == [(START + 1,), (START + 1,), (START + 1,)]
