"""A fault of the hub's own on the way to its centre: borne, counted and logged, once as a whole.

Whatever goes wrong there, in the home the hub still hears, keeps and detects.
"""

import logging
from collections.abc import Callable

_LONGEST = 300

_log = logging.getLogger(__name__)


def unborne(error: Exception) -> str:
    """Bears nothing: a test is to see what is wrong with the code.

    Raises:
        Exception: The one that was given.
    """
    raise error


class Faults:
    """Bears the faults of one running hub.

    Args:
        count: Counts one.
    """

    def __init__(self, count: Callable[[], None]) -> None:
        self._count = count
        self._seen: set[str] = set()

    def bear(self, error: Exception) -> str:
        """Takes one in.

        Returns:
            The sentence for whoever looks at the link to the centre.
        """
        self._count()
        if type(error).__name__ not in self._seen:  # each try may bring it back
            self._seen.add(type(error).__name__)
            _log.error("a fault on the way to the centre, trying on", exc_info=error)
        return f"the hub itself fails at it: {type(error).__name__}: {error}"[:_LONGEST]
