"""A battery that fades over weeks, warns, and dies."""

from dataclasses import dataclass
from typing import ClassVar

from simulator.devices.message import Message
from simulator.faults.fault import parameter
from simulator.faults.memory import Memory
from simulator.faults.outage import Outage
from simulator.faults.words import device_of, is_link, powerless, with_battery
from simulator.living.chance import Chance

_DAY_S = 86_400.0


@dataclass(kw_only=True)
class FlatBattery(Outage):
    """Tells of the battery now and then with what the device says anyway; then nothing more.

    It lasts until somebody changes the battery. With `fade_s` 0 it is flat at once.
    """

    fade_s: float = parameter(21 * _DAY_S, "seconds from the onset to an empty battery")
    first_pct: float = parameter(80.0, "per cent at the onset", high=100)
    low_pct: float = parameter(15.0, "per cent from which on the device warns", high=100)
    report_every_s: float = parameter(_DAY_S / 2, "seconds from one battery level to the next")

    expected: ClassVar[str] = (
        "Falling battery levels and a warning in time for a planned visit; then a silent sensor, "
        "which is never a silent person."
    )

    def begin(self, chance: Chance, memory: Memory) -> None:
        """No level told yet; all that is known to have no battery is left alone."""
        super().begin(chance, memory)
        self._told_at = float("-inf")
        self._on_mains = {device_of(one) for one in memory.states() if powerless(one) is not None}

    @property
    def dead_from(self) -> float:
        """When the battery is empty."""
        return round(self.onset + self.fade_s, 3)

    def strikes(self, device: str) -> bool:
        """Whether it has a battery."""
        return device not in self._on_mains

    def take(self, message: Message) -> list[Message]:
        """What meters power is on the mains, and has no battery."""
        device = device_of(message)
        if powerless(message) is not None:
            self._on_mains.add(device)
        return [message] if device in self._on_mains else super().take(message)

    def hear(self, message: Message) -> list[Message]:
        """The message, with the level where it is time for it; nothing once it is empty."""
        passed = super().hear(message)
        if not passed or is_link(message) or message.t < self._told_at + self.report_every_s:
            return passed
        self._told_at = message.t
        left = 1 - (message.t - self.onset) / self.fade_s
        level = round(self.first_pct * left)
        return with_battery(message, level, low=level <= self.low_pct)
