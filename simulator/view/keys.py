"""Keys as they are pressed: a terminal that hands each over at once, and what its bytes mean."""

import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager

UP, DOWN, LEFT, RIGHT = "up", "down", "left", "right"

_ARROWS = {b"A": UP, b"B": DOWN, b"C": RIGHT, b"D": LEFT}
_ESCAPES = (b"\x1b[", b"\x1bO")


def keys_in(pressed: bytes) -> Iterator[str]:
    """The keys that a terminal's bytes mean: characters, and the names of arrows."""
    while pressed:
        if pressed[:2] in _ESCAPES and pressed[2:3] in _ARROWS:
            yield _ARROWS[pressed[2:3]]
            pressed = pressed[3:]
            continue
        if pressed[:1] != b"\x1b":
            yield pressed[:1].decode("ascii", errors="replace")
        pressed = pressed[1:]


@contextmanager
def single_keys() -> Iterator[int]:
    """Lets the terminal hand over keys one by one, unseen; Ctrl-C still interrupts.

    Yields:
        What to read them from.
    """
    handle = sys.stdin.fileno()
    before = termios.tcgetattr(handle)
    try:
        tty.setcbreak(handle)
        yield handle
    finally:
        termios.tcsetattr(handle, termios.TCSADRAIN, before)
