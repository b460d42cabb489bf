"""What a rebuilt journal begins with besides its records.

The small tables, where the engine and the centre stand, and word of what was lost.
"""

import sqlite3
from contextlib import suppress
from typing import Any, NamedTuple

from contract import Alert, Condition, ContractError, RecordKind, Severity, decode, encode, utc
from gateway.journal.epochs import begin_epoch, epochs_in
from gateway.journal.leap import forget_damaged_leaps
from gateway.journal.lost import note_lost
from gateway.journal.reached import Reached, latest_written, reckoned, write_reached
from gateway.journal.receipts import Receipt, read_receipt, write_receipt
from gateway.journal.set_back import SetBack, write_set_back
from gateway.journal.sums import DamagedError, memory_sum, name_sum, record_sum, times_sum
from gateway.journal.switches import forget_damaged

CONDITION = Condition.HUB_MEMORY
"""What the technical alert of a rebuilt journal is about."""

OWN: frozenset[str] = frozenset(
    {
        Condition.HUB_MEMORY,
        Condition.HUB_DEAF,
        Condition.HUB_CLOCK,
        Condition.SENSOR_FAULT,
        Condition.DETECTOR_FAILED,
    }
)
"""The conditions that a hub answers for itself: its engine says nothing of them."""

UNDATED = -1.0
"""When a record was written of which that cannot be read, until it is reckoned."""

SETTLED = "settled"
"""Stands for the machine's start in a rebuilt journal that was not opened yet."""

_FAR = 1_000_000
"""A place this far beyond the last record that can be read is a bit turned over, not a place."""

_DAY_S = 86_400.0
"""The hub writes its health several times an hour, so it has heard nothing a day after that."""


class Owner(NamedTuple):
    """Whose journal it is, and when it is rebuilt (epoch seconds by the hub's clock)."""

    hub: str
    home: str
    now: float


class Salvaged(NamedTuple):
    """What became of a damaged journal.

    Attributes:
        kept: Records carried over.
        lost: Records that are known to have been there and could not be read.
        is_cut: Whether the file was cut short, so that more may be lost than is known.
    """

    kept: int
    lost: int
    is_cut: bool = False

    def __str__(self) -> str:
        kept = f"{self.kept:,} records were kept, "
        if self.is_cut:
            return (
                f"{kept}at least {self.lost:,} could not be read. The file was cut short: how many "
                "are lost is not known"
            )
        return f"{kept}{self.lost:,} could not be read"


def carry_tables(old: sqlite3.Connection, new: sqlite3.Connection, but: frozenset[str]) -> None:
    """Carries over the rows that can be read of every table but those named."""
    for (name,) in new.execute("select name from sqlite_schema where type = 'table'").fetchall():
        if name not in but:
            _carry_table(old, new, name)


def _carry_table(old: sqlite3.Connection, new: sqlite3.Connection, name: str) -> None:
    """Carries over a table's rows from both ends, as far as each can be read."""
    there = {row[1] for row in _all(old, f"pragma table_info({name})")}
    info = [row for row in new.execute(f"pragma table_info({name})") if row[1] in there]
    if not info:
        return
    chosen = ", ".join(row[1] for row in info)
    last_first = ", ".join(f"{row[1]} desc" for row in info if row[5])
    query = f"select {chosen} from {name}"  # noqa: S608 - the names are our own
    rows = dict.fromkeys(_all(old, query))
    rows |= dict.fromkeys(_all(old, f"{query} order by {last_first}"))
    places = ", ".join("?" * len(info))
    for row in rows:
        with suppress(sqlite3.IntegrityError):  # a value of another type: not what was written
            new.execute(f"insert or ignore into {name} ({chosen}) values ({places})", row)  # noqa: S608 - as above


def _all(old: sqlite3.Connection, query: str, *values: float) -> list[tuple[Any, ...]]:
    """The rows up to the first that cannot be read."""
    rows = []
    with suppress(sqlite3.Error, UnicodeDecodeError):
        for row in old.execute(query, values):
            rows.append(row)  # noqa: PERF402 - what was read before an error counts
    return rows


