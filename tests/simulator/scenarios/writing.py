"""Scenario files for tests: a head that every file needs, and what the test is about."""

from pathlib import Path

from simulator.scenarios import Staged, read_scenario

HEAD = 'title = "T"\nabout = ""\nstart = 2026-03-02\ndays = 30\n'


def written(folder: Path, text: str, head: str = HEAD) -> Path:
    """A scenario file."""
    path = folder / "s.toml"
    path.write_text(head + text)
    return path


def staged(folder: Path, text: str, head: str = HEAD) -> Staged:
    """A scenario ready to be played."""
    return Staged.of(read_scenario(written(folder, text, head)))
