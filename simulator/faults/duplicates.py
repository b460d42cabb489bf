"""Messages that come twice: at once, as from a client that reconnects, or minutes later."""

from dataclasses import dataclass
from typing import ClassVar

from simulator.devices.message import Message
from simulator.faults.fault import Fault, parameter

_LONGEST = 3.0


@dataclass(kw_only=True)
class Duplicates(Fault):
    """Sends some messages again, byte for byte."""

    share: float = parameter(0.3, "share of messages that come twice", high=1)
    after_s: float = parameter(2.0, "seconds until the second, a third to three times as much")

    expected: ClassVar[str] = (
        "The same events. One that comes again after newer ones of its device is kept as "
        "`replayed` and not detected upon."
    )
    harmless: ClassVar[bool] = True

    @property
    def aftermath_s(self) -> float:
        """The last second one comes so much later."""
        return _LONGEST * self.after_s

    def hear(self, message: Message) -> list[Message]:
        """Once or twice."""
        if not self._chance.happens(self.share):
            return [message]
        after = self.after_s * self._chance.between(1 / _LONGEST, _LONGEST)
        return [message, message._replace(t=round(message.t + after, 3))]