def settle(
    old: sqlite3.Connection,
    new: sqlite3.Connection,
    owner: Owner,
    *,
    least: int = 0,
    is_cut: bool = False,
) -> Salvaged:
    """Ties the carried records to what the centre and the engine know, and says what was lost.

    Numbers that cannot be read are never used again: what comes next begins a new epoch.

    Args:
        old: What is damaged.
        new: What holds the records that can be read; it may be the same.
        owner: Whose it is, where that cannot be read.
        least: A number that a record is known to have had.
        is_cut: Whether more may be lost than is known.
    """
    _carry_set_backs(old, new)
    forget_damaged(new)
    forget_damaged_leaps(new)
    _date(new, owner.now)
    reached = _reached(old) or reckoned(new)
    write_reached(new, reached)
    owner = owner._replace(now=_now(new, owner.now, reached))
    hub, home, epoch = _identity(old) or (owner.hub, owner.home, "")
    kept, first, last = new.execute(
        "select count(*), coalesce(min(seq), 1), coalesce(max(seq), 0) from journal"
    ).fetchone()
    receipt = _receipt(new)
    top = max(last, least, *_places(old, last, receipt))
    _settle_engine(old, new, top)
    _settle_epochs(old, new, epoch, top)
    names = name_sum(hub, home)
    new.execute(
        "insert or replace into identity values (1, ?, ?, ?, ?, '')", (hub, home, epoch, names)
    )
    begin_epoch(new, top, "the journal was damaged and rebuilt", owner.now)
    query = "select kept_from from session where typeof(kept_from) = 'integer'"
    (kept_from,) = _first(old, query) or (0,)
    begin = _settle_receipt(new, receipt, kept_from, first, top)
    start = min(kept_from or first, begin, top + 1)
    found = Salvaged(kept, note_lost(old, new, start, top), is_cut)
    new.execute(
        "insert or replace into session values (1, ?, ?, ?, 0, 0)", (SETTLED, owner.now, start)
    )
    _tell(new, top + 1, home, found, owner.now)
    return found


def _now(new: sqlite3.Connection, now: float, reached: Reached) -> float:
    """What time it is, by a clock that may not have been set since a power cut.

    It is not earlier than what the journal knows to have been. The last word heard must fit to it:
    there may be no sum over that.
    """
    query = "select seq, kind, urgent, written_at, body, sum from journal order by seq desc limit 2"
    known = max(now, latest_written(_all(new, query)) or now)
    heard = reached.received
    return max(known, heard) if heard is not None and heard <= known + _DAY_S else known


def _reached(old: sqlite3.Connection) -> Reached | None:
    """How far time had come, where a sum says that it is as it was written."""
    row = _first(old, "select newest, received, sum from clock")
    return None if row is None or row[2] != times_sum(*row[:2]) else Reached(*row[:2])


