"""Faults that make a device say more after it has spoken, until it speaks again."""

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import ClassVar

from simulator.devices.message import Message
from simulator.faults.fault import NEVER, Fault
from simulator.faults.memory import Memory
from simulator.living.chance import Chance


@dataclass(kw_only=True)
class Echo(Fault):
    """Keeps what is still to be said; a new word on the same topic takes its place."""

    expected: ClassVar[str] = ""

    def begin(self, chance: Chance, memory: Memory) -> None:
        """Nothing is still to be said."""
        super().begin(chance, memory)
        self._ahead: list[tuple[float, int, Message]] = []
        self._number = 0

    def take(self, message: Message) -> list[Message]:
        """The message; of its topic nothing older comes after it."""
        self._ahead = [one for one in self._ahead if one[2].topic != message.topic]
        return super().take(message)

    def later(self, message: Message) -> None:
        """Says a message at its time."""
        self._number += 1
        heappush(self._ahead, (message.t, self._number, message))

    def alarm(self) -> float:
        """The next of what is still to be said."""
        return min(self._ahead)[0] if self._ahead else NEVER

    def ring(self) -> list[Message]:
        """One of them."""
        self._ahead.sort()  # a heap, whatever was taken out of it
        return [heappop(self._ahead)[2]]
