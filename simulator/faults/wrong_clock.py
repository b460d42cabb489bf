"""A device or bridge whose clock is wrong: set wrongly, drifting, or begun anew in 1970."""

from dataclasses import dataclass
from typing import ClassVar

from simulator.devices.message import Message
from simulator.faults.fault import Fault, parameter
from simulator.faults.words import shifted

_DAY_S = 86_400.0
_YEARS_S = 30 * 365 * _DAY_S


@dataclass(kw_only=True)
class WrongClock(Fault):
    """Moves the device's own time where a message bears one; nothing else changes."""

    offset_s: float = parameter(
        -3600.0, "seconds ahead; behind where below 0", low=-_YEARS_S, high=_YEARS_S
    )
    drift_s_a_day: float = parameter(
        0.0, "seconds gained a day since the onset", low=-_DAY_S, high=_DAY_S
    )
    unset: bool = parameter(False, "whether it counts from 1970 at the onset; then no more is used")

    expected: ClassVar[str] = (
        "Ahead by more than 5 minutes, or in 1970: the hub's own time counts. Behind: `late` or "
        "`replayed` until the hub has found it out, and then mended. Never two events out of one."
    )

    def hear(self, message: Message) -> list[Message]:
        """The message, dated wrongly."""
        gained = self.drift_s_a_day * (message.t - self.onset) / _DAY_S
        return [shifted(message, -self.onset if self.unset else self.offset_s + gained)]
