"""A progress bar on standard error, so that standard output stays clean."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

if TYPE_CHECKING:
    from rich.progress import Progress as Bar


class Progress:
    """A bar of known length; on anything but a terminal it draws nothing.

    Attributes:
        done: How far it has come.
    """

    def __init__(
        self, title: str, total: float, *, unit: Literal["bytes", "events", "days", "steps"]
    ) -> None:
        self.done = 0.0
        self._bar = _bar(unit)
        self._task = self._bar.add_task(title, total=total or None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def advance(self, by: float = 1) -> None:
        """Moves on. The screen follows about ten times a second, so this costs little."""
        self.done += by
        self._bar.advance(self._task, by)

    def say(self, text: str) -> None:
        """A line above the bar."""
        self._bar.console.print(text, highlight=False, markup=False, soft_wrap=True)


def _bar(unit: str) -> "Bar":
    """Rich takes 0.1 s to import, so only commands that draw pay for it."""
    from rich.console import Console  # noqa: PLC0415 - as said above
    from rich.progress import (  # noqa: PLC0415 - as said above
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn() if unit == "bytes" else MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(file=sys.stderr),
        disable=not sys.stderr.isatty(),
    )
