"""A link that drops: out of reach for a time, as behind a closed fire door."""

from dataclasses import dataclass
from typing import ClassVar

from simulator.faults.outage import Outage


@dataclass(kw_only=True)
class LinkDrop(Outage):
    """Loses what is said; the bridge tells when it has noticed, and when the device is back."""

    expected: ClassVar[str] = (
        "What was said meanwhile is lost and nothing is made up; a link event when the device is "
        "told to be offline and when it is back."
    )
