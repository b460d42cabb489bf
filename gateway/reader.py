"""From a message to what the settings' devices said in it; what cannot be read is counted, and why.

The dialect says what stands in the message, the directory who said it. Pure: time comes in with
the messages.
"""

from typing import Protocol

from gateway.dialects.news import Met
from gateway.dialects.protocol import (
    Decoded,
    Dialect,
    DialectError,
    Ignored,
    Problem,
    Reading,
    Signal,
    Why,
    by_device,
)
from gateway.directory import ROW, Directory
from gateway.journal.intake import Intake, quarantined

LARGEST_PAYLOAD = 64 * 1024
"""What a message may say, in bytes."""

LARGEST_LIST = 1024 * 1024
"""What a message in which a network lists its devices may say: each with all that it may tell.

Of a longer message no more than a byte beyond it is kept."""

MOST_STRANGERS = 8
"""So many unknown or renamed devices of one message go into quarantine; all are counted."""

_UNKNOWN = "no sensor of this name is in the settings"


class Said(Protocol):
    """A message, as far as it is read here.

    Attributes:
        received: When it came, by the hub's clock, in epoch seconds.
    """

    @property
    def topic(self) -> str:
        """Where it was said."""
        ...

    @property
    def payload(self) -> bytes:
        """What was said."""
        ...

    @property
    def received(self) -> float:
        """When it came."""
        ...


class Reader:
    """Reads what one home's networks say.

    Args:
        dialect: What they speak.
        directory: Knows their devices.
    """

    def __init__(self, dialect: Dialect, directory: Directory) -> None:
        self._dialect = dialect
        self._directory = directory
        self._lists = frozenset(dialect.lists)

    def read(self, message: Said, intake: Intake) -> list[list[Reading]]:
        """What each device that the settings know said, by their names; adds to `intake`.

        One message may end in several ways: each device and each field in it by itself.
        """
        try:
            decoded = self._decoded(message)
        except DialectError as error:
            refuse(message, Problem(str(error), error.why), intake)
            return []
        for problem in decoded.problems:
            refuse(message, problem, intake)
        readings = self._directory.learn(decoded.news, message.received) if decoded.news else []
        if not decoded.readings and not decoded.problems:
            _count_unread(decoded, intake)
        if any(reading.no_offset for reading in decoded.readings):
            intake.counts["no_offset"] += 1
        strangers = 0
        for said in by_device(decoded.readings):
            named = self._named(said)
            if named is not said:
                strangers += 1
                intake.counts["renamed"] += 1
                _set_aside(message, _renamed(named), intake, kept=strangers)
            if self._directory.knows(named[0].device):
                self._directory.note(one for one in named if one.signal is Signal.ONLINE)
                readings += named
            else:
                strangers += 1
                intake.counts["unknown_sensor"] += 1
                _set_aside(message, _UNKNOWN, intake, kept=strangers)
        return by_device(readings)

    def keep(self, intake: Intake) -> None:
        """Adds what is to be remembered of the networks, where it has changed."""
        if self._directory.changed:
            intake.devices[ROW] = self._directory.freeze()

    def _decoded(self, message: Said) -> Decoded:
        most = LARGEST_LIST if message.topic in self._lists else LARGEST_PAYLOAD
        if len(message.payload) > most:
            raise DialectError(f"longer than the {most} bytes that are taken", Why.TOO_LONG)
        if not message.payload:
            return Decoded([], [], (), Ignored.EMPTY)
        return self._dialect.decode(message.topic, message.payload)

    def _named(self, said: list[Reading]) -> list[Reading]:
        """What one device said, by the name that the settings have for it."""
        name = self._directory.called(said[0].device)
        if name == said[0].device:
            return said
        return [one._replace(device=name) for one in said]


def refuse(message: Said, problem: Problem, intake: Intake) -> None:
    """Counts and keeps what could not be used, with its reason."""
    intake.counts["refused"] += 1
    intake.counts[f"refused_{problem.why}"] += 1
    intake.quarantine.append(
        quarantined(message.received, message.topic, str(problem), message.payload)
    )


def _count_unread(decoded: Decoded, intake: Intake) -> None:
    """A message without a reading: news of a network, or nothing that a hub listens to."""
    if any(not isinstance(one, Met) for one in decoded.news):
        intake.counts["network"] += 1
    else:
        intake.counts["ignored"] += 1
        intake.counts[f"ignored_{decoded.ignored}"] += 1


def _set_aside(message: Said, reason: str, intake: Intake, *, kept: int) -> None:
    """Keeps what a device said that the settings do not name so; once, for who looks for it."""
    if kept <= MOST_STRANGERS:
        intake.quarantine.append(
            quarantined(message.received, message.topic, reason, message.payload, once=True)
        )


def _renamed(named: list[Reading]) -> str:
    return f"renamed on its network; heard as {named[0].device!r}, as the settings call it"
