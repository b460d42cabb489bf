"""What a device is: something that turns events into what it says, and falls quiet by itself."""

from typing import Protocol

from contract import SensorEvent
from simulator.devices.said import Said


class Device(Protocol):
    """One device of one home. Events come in order of time."""

    def announce(self, t: float) -> list[Said]:
        """What it says on joining at `t`, where that is more than nothing."""
        ...

    def tell(self, event: SensorEvent) -> list[Said]:
        """What it says about an event, from first to last.

        Raises:
            UntellableError: Nothing that it may say would be this event.
        """
        ...

    def settle(self, t: float) -> list[Said]:
        """What it says of itself up to `t`, as nothing more happens until then."""
        ...


class UntellableError(Exception):
    """No message can make a hub see the event. The sentence says why."""
