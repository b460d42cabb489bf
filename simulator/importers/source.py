"""What every importer is, and how the files of a source are read: by line, never stopped."""

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from contract import SensorEvent

Advance = Callable[[int], None]
"""Told how many more bytes of the source's files have been read."""

_IDENTIFIER = re.compile(r"[A-Za-z0-9._-]{1,64}")


class SourceError(Exception):
    """The folder is not the source it should be. The sentence says what was expected."""


class BadRow(NamedTuple):
    """A row that is no reading: where it stands and why it was refused."""

    file: str
    line: int
    reason: str


Read = Callable[[Path, Advance], Iterator[SensorEvent | BadRow]]


@dataclass(frozen=True, kw_only=True)
class Importer:
    """One source of recordings.

    Attributes:
        name: What the command line calls it.
        title: What it is, in one line.
        pattern: The files it reads, as a glob within the source's folder.
        time_zone: Of the homes, as an IANA name.
        read: Yields events of each sensor in order, or of no order at all; see
            :func:`simulator.importers.recording.import_recording` for the sorting.
        attribution: What the licence asks whoever uses the data to say.
    """

    name: str
    title: str
    pattern: str
    time_zone: str
    read: Read
    attribution: str

    def files(self, source: Path) -> list[Path]:
        """The files to read, in order.

        Raises:
            SourceError: There are none.
        """
        found = sorted(source.glob(self.pattern)) if source.is_dir() else []
        if not found:
            what = "has no such file" if source.is_dir() else "is not a folder"
            raise SourceError(
                f"{source} {what}: `import {self.name}` expects a folder with {self.pattern} "
                f"({self.title})"
            )
        return found


def read_lines(path: Path, advance: Advance) -> Iterator[tuple[int, str]]:
    """The lines of a text file, compressed or not, with their numbers from 1.

    Bytes that are not UTF-8 become question marks, so that their row is refused and the rest read.

    Raises:
        SourceError: The file cannot be read to its end.
    """
    told = 0
    try:
        with path.open("rb") as raw:
            text: IO[bytes] | gzip.GzipFile = (
                gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
            )
            for number, line in enumerate(text, start=1):
                yield number, line.decode("utf-8", "replace").rstrip("\r\n")
                if (here := raw.tell()) != told:
                    advance(here - told)
                    told = here
    except (OSError, EOFError) as error:
        raise SourceError(f"{path} cannot be read: {error}") from error


def identifier(text: str) -> str:
    """The text, where it can be part of a home's or a sensor's name.

    Raises:
        ValueError: It is empty, long, or holds anything but letters, digits, dot, dash, underscore.
    """
    if not _IDENTIFIER.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no identifier")
    return text
