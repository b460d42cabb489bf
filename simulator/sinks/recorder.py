"""To a recording: what happens in all homes, in order of time."""

import gzip
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from contract import SensorEvent, encode
from simulator.sinks.sink import Sink


class Recorder(Sink):
    """Writes events as they become due; the same lives give the same bytes.

    Args:
        path: A name that ends in `.jsonl` or `.jsonl.gz`.

    Attributes:
        events: How many have been written.
    """

    in_order = True

    def __init__(self, path: Path) -> None:
        self.events = 0
        self._path = path
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Opens the file.

        Raises:
            OSError: It cannot be written.
        """
        with ExitStack() as stack:
            raw = stack.enter_context(self._path.open("wb"))
            self._write = raw.write
            if self._path.suffix == ".gz":
                packed = gzip.GzipFile(
                    filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=1
                )
                self._write = stack.enter_context(packed).write
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def happened(self, home: int, event: SensorEvent) -> None:
        """Writes it."""
        del home
        self.events += 1
        self._write(encode(event) + b"\n")
