"""Which kinds of episode have tests of what they show: the decorator writes them down."""

from collections.abc import Callable
from typing import TypeVar

Test = TypeVar("Test", bound=Callable[..., None])

SHOWN: dict[str, list[str]] = {}
"""From a kind's name to its tests."""


def shows(*kinds: str) -> Callable[[Test], Test]:
    """Says of which kinds a test proves the effect."""

    def mark(test: Test) -> Test:
        for kind in kinds:
            SHOWN.setdefault(kind, []).append(test.__name__)
        return test

    return mark
