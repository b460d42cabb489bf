"""Damaged journals are kept to be looked at, the newest two; none is lost to another's name."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.journal import swap


class Noon(datetime):
    @classmethod
    def now(cls, tz: object = None) -> "Noon":
        assert tz is UTC, "a name is of no time zone but this"
        return cls(2026, 3, 1, 12, 30, 5, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(swap, "datetime", Noon)
    return tmp_path / "journal.sqlite"


def damaged(path: Path, content: str, *, log: bool = True) -> None:
    """A damaged journal, and a rebuilt one beside it."""
    path.write_text(f"damaged {content}")
    if log:
        path.with_name("journal.sqlite-wal").write_text(f"log {content}")
    swap.suspect(path).touch()
    swap.rebuilding(path).write_text(f"rebuilt {content}")


def test_the_damaged_journal_goes_aside_with_its_log_under_the_time_it_was_found(
    path: Path,
) -> None:
    damaged(path, "one")
    assert swap.rebuilding(path).name == "journal.rebuilding"
    swap.offer(path)
    assert path.read_text() == "rebuilt one"
    (aside,) = swap.kept_aside(path)
    assert aside.name == "journal.damaged-20260301T123005Z.sqlite"
    assert aside.read_text() == "damaged one"
    assert aside.with_name(aside.name + "-wal").read_text() == "log one"
    assert sorted(one.name for one in path.parent.iterdir()) == [
        "journal.damaged-20260301T123005Z.sqlite",
        "journal.damaged-20260301T123005Z.sqlite-wal",
        "journal.sqlite",
    ], "the mark is gone, and nothing is left half done"


def test_several_within_a_second_get_names_of_their_own_and_the_oldest_goes(path: Path) -> None:
    for number, content in enumerate(("one", "two", "three")):
        damaged(path, content)
        os.utime(path, ns=(number, 1000 - number if content == "one" else 2000 + number))
        swap.offer(path)
    kept = swap.kept_aside(path)
    assert [one.read_text() for one in kept] == ["damaged two", "damaged three"]
    first = "journal.damaged-20260301T123005Z"
    assert [one.name for one in kept] == [f"{first}-1.sqlite", f"{first}-2.sqlite"]
    assert len(list(path.parent.glob("*-wal"))) == 2, "its log goes with it"


def test_a_log_that_was_left_aside_alone_is_not_written_over(path: Path) -> None:
    left = path.with_name("journal.damaged-20260301T123005Z.sqlite-wal")
    left.write_text("a log without its file")
    damaged(path, "one")
    swap.offer(path)
    assert left.read_text() == "a log without its file"
    assert [one.name for one in swap.kept_aside(path)] == [
        "journal.damaged-20260301T123005Z-1.sqlite"
    ]


def test_the_oldest_is_the_one_that_was_written_first_whatever_its_name(path: Path) -> None:
    for name, written in (("a", 3), ("b", 1), ("c", 2), ("d", 2)):
        one = path.with_name(f"journal.damaged-{name}.sqlite")
        one.write_text(name)
        os.utime(one, ns=(written, written))
    assert [one.read_text() for one in swap.kept_aside(path)] == ["b", "c", "d", "a"]
    swap.thin_out(path, 1)
    assert [one.read_text() for one in swap.kept_aside(path)] == ["a"]
    swap.thin_out(path, 0)
    assert swap.kept_aside(path) == []


def test_an_exchange_cut_short_after_the_damaged_one_went_aside_is_finished(path: Path) -> None:
    damaged(path, "one", log=False)
    rebuilt = path.with_suffix(".rebuilt")
    swap.rebuilding(path).rename(rebuilt)
    path.rename(path.with_name("journal.damaged-before.sqlite"))
    swap.finish(path)
    assert path.read_text() == "rebuilt one"
    assert not rebuilt.exists()
    swap.finish(path)
    assert path.read_text() == "rebuilt one", "and nothing is done twice"
