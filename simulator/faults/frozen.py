"""A sensor that is stuck: whatever happens, it tells the same."""

from dataclasses import dataclass
from typing import ClassVar

from simulator.devices.message import Message
from simulator.faults.fault import Fault
from simulator.faults.memory import Memory
from simulator.faults.words import is_link, said_again
from simulator.living.chance import Chance


@dataclass(kw_only=True)
class Frozen(Fault):
    """Tells the last state from before the onset, with a new time, whenever it would speak."""

    expected: ClassVar[str] = (
        "Nothing new from a sensor that speaks: its model of silence must notice what its link "
        "cannot. A movement detector that is stuck at movement is told again every 5 minutes."
    )

    def begin(self, chance: Chance, memory: Memory) -> None:
        """It sticks at what it said last, or says first."""
        super().begin(chance, memory)
        self._stuck: dict[str, Message] = {}

    def hear(self, message: Message) -> list[Message]:
        """The old state at the new time."""
        if is_link(message):
            return [message]
        if message.topic not in self._stuck:
            before = {one.topic: one for one in self._memory.states(self.device)}
            self._stuck[message.topic] = before.get(message.topic, message)
        return [said_again(self._stuck[message.topic], message.t)]
