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

    def all(self, device: str | None = None) -> list[Message]:
        """The last of every topic, or of those of one device."""
        return [one for one in self._last.values() if device in (None, device_of(one))]

    def states(self, device: str | None = None) -> list[Message]:
        """What devices last said of themselves."""
        return [one for one in self.all(device) if not is_link(one)]

    def repeatable(self, device: str | None = None) -> list[Message]:
        """The same without what is no state: nobody presses a button again by repeating it."""
        return [one for one in self.states(device) if not is_action(one)]

    def links(self, device: str | None = None) -> list[Message]:
        """What was last told of links: the broker keeps it for whoever subscribes later."""
        return [one for one in self.all(device) if is_link(one)]
