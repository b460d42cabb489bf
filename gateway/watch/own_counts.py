"""What is counted that no message of a device came to.

It is kept with the next thing that is journalled, at the latest with the next heartbeat.
"""

from collections import Counter


class OwnCounts:
    """Counts for one running hub.

    Args:
        counts: What is to be counted once it can be written.
    """

    def __init__(self, counts: Counter[str]) -> None:
        self._counts = counts

    def centre_failed(self) -> None:
        """A fault of the hub's own on the way to its centre."""
        self._counts["centre_failed"] += 1

    def centre_refused(self, records: int) -> None:
        """The centre received so many records that it cannot take, and keeps them aside."""
        self._counts["centre_refused"] += records

    def overflowed(self) -> None:
        """A message at QoS 0 came while nothing more could wait: it is lost."""
        self._counts["overflowed"] += 1
