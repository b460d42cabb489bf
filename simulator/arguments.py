"""Arguments that several commands take: checked once, with messages that tell what to do."""

import argparse
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path


def recording_to_write(text: str) -> Path:
    """A recording that can be written there."""
    path = Path(text)
    if not path.name.endswith((".jsonl", ".jsonl.gz")):
        raise argparse.ArgumentTypeError(f"{text}: the name must end in .jsonl or .jsonl.gz")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"{path.parent} is not a folder")
    return path


def recording_to_read(text: str) -> Path:
    """A recording that is there."""
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no recording {text}")
    return path


FIRST_YEAR, LAST_YEAR = 1900, 2100
"""In which made-up lives may begin."""
_MOST_DAYS = 36_525
MOST_HOMES = 100_000
"""On one street."""


def day(text: str) -> datetime:
    """Midnight UTC of `YYYY-MM-DD`."""
    try:
        midnight = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day like 2026-03-01") from None
    if not FIRST_YEAR <= midnight.year <= LAST_YEAR:
        raise argparse.ArgumentTypeError(f"{text} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return midnight


def how_long(text: str) -> int:
    """How many days somebody lives: a hundred years at most."""
    many = positive(text)
    if many > _MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text} days are more than a hundred years")
    return many


def how_many_homes(text: str) -> int:
    """How many homes a street has, or which of them."""
    many = positive(text)
    if many > MOST_HOMES:
        raise argparse.ArgumentTypeError(
            f"{text} is more than the {MOST_HOMES:,} homes of a street"
        )
    return many


def apart(files: Mapping[str, Path | None]) -> None:
    """Makes sure that no two options name the same file.

    Raises:
        ValueError: Two do.
    """
    taken: dict[Path, str] = {}
    for option, path in files.items():
        if path is None or (path.exists() and not path.is_file()):  # many may write into a pipe
            continue
        other = taken.setdefault(path.resolve(), option)
        if other != option:
            raise ValueError(f"{other} and {option} both name {path}: write them to two files")


def positive(text: str) -> int:
    """A whole number from 1."""
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def speed(text: str) -> float:
    """How many times faster than life; 0 is as fast as it goes."""
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no speed: 1 is life, 3600 an hour a second")
    return value
