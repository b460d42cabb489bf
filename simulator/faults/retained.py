"""States that the broker kept and delivers anew when a hub subscribes."""

from dataclasses import dataclass
from typing import ClassVar

from simulator.devices.message import Message
from simulator.faults.fault import NEVER, Fault, parameter
from simulator.faults.memory import Memory
from simulator.living.chance import Chance


@dataclass(kw_only=True)
class Retained(Fault):
    """Delivers the last word of every topic with the broker's mark, as on a new subscription.

    Through a real broker the mark arrives at a hub that subscribes after it, and what is published
    here is kept for that one.
    """

    every_s: float = parameter(3600.0, "seconds from one subscription to the next", low=1)

    expected: ClassVar[str] = "No event: they say how devices fare, not what a person did."
    harmless: ClassVar[bool] = True

    def begin(self, chance: Chance, memory: Memory) -> None:
        """Nobody has subscribed yet."""
        super().begin(chance, memory)
        self._times = 0

    def hear(self, message: Message) -> list[Message]:
        """The message itself."""
        self._memory.note(message)
        return [message]

    def alarm(self) -> float:
        """The next subscription."""
        at = round(self.onset + self._times * self.every_s, 3)
        return at if at < self.until else NEVER

    def ring(self) -> list[Message]:
        """All that is kept."""
        at = self.alarm()
        self._times += 1
        return [message._replace(t=at, retain=True) for message in self._memory.all(self.device)]
