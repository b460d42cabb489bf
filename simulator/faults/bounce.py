"""A contact that bounces: the reed closes and opens again before it comes to rest."""

from dataclasses import dataclass
from typing import ClassVar

from simulator.devices.message import Message
from simulator.faults.echo import Echo
from simulator.faults.fault import parameter
from simulator.faults.words import said_again, turned


@dataclass(kw_only=True)
class Bounce(Echo):
    """Follows each change of a contact with its opposite and itself, `times` times."""

    times: int = parameter(2, "bounces for each change", high=20)
    within_s: float = parameter(0.3, "seconds until it rests")

    expected: ClassVar[str] = "The same openings at the same times: a bounce is no visit."
    harmless: ClassVar[bool] = True

    @property
    def aftermath_s(self) -> float:
        """The last one rests so much later."""
        return self.within_s

    def hear(self, message: Message) -> list[Message]:
        """The change, and its bounces."""
        opposite = turned(message, wired=self.device is not None)
        if opposite is None:
            return [message]
        offsets = sorted(self._chance.between(0, self.within_s) for _ in range(2 * self.times))
        states = [opposite, message] * self.times
        for state, offset in zip(states, offsets, strict=True):
            self.later(said_again(state, round(message.t + offset, 3)))
        return [message]
