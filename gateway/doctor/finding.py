"""What a check comes to."""

from enum import StrEnum

import msgspec


class State(StrEnum):
    """How serious it is."""

    OK = "ok"
    NOTE = "note"  # to be known; the hub works
    WRONG = "wrong"  # to be mended
    SKIPPED = "skipped"  # cannot be told here, and why


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that was looked at.

    Attributes:
        check: What was looked at, in a word or two.
        state: How serious it is.
        said: What was found.
        remedy: What to do, where there is something.
    """

    check: str
    state: State
    said: str
    remedy: str = ""


def ok(check: str, said: str) -> Finding:
    """All is well."""
    return Finding(check, State.OK, said)


def note(check: str, said: str, remedy: str = "") -> Finding:
    """Not as it might be, but the hub works."""
    return Finding(check, State.NOTE, said, remedy)


def wrong(check: str, said: str, remedy: str) -> Finding:
    """To be mended."""
    return Finding(check, State.WRONG, said, remedy)


def skipped(check: str, said: str) -> Finding:
    """Cannot be told here."""
    return Finding(check, State.SKIPPED, said)
