"""What time it is, as an argument: services are given a clock and never look at one themselves.

The one that they are given is the database's (:mod:`api.store.timekeeper`).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Answers the present moment, in UTC."""


def utc_now() -> datetime:
    """This machine's own clock, which may be wrong."""
    return datetime.now(UTC)
