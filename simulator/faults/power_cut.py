"""A power cut: devices on the mains, bridge and broker fall silent; then all present themselves."""

from dataclasses import dataclass
from typing import ClassVar

from simulator.devices.message import Message
from simulator.faults.fault import NEVER, Fault, parameter
from simulator.faults.memory import Memory
from simulator.faults.words import device_of, link, powerless, said_again
from simulator.living.chance import Chance

_MOST = 100


@dataclass(kw_only=True)
class PowerCut(Fault):
    """Loses everything; then each device is told to be online, and plugs tell that nothing draws.

    It ends when the bridge is up again. What a battery's sensor saw meanwhile is lost too: there
    was nobody to hear it.
    """

    spacing_s: float = parameter(0.5, "seconds from one device to the next")

    expected: ClassVar[str] = (
        "A gap in everything at once, which is the home's and not the person's; a use under way "
        "ends where it was last heard; no event from devices that present themselves."
    )

    @property
    def aftermath_s(self) -> float:
        """Until the last device has presented itself, of a hundred."""
        return _MOST * self.spacing_s

    def begin(self, chance: Chance, memory: Memory) -> None:
        """The lights are on."""
        super().begin(chance, memory)
        self._over = False

    def hear(self, message: Message) -> list[Message]:
        """Nothing."""
        del message
        return []

    def alarm(self) -> float:
        """When the bridge is up again."""
        return NEVER if self._over else self.until

    def ring(self) -> list[Message]:
        """Every device in turn."""
        self._over = True
        last = {device_of(one): one for one in self._memory.states(self.device)}
        told: list[Message] = []
        for number, message in enumerate(last.values()):
            t = round(self.until + number * self.spacing_s, 3)
            online, none = link(message, t, online=True), powerless(message)
            told += [] if online is None else [online]
            told += [] if none is None else [said_again(none, t)]
        return told
