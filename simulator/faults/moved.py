"""A sensor that was moved: it sees another room, under the name of the old one."""

from dataclasses import dataclass
from typing import ClassVar

from simulator.devices.message import Message
from simulator.faults.fault import Fault, parameter
from simulator.faults.words import device_of, is_link, renamed


@dataclass(kw_only=True)
class Moved(Fault):
    """`device` tells what `beside` sees, and nothing of its own room.

    Both must be of one sort. `beside` itself goes on as before.
    """

    beside: str | None = parameter(None, "the device beside which it hangs now; needed")

    expected: ClassVar[str] = (
        "A room that seems empty and another that is seen twice: a change of the home, not of the "
        "person."
    )

    def __post_init__(self) -> None:
        """Checks that two devices are named.

        Raises:
            ValueError: They are not.
        """
        super().__post_init__()
        if self.device is None or self.beside is None or self.device == self.beside:
            raise ValueError("device and beside must name two devices")

    def take(self, message: Message) -> list[Message]:
        """What both say, as both see the one room."""
        if is_link(message) or not self.onset <= message.t < self.until:
            return [message]
        speaker = device_of(message)
        if speaker == self.beside and self.device is not None:
            return [message, renamed(message, self.device)]
        return [] if speaker == self.device else [message]
