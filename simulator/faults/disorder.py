"""Messages that overtake one another."""

from dataclasses import dataclass
from typing import ClassVar

from simulator.devices.message import Message
from simulator.faults.fault import Fault, parameter


@dataclass(kw_only=True)
class Disorder(Fault):
    """Holds each message back by a time of its own."""

    within_s: float = parameter(5.0, "the longest time that one is held back, in seconds")

    expected: ClassVar[str] = (
        "Each event once, at its own time where devices tell it. What comes behind a newer word "
        "of the same device is kept as `replayed` and not detected upon."
    )

    @property
    def aftermath_s(self) -> float:
        """The last one comes so much later."""
        return self.within_s

    def hear(self, message: Message) -> list[Message]:
        """The message, a little later."""
        held = self._chance.between(0, self.within_s)
        return [message._replace(t=round(message.t + held, 3))]
