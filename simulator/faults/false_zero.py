"""A plug that now and then reads no power, though its counter of energy goes on."""

from dataclasses import dataclass
from typing import ClassVar

from simulator.devices.message import Message
from simulator.faults.fault import Fault, parameter
from simulator.faults.words import powerless


@dataclass(kw_only=True)
class FalseZero(Fault):
    """Puts 0 W in place of some powers."""

    share: float = parameter(0.2, "share of readings that are 0 W", high=1)

    expected: ClassVar[str] = (
        "The same uses, with the same times and energy: one zero is no end, and the counter knows."
    )
    harmless: ClassVar[bool] = True

    def hear(self, message: Message) -> list[Message]:
        """The reading, with or without its power."""
        none = powerless(message)
        return [message if none is None or not self._chance.happens(self.share) else none]
