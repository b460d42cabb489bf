"""Puts a rebuilt journal in the place of a damaged one, which is kept aside.

A power cut at any step is gone on from: a rebuilt journal is whole once it bears its name, and from
then until it has taken the damaged one's place, every start first finishes the exchange.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

KEPT_ASIDE = 2
"""Damaged journals that are kept to be looked at; the oldest goes."""

_PARTS = ("", "-wal", "-shm")


def rebuilding(path: Path) -> Path:
    """Where a new journal is built."""
    return path.with_suffix(".rebuilding")


def forget(built: Path) -> None:
    """Deletes what is left of a journal that was not built to its end."""
    for left in built.parent.glob(f"{built.name}*"):
        left.unlink()


def offer(path: Path) -> None:
    """Says that what was built is whole, and puts it in its place."""
    built = rebuilding(path)
    _sync(built)
    built.rename(rebuilt_of(path))
    _sync(path.parent)
    finish(path)


def finish(path: Path) -> None:
    """Finishes an exchange that was begun, where there is one."""
    rebuilt = rebuilt_of(path)
    if not rebuilt.exists():
        return
    name = _aside(path)
    for part in _PARTS:
        damaged = path.with_name(path.name + part)
        if damaged.exists():
            damaged.rename(name.with_name(name.name + part))
    _sync(path.parent)
    rebuilt.rename(path)
    suspect(path).unlink(missing_ok=True)
    _sync(path.parent)
    thin_out(path, KEPT_ASIDE)


def suspect(path: Path) -> Path:
    """The mark that reading ran into damage: the next start rebuilds the journal."""
    return path.with_suffix(".suspect")


def kept_aside(path: Path) -> list[Path]:
    """The damaged journals that are kept, the oldest first."""
    found = path.parent.glob(f"{path.stem}.damaged-*.sqlite")
    return sorted(found, key=lambda one: (one.stat().st_mtime_ns, one.name))


def thin_out(path: Path, most: int) -> None:
    """Deletes the oldest damaged journals beyond so many."""
    for old in kept_aside(path)[: -most or None]:
        for part in _PARTS:
            old.with_name(old.name + part).unlink(missing_ok=True)


def rebuilt_of(path: Path) -> Path:
    """What a journal is rebuilt in, and what takes its place at the next start."""
    return path.with_suffix(".rebuilt")


def _aside(path: Path) -> Path:
    """A name of today that is not taken."""
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    number = 0
    while True:
        more = f"-{number}" if number else ""
        name = path.with_name(f"{path.stem}.damaged-{stamp}{more}.sqlite")
        if not name.exists() and not name.with_name(name.name + "-wal").exists():
            return name
        number += 1


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
