"""A bridge or router that restarts: silence, then everything at once."""

from dataclasses import dataclass
from typing import ClassVar

from simulator.devices.message import Message
from simulator.faults.fault import NEVER, Fault, parameter
from simulator.faults.memory import Memory
from simulator.living.chance import Chance

_MOST = 10_000


@dataclass(kw_only=True)
class BridgeRestart(Fault):
    """Holds or loses what is said; at the end repeats the last states and what the broker keeps.

    The repeated states are those from before, with the times that they had then.
    """

    queued: float = parameter(
        0.0, "share of messages that wait and come at the end; others are lost", high=1
    )
    spacing_s: float = parameter(0.02, "seconds between messages of the burst")

    expected: ClassVar[str] = (
        "No event from a repeated state; what waited arrives late with its own time where it "
        "bears one, and what was lost is lost."
    )

    @property
    def aftermath_s(self) -> float:
        """The burst: of ten thousand messages at most, for one outage."""
        return _MOST * self.spacing_s

    def begin(self, chance: Chance, memory: Memory) -> None:
        """Nothing waits yet."""
        super().begin(chance, memory)
        self._queue: list[Message] = []
        self._over = False

    def hear(self, message: Message) -> list[Message]:
        """Lets nothing through; some of it waits for the end."""
        if self._chance.happens(self.queued):
            self._queue.append(message)
        return []

    def alarm(self) -> float:
        """The end."""
        return NEVER if self._over else self.until

    def ring(self) -> list[Message]:
        """States, then links, then what waited."""
        self._over = True
        burst = [
            *self._memory.repeatable(self.device),
            *self._memory.links(self.device),
            *self._queue,
        ]
        for message in self._queue:
            self._memory.note(message)
        return [
            message._replace(t=round(self.until + number * self.spacing_s, 3))
            for number, message in enumerate(burst)
        ]
