"""A contact whose battery reports tell its old state again, as if it had changed."""

from dataclasses import dataclass
from typing import ClassVar

from simulator.devices.message import Message
from simulator.faults.fault import NEVER, Fault, parameter
from simulator.faults.memory import Memory
from simulator.faults.words import said_again, turned, with_battery
from simulator.living.chance import Chance


@dataclass(kw_only=True)
class BatteryReport(Fault):
    """Now and then tells the contact's last state with a new time, and its battery with it."""

    every_s: float = parameter(4 * 3600.0, "seconds between reports, on average")
    level_pct: int = parameter(97, "per cent that they tell", high=100)

    expected: ClassVar[str] = (
        "No opening and no closing: the door is as it was. A battery level, once for each that is "
        "new."
    )
    harmless: ClassVar[bool] = True

    def begin(self, chance: Chance, memory: Memory) -> None:
        """The first report is a while after the onset."""
        super().begin(chance, memory)
        self._next = round(self.onset + chance.wait(self.every_s), 3)

    def hear(self, message: Message) -> list[Message]:
        """The message itself."""
        self._memory.note(message)
        return [message]

    def alarm(self) -> float:
        """The next report."""
        return self._next if self._next < self.until else NEVER

    def ring(self) -> list[Message]:
        """The last state of one of the contacts."""
        at = self._next
        self._next = round(at + 1 + self._chance.wait(self.every_s), 3)
        known = self._memory.repeatable(self.device)
        contacts = [one for one in known if turned(one, wired=self.device is not None) is not None]
        if not contacts:
            return []
        last = self._chance.pick([(one, 1.0) for one in contacts])
        return with_battery(said_again(last, at), self.level_pct, low=False)
