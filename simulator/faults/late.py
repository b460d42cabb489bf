"""Messages that come late, as over a congested mesh or a line that stalls."""

from dataclasses import dataclass
from typing import ClassVar

from simulator.devices.message import Message
from simulator.faults.fault import Fault, parameter


@dataclass(kw_only=True)
class Late(Fault):
    """Holds all messages back by one and the same time, so that their order stays."""

    by_s: float = parameter(300.0, "seconds that each is late")

    expected: ClassVar[str] = (
        "The same events at the same times where devices tell them; those that come behind what "
        "the hub has heard since are marked `late`. Without a time of their own they count late."
    )

    @property
    def aftermath_s(self) -> float:
        """The last one comes so much later."""
        return self.by_s

    def hear(self, message: Message) -> list[Message]:
        """The message, later."""
        return [message._replace(t=round(message.t + self.by_s, 3))]
