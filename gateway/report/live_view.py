"""Draws a page again and again in one place of a terminal, and leaves the terminal as it was."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from gateway.report.terminal import shown

# ECMA-48 and xterm: another screen and no cursor; home; clear to the end of the line, of the page.
_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
_HOME, _LINE_END, _PAGE_END = "\x1b[H", "\x1b[K", "\x1b[J"


class LiveView:
    """A page on a terminal.

    Args:
        out: The terminal.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def draw(self, lines: Sequence[str], foot: str) -> None:
        """Shows as much of a page as there is room for, and its last line always."""
        width, height = shutil.get_terminal_size()
        body = list(lines)
        if len(body) > height - 1:
            more = len(body) - (height - 2)
            body = [
                *body[: max(0, height - 2)],
                f"  ... {more} more lines: a taller window, or --once",
            ]
        page = [shown(line)[:width] for line in (*body, foot)]
        self._out.write(_HOME + f"{_LINE_END}\r\n".join(page) + _LINE_END + _PAGE_END)
        self._out.flush()


@contextmanager
def live_view(out: TextIO) -> Iterator[LiveView]:
    """Takes the terminal, and gives it back however it ends."""
    out.write(_ENTER)
    try:
        yield LiveView(out)
    finally:
        out.write(_LEAVE)
        out.flush()
