"""The last thing that each topic said: what a bridge or a broker would repeat."""

from simulator.devices.message import Message
from simulator.faults.words import device_of, is_action, is_link


class Memory:
    """Of one home, in the order in which topics first spoke."""

    def __init__(self, last: dict[str, Message] | None = None) -> None:
        self._last = {} if last is None else dict(last)

    def note(self, message: Message) -> None:
        """Keeps it in place of the one before."""
        self._last[message.topic] = message

    def copy(self) -> "Memory":
        """One that goes on by itself."""
        return Memory(self._last)

    def states(self, device: str | None = None) -> list[Message]:
        """What the devices last said of themselves, or one of them did."""
        return [
            message
            for message in self._last.values()
            if not is_link(message) and device in (None, device_of(message))
        ]

    def repeatable(self, device: str | None = None) -> list[Message]:
        """The same without what is no state: nobody presses a button again by repeating it."""
        return [message for message in self.states(device) if not is_action(message)]

    def all(self) -> list[Message]:
        """The last of every topic."""
        return list(self._last.values())

    def kept(self) -> list[Message]:
        """What the broker keeps of links for whoever subscribes later."""
        return [message for message in self._last.values() if is_link(message)]
