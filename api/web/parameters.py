"""Parts of addresses and forms that several rooms take, with their bounds."""

from typing import Annotated

from fastapi import Path

MOST = 2**63 - 1
"""The highest number that a row can have."""
VERSION = 2**31 - 1
"""The highest version that a row can have."""
Number = Annotated[int, Path(ge=1, le=MOST)]
AlertId = Annotated[int, Path(ge=1, le=MOST, description="The centre's number for the alert.")]
NAME = r"^[^\x00-\x1f]+$"
"""What a name of a home or a hub in an address looks like."""
Name = Annotated[str, Path(min_length=1, max_length=128, pattern=NAME)]


def number(typed: str, most: int = MOST) -> int | None:
    """What a form has as a number from 0 to `most`; None where it is none of these."""
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= len(f"{most}")):
        return None
    found = int(typed)
    return found if found <= most else None
