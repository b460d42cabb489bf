"""What is counted that no message of a device came to.

It is kept with the next thing that is journalled, at the latest with the next heartbeat.
"""

import logging
from collections import Counter

from gateway.journal import Journal

_CUTS = "select count(*) from epochs where reason = 'the power was cut'"

_log = logging.getLogger(__name__)


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

    def power_cut(self, journal: Journal) -> None:
        """The power was cut, and it is not known whether the card kept all; each time once."""
        [(cuts,)] = journal.rows(_CUTS)
        untold = cuts - journal.counters().get("power_cut", 0)
        if untold > 0:
            self._counts["power_cut"] += untold
            _log.warning(
                "the power was cut: where the card forgot what it had said it kept, that is lost "
                "but for what the centre has; how much, is not known"
            )
