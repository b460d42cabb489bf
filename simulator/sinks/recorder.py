"""To a recording: what happens in all homes, in order of time."""

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from contract import SensorEvent, encode
from simulator.files import log
from simulator.sinks.sink import Sink


class Recorder(Sink):
    """Writes events as they become due; the same lives give the same bytes.

    The file stands there from the first event on; until then an older one stays as it was.

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
        self._write = self._stack.enter_context(log(self._path))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def happened(self, home: int, event: SensorEvent) -> None:
        """Writes it."""
        del home
        self.events += 1
        self._write(encode(event) + b"\n")
