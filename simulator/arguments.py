"""Arguments that several commands take: checked once, with messages that tell what to do."""

import argparse
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


def day(text: str) -> datetime:
    """Midnight UTC of `YYYY-MM-DD`."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day like 2026-03-01") from None


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
