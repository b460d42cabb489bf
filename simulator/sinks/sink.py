"""What a sink is: somebody who is told of lives as they are lived. It leaves out what it likes."""

from contract import SensorEvent
from simulator.devices import Message
from simulator.live.telling import Because


class Sink:
    """Hears nothing, by default; homes are numbered from 0."""

    in_order = False
    """Whether all homes must wait where it cannot take more of one."""

    def room(self, home: int) -> bool:
        """Whether it can take more of a home just now; else the home waits."""
        del home
        return True

    def happened(self, home: int, event: SensorEvent) -> None:
        """Something happened in a home."""

    def said(self, home: int, message: Message, due: float) -> None:
        """A device said something that was due at `due`, by the clock that only rises."""

    def because(self, home: int, why: Because) -> None:
        """Somebody did something for a reason."""

    def passed(self, t: float) -> None:
        """All that was due before `t`, in epoch seconds, has been told."""

    async def finish(self) -> None:
        """All has been told: waits until nothing is under way."""

    def close(self) -> None:
        """Ends, also where not all has been told."""