def _carry_set_backs(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
    rows = _all(old, "select after, line, passed, sum from set_back")
    new.execute("delete from set_back")
    for *one, proof in rows:
        if proof == times_sum(*one):
            write_set_back(new, SetBack(*one))


def _date(new: sqlite3.Connection, now: float) -> None:
    """Dates records of which that cannot be read like the one before them, or the one after."""
    query = "select seq, kind, urgent, body from journal where written_at = ?"
    for seq, kind, urgent, body in _all(new, query, UNDATED):
        near = "select written_at from journal where written_at <> ? and seq"
        found = _first(new, f"{near} < ? order by seq desc limit 1", UNDATED, seq) or _first(
            new, f"{near} > ? order by seq limit 1", UNDATED, seq
        )
        at = found[0] if found else now
        new.execute(
            "update journal set written_at = ?, sum = ? where seq = ?",
            (at, record_sum(seq, kind, urgent, body, at), seq),
        )


def _identity(old: sqlite3.Connection) -> tuple[str, str, str] | None:
    row = _first(old, "select hub, home, epoch, sum from identity")
    row = row or _first(old, "select hub, home, epoch, null from identity")
    if row is None or row[3] not in {None, name_sum(*row[:2])}:
        return None
    return row[:3] if all(isinstance(name, str) for name in row[:3]) else None


def _first(connection: sqlite3.Connection, query: str, *values: float) -> tuple[Any, ...] | None:
    return next(iter(_all(connection, query, *values)), None)


def _receipt(new: sqlite3.Connection) -> Receipt | None:
    """The centre's last word; None where it gave none, or that is damaged."""
    try:
        return read_receipt(new)
    except DamagedError:
        return None


def _settle_receipt(
    new: sqlite3.Connection, receipt: Receipt | None, kept_from: int, first: int, top: int
) -> int:
    """Where to go on sending; without the centre's word, from the oldest record that is kept.

    The centre knows what it has, and nothing was deleted that it had not: where anything was, its
    word is lost, though no row of it is left.
    """
    told = new.execute("select count(*) from uplink").fetchone()[0] or kept_from > 1
    new.execute("delete from uplink")
    if receipt is None and not told:
        return 1
    known = Receipt((kept_from or first) - 1, 0.0) if receipt is None else receipt
    cursor = min(max(known.cursor, 0), top)
    write_receipt(new, Receipt(cursor, known.at))
    return cursor + 1


def _places(old: sqlite3.Connection, last: int, receipt: Receipt | None) -> list[int]:
    """How far the journal had come at least, by what refers to it."""
    queries = (
        "select max(base) from epochs",
        # Each event that was counted is a record, whatever became of its page.
        "select count from counters where name = 'events'",
        "select max(seq) from journal",
        "select max(seq) from journal where kind = 'event'",
    )
    found = [row[0] for query in queries if (row := _first(old, query)) is not None]
    found += [] if receipt is None else [receipt.cursor]
    engine = _engine_row(old)
    if engine is not None:  # its sum is right; else its place may be a bit turned over
        found.append(engine[0])
    return [0, *(one for one in found if isinstance(one, int) and one <= last + _FAR)]


def _settle_engine(old: sqlite3.Connection, new: sqlite3.Connection, top: int) -> None:
    """The engine's memory; where it is damaged, only its place: it then learns from the journal.

    The place that stands in a damaged row is not believed: too low, and what was answered since
    would be answered again; too high, and events between would be heard by nobody.
    """
    row = _engine_row(old)
    new.execute("delete from engine")
    if row is None or row[0] > top:
        offset = _spoken_until(new)
        if not offset:
            return
        row = (offset, None, b"", memory_sum(offset, None, b""))
    new.execute("insert into engine values (1, ?, ?, ?, ?)", row)


def _engine_row(old: sqlite3.Connection) -> tuple[Any, ...] | None:
    """The engine's memory where it is as it was written, or is older than sums."""
    columns = "offset, driven, checkpoint"
    # On a page that was written in another's place the columns hold whatever stood there.
    typed = (
        "typeof(offset) = 'integer' and typeof(driven) in ('real', 'null') "
        "and typeof(checkpoint) = 'blob'"
    )
    row = None
    for proof in ("sum", "null"):
        row = row or _first(old, f"select {columns}, {proof} from engine where {typed}")  # noqa: S608 - the names are our own
    return row if row is not None and row[3] in {None, memory_sum(*row[:3])} else None


def _spoken_until(new: sqlite3.Connection) -> int:
    """The last event of which the engine may have said something.

    Of what came after it the engine had nothing to say, or had not come to it.
    """
    (answered,) = _first(new, "select max(seq) from journal where kind = 'assessment'") or (None,)
    answered = answered or 0
    query = "select seq, body from journal where kind = 'alert' and seq > ? order by seq desc"
    told = (seq for seq, body in new.execute(query, (answered,)) if not _is_own(body))
    query = "select coalesce(max(seq), 0) from journal where kind = 'event' and seq < ?"
    return int(new.execute(query, (next(told, answered),)).fetchone()[0])


def _is_own(body: bytes) -> bool:
    """Whether an alert is of the hub itself."""
    try:
        return decode(body, Alert).condition in OWN
    except ContractError:
        return False


def _settle_epochs(old: sqlite3.Connection, new: sqlite3.Connection, epoch: str, top: int) -> None:
    rows = _all(old, "select base, epoch, begun_at, reason, sum from epochs")
    twice = _first(old, "select epochs from identity")
    if twice and isinstance(twice[0], str):
        rows += [(*one, 0.0, "as kept twice", name_sum(*one)) for one in epochs_in(twice[0])]
    elif epoch and not rows:
        rows = [(0, epoch, 0.0, "the hub began", None)]
    new.execute("delete from epochs")
    for row in rows:
        if 0 <= row[0] <= top and row[4] in {None, name_sum(*row[:2])}:
            with suppress(sqlite3.IntegrityError):
                new.execute("insert or ignore into epochs values (?, ?, ?, ?, ?)", row)


def _tell(new: sqlite3.Connection, seq: int, home: str, found: Salvaged, now: float) -> None:
    for name, count in (("journal_rebuilt", 1), ("journal_lost", found.lost)):
        new.execute(
            "insert into counters values (?, ?) on conflict do update "
            "set count = count + excluded.count",
            (name, count),
        )
    text = f"The hub's memory was damaged and has been rebuilt: {found}."
    new.execute("insert or replace into notes values ('rebuilt', ?, ?)", (now, text))
    at = utc(now)
    alert = Alert(
        id=f"{home}:{CONDITION}:{at:%Y%m%dT%H%M%S}",
        home=home,
        condition=CONDITION,
        severity=Severity.TECHNICAL,
        raised_at=at,
        updated_at=at,
        text=text,
        prompt="Consider replacing the hub's memory card.",
    )
    body = encode(alert)
    row = (seq, RecordKind.ALERT, 0, now, body, record_sum(seq, RecordKind.ALERT, 0, body, now))
    new.execute("insert into journal values (?, ?, ?, ?, ?, ?)", row)
