"""What time it is, as an argument: services are given a clock and never look at one themselves."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Answers the present moment, in UTC."""


def utc_now() -> datetime:
    """The system's clock."""
    return datetime.now(UTC)
