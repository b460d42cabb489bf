"""Carries over what can be read of a damaged journal into a new one.

The damaged file is only ever read. Records come from its pages one by one, each proved by its sum,
so that none is invented; the small tables come row by row as far as SQLite reads them.
"""

import mmap
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from contract import ContractError, decode
from gateway.journal import swap
from gateway.journal.bodies import BODIES
from gateway.journal.database import VERSION, connect, open_file, transaction, upgrade
from gateway.journal.pages import PAGE, PageRow, rows_in
from gateway.journal.settling import UNDATED, Owner, Salvaged, carry_tables, settle
from gateway.journal.sums import is_dated, is_whole

Tell = Callable[[], None]

_SHAPES = frozenset({5, 6})  # columns of a record, without its sum and with it
_AT_ONCE = 5000
_SPARE = "fresh.sqlite"
_OURS = frozenset(
    {"journal", "engine", "session", "identity", "epochs", "clock", "set_back", "lost"}
)


def rebuild(path: Path, owner: Owner, tell: Tell) -> Salvaged:
    """Builds a new journal from a damaged one and puts it in its place.

    Args:
        path: The journal, which nobody has open.
        owner: Whose it is, where that cannot be read.
        tell: Called every now and then, for who waits.

    Raises:
        OSError: There is no room for it, or it cannot be written; nothing has changed.
        Error: As above, from SQLite.
    """
    swap.thin_out(path, swap.KEPT_ASIDE - 1)  # room for one more
    work = path.with_suffix(".salvage")
    built = swap.rebuilding(path)
    swap.forget(built)
    try:
        source = _copy(path, work, tell)
        with closing(open_file(built)) as new:
            new.execute("pragma synchronous = off")  # it counts only once it is whole
            upgrade(new, built)
            found = _carry_over(source, new, owner, tell, is_cut=_is_cut(path))
            new.execute("pragma journal_mode = delete")  # one file, without a log beside it
        swap.offer(path)
    except BaseException:
        swap.forget(built)  # it may have taken the last of the room
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return found


def _copy(path: Path, work: Path, tell: Tell) -> Path:
    """A copy to work upon, with a header that SQLite takes and the log folded in if it can be."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    source = work / "journal.sqlite"
    for mend in (_as_it_is, _with_header, _with_first_page):
        for old in work.iterdir():
            old.unlink()
        for part in ("", "-wal"):
            _copy_file(path.with_name(path.name + part), work / f"journal.sqlite{part}", tell)
        mend(source)
        if _opens(source):
            break
    return source


def _copy_file(source: Path, target: Path, tell: Tell) -> None:
    """Copies page by page; one that the disk cannot read becomes an empty one."""
    if not source.exists():
        return
    with source.open("rb") as read, target.open("wb") as write:
        for at in range(0, os.fstat(read.fileno()).st_size, PAGE):
            try:
                page = os.pread(read.fileno(), PAGE, at)
            except OSError:
                page = bytes(PAGE)
            write.write(page)
            if at % (1 << 24) == 0:
                tell()


def _opens(source: Path) -> bool:
    """Whether SQLite reads its tables; the log's pages are then in the file."""
    try:
        with closing(sqlite3.connect(source)) as old:
            old.execute("pragma wal_checkpoint(truncate)").fetchall()
            query = "select count(*) from sqlite_schema where name = 'journal'"
            return bool(old.execute(query).fetchone()[0])
    except (sqlite3.Error, UnicodeDecodeError):
        return False


def _as_it_is(_source: Path) -> None:
    """Leaves it."""


def _with_header(source: Path) -> None:
    _mend(source, 100)


def _with_first_page(source: Path) -> None:
    """An empty first page, and the tables of a new journal, which begin at the same pages."""
    _mend(source, PAGE)
    spare = source.with_name(_SPARE)
    with closing(connect(spare)) as fresh:
        tables = fresh.execute("select * from sqlite_schema").fetchall()
    spare.unlink()
    with (
        suppress(sqlite3.Error, UnicodeDecodeError),
        closing(sqlite3.connect(source, isolation_level=None)) as old,
    ):
        old.execute("pragma writable_schema = on")
        known = {name for (name,) in old.execute("select name from sqlite_schema")}
        missing = [row for row in tables if row[1] not in known]  # the log may have told some
        old.executemany("insert into sqlite_schema values (?, ?, ?, ?, ?)", missing)


def _mend(source: Path, size: int) -> None:
    """Writes the beginning of an empty journal over that of the file, but for what it counts."""
    spare = source.with_name(_SPARE)
    with closing(sqlite3.connect(spare)) as empty:
        empty.execute("pragma journal_mode = wal")
        empty.execute(f"pragma user_version = {VERSION}")
    begin = bytearray(spare.read_bytes()[:size])
    spare.unlink()
    pages = max(1, source.stat().st_size // PAGE)
    begin[28:40] = pages.to_bytes(4, "big") + bytes(8)  # pages; no list of free ones
    with source.open("r+b") as write:
        write.write(begin)
        write.truncate(pages * PAGE)


def _is_cut(path: Path) -> bool:
    """Whether the file is shorter than SQLite made it: its header tells how many pages it had."""
    with path.open("rb") as file:
        header = file.read(32)
    size = path.stat().st_size
    pages = int.from_bytes(header[28:32], "big") if header.startswith(b"SQLite format 3\0") else 1
    return size % PAGE != 0 or size < max(1, pages) * PAGE


def _carry_over(
    source: Path, new: sqlite3.Connection, owner: Owner, tell: Tell, *, is_cut: bool
) -> Salvaged:
    _records(source, new, tell)
    with closing(sqlite3.connect(source)) as old, transaction(new):
        carry_tables(old, new, _OURS)
        tell()
        return settle(old, new, owner, is_cut=is_cut)


def _records(source: Path, new: sqlite3.Connection, tell: Tell) -> None:
    """Carries over every record that is whole."""
    rows: list[tuple[object, ...]] = []
    for row in _found(source):
        rows.append(row)
        if len(rows) == _AT_ONCE:
            _insert(new, rows)
            rows.clear()
            tell()
    _insert(new, rows)


def _insert(new: sqlite3.Connection, rows: list[tuple[object, ...]]) -> None:
    with transaction(new):
        new.executemany("insert or ignore into journal values (?, ?, ?, ?, ?, ?)", rows)


def _found(source: Path) -> Iterator[tuple[object, ...]]:
    if source.stat().st_size < PAGE:
        return
    with (
        source.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
        memoryview(data) as view,
    ):
        for row in rows_in(view, _SHAPES):
            record = _record(row)
            if record is not None:
                yield record


def _record(row: PageRow) -> tuple[object, ...] | None:
    """The row as a record; None where it is none, or is not as it was written."""
    first, kind, urgent, written_at, body, *rest = row.values
    found = rest[0] if rest else None
    if (
        first is not None
        or row.rowid < 1
        or not isinstance(kind, str)
        or not isinstance(urgent, int)
        or not isinstance(written_at, float | int)
        or not isinstance(body, bytes)
        or not isinstance(found, int | None)
    ):
        return None
    record = (row.rowid, kind, urgent, float(written_at), body, found)
    if not is_whole(record) or (found is None and not _reads(kind, body)):
        return None
    return record if is_dated(record) else (*record[:3], UNDATED, *record[4:])


def _reads(kind: str, body: bytes) -> bool:
    """Whether a record without a sum at least says something."""
    if kind not in BODIES:
        return False
    try:
        decode(body, BODIES[kind])
    except ContractError:
        return False
    return True
