"""A sensor that says everything ten times."""

from dataclasses import dataclass
from typing import ClassVar

from simulator.devices.message import Message
from simulator.faults.echo import Echo
from simulator.faults.fault import parameter
from simulator.faults.words import is_action, is_link, said_again


@dataclass(kw_only=True)
class Chatty(Echo):
    """Tells each state again and again, with new times, until it tells the next one."""

    times: int = parameter(10, "how often each state is told", low=1, high=100)
    apart_s: float = parameter(0.5, "seconds from one telling to the next")

    expected: ClassVar[str] = "The same events: the hub bears the load and counts `no_change`."
    harmless: ClassVar[bool] = True

    @property
    def aftermath_s(self) -> float:
        """The last one is told for so long."""
        return self.times * self.apart_s

    def hear(self, message: Message) -> list[Message]:
        """The message, and the same again."""
        for index in range(1, 1 if is_link(message) or is_action(message) else self.times):
            self.later(said_again(message, round(message.t + index * self.apart_s, 3)))
        return [message]
