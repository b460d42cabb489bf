"""What a voice is: the counterpart of a hub's dialect, for whatever device speaks with it."""

from collections.abc import Iterable
from typing import Protocol

from gateway.dialects.protocol import Signal
from simulator.devices.message import Message
from simulator.devices.protocol import UntellableError
from simulator.devices.said import Said

STATES = (Signal.OCCUPANCY, Signal.PRESENCE, Signal.OPEN, Signal.VIBRATION, Signal.WATER)
"""What is 1 or 0."""


class Voice(Protocol):
    """Speaks one dialect, for any number of devices. Pure."""

    @property
    def tells_time(self) -> bool:
        """Whether its messages tell when; else a hub dates them on arrival."""
        ...

    def say(self, said: Said) -> list[Message]:
        """The messages, with topics below the dialect's base topic.

        Raises:
            UntellableError: The dialect has no word for anything in it.
        """
        ...


class Under:
    """A voice below a base topic, where one home speaks several dialects."""

    def __init__(self, base: str, voice: Voice) -> None:
        self._base = base
        self._voice = voice

    @property
    def tells_time(self) -> bool:
        """As the voice does."""
        return self._voice.tells_time

    def say(self, said: Said) -> list[Message]:
        """What the voice says, with the base before its topics."""
        return [
            message._replace(topic=f"{self._base}/{message.topic}")
            for message in self._voice.say(said)
        ]


def level(device: str) -> str:
    """A device's name as one level of a topic.

    Raises:
        UntellableError: It can be none.
    """
    if not device or set("/+#") & set(device):
        raise UntellableError(f"a dialect that calls devices by one level cannot call {device!r}")
    return device


def state_of(said: Said) -> float | None:
    """Whether it is so (1) or no longer (0), where it is a state at all."""
    return first(said, STATES)


def first(said: Said, signals: Iterable[Signal]) -> float | None:
    """The first of some signals that it tells."""
    return next((said.values[signal] for signal in signals if signal in said.values), None)


def no_word(dialect: str, said: Said) -> UntellableError:
    """The error of a dialect that cannot carry it."""
    what = said.text or ", ".join(said.values) or "a battery's level"
    return UntellableError(f"{dialect} has no word for {what}")
