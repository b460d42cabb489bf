"""A damaged journal is worked upon in a copy that nobody else may read, in the room there is."""

import os
import re
import stat
from pathlib import Path

import pytest

from contract import Alert, RecordKind, decode
from gateway.journal import Journal, JournalError, salvage, swap
from gateway.journal.opening import mark_suspect
from gateway.journal.pages import PAGE
from tests.gateway.journal.test_corners import lived
from tests.gateway.journal.test_journal import open_journal


def told(journal: Journal) -> str:
    (alert,) = [decode(body, Alert) for _, body in journal.records(RecordKind.ALERT)]
    return alert.text


def test_nobody_else_can_read_what_is_worked_upon_and_it_is_gone_afterwards(tmp_path: Path) -> None:
    path, seen = lived(tmp_path), set[int]()
    work = path.with_suffix(".salvage")

    def look() -> None:
        if work.exists():
            seen.add(stat.S_IMODE(work.stat().st_mode))

    mark_suspect(path)
    Journal.open(path, "hub-1", "h1", tell=look).close()
    assert seen == {0o700}
    assert not work.exists()


def test_the_card_has_to_hold_one_journal_more_and_not_two(tmp_path: Path) -> None:
    path, aside = lived(tmp_path), list[int]()
    for name in ("a", "b", "c"):
        path.with_name(f"journal.damaged-{name}.sqlite").write_text(name)
    mark_suspect(path)
    tell = lambda: aside.append(len(swap.kept_aside(path)))  # noqa: E731 - one word
    Journal.open(path, "hub-1", "h1", tell=tell).close()
    assert set(aside) == {swap.KEPT_ASIDE - 1}, "one has gone before another comes"
    assert len(swap.kept_aside(path)) == swap.KEPT_ASIDE


def test_who_cannot_make_room_for_the_work_is_told_what_is_in_the_way(tmp_path: Path) -> None:
    path = lived(tmp_path)
    before = path.read_bytes()
    path.with_suffix(".salvage").write_text("a file, and no folder")
    mark_suspect(path)
    with pytest.raises(JournalError, match=r"as the hub.s journal: .*File exists"):
        open_journal(tmp_path)
    assert path.read_bytes() == before


def test_whoever_waits_hears_of_a_long_copy_every_so_often(tmp_path: Path) -> None:
    """The watchdog would end a hub that is silent for too long, and it would begin again."""
    source, calls = tmp_path / "large", list[int]()
    with source.open("wb") as file:
        file.truncate(40 << 20)
    salvage._copy_file(source, tmp_path / "copy", lambda: calls.append(1))
    assert len(calls) == 3
    assert (tmp_path / "copy").stat().st_size == 40 << 20


def test_a_page_that_the_card_cannot_read_costs_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A card that fails gives an error for one sector and goes on with the next."""
    path = lived(tmp_path, 200)
    whole, read = path.read_bytes(), os.pread
    worn = whole.index(b"bathroom-motion", 20 * 130) // PAGE * PAGE

    def pread(file: int, size: int, at: int) -> bytes:
        if at == worn:
            raise OSError(5, "Input/output error")
        return read(file, size, at)

    monkeypatch.setattr(os, "pread", pread)
    salvage._copy_file(path, tmp_path / "copy", lambda: None)
    copied = (tmp_path / "copy").read_bytes()
    assert copied == whole[:worn] + bytes(PAGE) + whole[worn + PAGE :]


@pytest.mark.parametrize("spoilt", [range(0), range(100), range(16, 28), range(PAGE)])
def test_nobody_is_told_of_a_cut_where_the_file_is_as_long_as_it_was(
    tmp_path: Path, spoilt: range
) -> None:
    path = lived(tmp_path, 40)
    raw = bytearray(path.read_bytes())
    for at in spoilt:
        raw[at] = 0xA5
    path.write_bytes(raw)
    mark_suspect(path)
    with open_journal(tmp_path) as journal:
        assert told(journal).endswith("40 records were kept, 0 could not be read.")


@pytest.mark.parametrize("by", [1, PAGE, 3 * PAGE])
def test_who_cut_a_file_short_is_told_that_more_may_be_lost(tmp_path: Path, by: int) -> None:
    path = lived(tmp_path, 40)
    os.truncate(path, path.stat().st_size - by)
    mark_suspect(path)
    with open_journal(tmp_path) as journal:
        assert "The file was cut short" in told(journal)


def test_the_first_records_are_counted_among_the_lost_where_the_centre_has_had_none(
    tmp_path: Path,
) -> None:
    path = lived(tmp_path, 200)
    with open_journal(tmp_path) as journal:
        _, first = next(iter(journal.records(RecordKind.EVENT)))
    raw = bytearray(path.read_bytes())
    page = raw.index(first) // PAGE * PAGE
    raw[page : page + PAGE] = bytes(PAGE)
    path.write_bytes(raw)
    mark_suspect(path)
    with open_journal(tmp_path) as journal:
        found = re.search(r"(\d+) records were kept, (\d+) could not be read", told(journal))
        assert found is not None
        kept, lost = map(int, found.groups())
        events = [body for _, body in journal.records(RecordKind.EVENT)]
    assert (kept + lost, kept, first in events) == (200, len(events), False)
