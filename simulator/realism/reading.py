"""Reads a recording with a bar, and says how much of it was none."""

import sys
from pathlib import Path

from simulator.progress import Progress
from simulator.realism.hearing import Heard, read


def heard_in(path: Path | None) -> list[Heard]:
    """The homes in a recording, none where none is named; what is left out is told.

    Raises:
        OSError: It cannot be read.
    """
    if path is None:
        return []
    with Progress(f"reading {path.name}", 0, unit="events") as progress:
        heard, bad = read(path, progress.advance)
    if bad:
        sys.stderr.write(f"{path}: {bad:,} lines were no events and are left out\n")
    return heard
