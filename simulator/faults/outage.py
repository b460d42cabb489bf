"""What is out of reach: nothing it says arrives, and after a while the bridge tells of it."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from simulator.devices.message import Message
from simulator.faults.fault import NEVER, Fault, parameter
from simulator.faults.memory import Memory
from simulator.faults.words import (
    ESPHOME,
    SHELLY,
    TASMOTA,
    device_of,
    dialect_of,
    link,
    powerless,
)
from simulator.living.chance import Chance

# Zigbee2MQTT asks mains devices for ten minutes, and waits 25 hours for a battery's next word. The
# others leave a will with the broker, told one and a half keep-alives after their last word.
_NOTICED_S = {SHELLY: 90.0, TASMOTA: 45.0, ESPHOME: 22.5}
_MAINS_S, _BATTERY_S = 600.0, 25 * 3600.0


class _Missed(NamedTuple):
    at: float
    last: Message


@dataclass(kw_only=True)
class Outage(Fault):
    """Loses all that devices say from `dead_from` to the end.

    Each is told to be offline in its dialect's own time, where that comes before the end, and then
    at the end to be back. A device that never spoke is not missed.
    """

    noticed_s: float | None = parameter(
        None, "seconds until it is told to be offline; as its dialect does where not said"
    )

    expected: ClassVar[str] = ""

    @property
    def dead_from(self) -> float:
        """When devices fall silent."""
        return self.onset

    def begin(self, chance: Chance, memory: Memory) -> None:
        """Nobody is missed yet."""
        super().begin(chance, memory)
        self._missed: list[_Missed] | None = None
        self._gone: list[Message] = []

    def hear(self, message: Message) -> list[Message]:
        """Nothing, once it is silent."""
        if message.t >= self.dead_from:
            return []
        self._memory.note(message)
        return [message]

    def alarm(self) -> float:
        """When it is silent; when the next device is missed; when it is back."""
        if self._missed is None:
            return self.dead_from if self.dead_from < self.until else NEVER
        if self._missed and self._missed[0].at < self.until:
            return self._missed[0].at
        return self.until if self._gone else NEVER

    def ring(self) -> list[Message]:
        """Offline for one device, or online for all."""
        if self._missed is None:
            self._missed = self._due()
            return []
        if self._missed and self._missed[0].at < self.until:
            at, last = self._missed.pop(0)
            self._gone.append(last)
            return _told(last, at, online=False)
        back, self._gone, self._missed = self._gone, [], []
        return [one for last in back for one in _told(last, self.until, online=True)]

    def strikes(self, device: str) -> bool:
        """Whether the device is one of those that fall silent."""
        del device
        return True

    def _due(self) -> list[_Missed]:
        last = {device_of(one): one for one in self._memory.states(self.device)}
        struck = [one for name, one in last.items() if self.strikes(name)]
        return sorted(
            (_Missed(round(self.dead_from + self._noticed_after(one), 3), one) for one in struck),
            key=lambda one: one.at,
        )

    def _noticed_after(self, last: Message) -> float:
        if self.noticed_s is not None:
            return self.noticed_s
        zigbee = _BATTERY_S if powerless(last) is None else _MAINS_S
        return _NOTICED_S.get(dialect_of(last), zigbee)


def _told(last: Message, t: float, *, online: bool) -> list[Message]:
    told = link(last, t, online=online)
    return [] if told is None else [told]
