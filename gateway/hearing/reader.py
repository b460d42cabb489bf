"""From a message to what the settings' devices said in it; what cannot be read is counted, and why.

The dialect says what stands in the message, the directory who said it. Pure: time comes in with
the messages.
"""

from collections.abc import Callable
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
from gateway.hearing.directory import Directory
from gateway.hearing.known_devices import ROW
from gateway.journal.intake import Intake, quarantined

LARGEST_PAYLOAD = 64 * 1024
"""What a message may say, in bytes."""

LARGEST_LIST = 1024 * 1024
"""What a message in which a network lists its devices may say: each with all that it may tell.

Of a longer message no more than a byte beyond it is kept."""

MOST_STRANGERS = 8
"""So many unknown or renamed devices of one message go into quarantine; all are counted."""

_NO_WORD = b"\0"
"""What no device can mean: where it is not refused, nothing that is said there is read."""
UNKNOWN = "no sensor of this name is in the settings"
"""The reason with which quarantine keeps what a stranger said."""
_RENAMED = "renamed on its network; heard as {!r}, as the settings call it"
_CONTESTED = (
    "it says that it is {!r}, and so does another: which, nobody knows, so it is heard for calls "
    "for help alone until the other is gone or the settings have its name"
)


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
        call_in: The call for help in what a device of the settings says; None where there is none.
    """

    def __init__(
        self,
        dialect: Dialect,
        directory: Directory,
        call_in: Callable[[Reading], Reading | None],
    ) -> None:
        self._dialect = dialect
        self._directory = directory
        self._call_in = call_in
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
        back = self._directory.learn(decoded.news, message.received) if decoded.news else []
        if not decoded.readings and not decoded.problems:
            _count_unread(decoded, intake)
        claims = self._directory.claims(decoded.news)
        carried = self._carried(decoded.readings)
        return by_device(back) + self._known(message, carried, claims, intake)

    def tells(self, message: Said) -> list[Reading] | None:
        """What the settings' devices say in a message, without taking note of anything.

        Returns:
            None where nothing in it can be used; none where a network speaks of itself alone.
        """
        try:
            return self._told(message)
        except Exception:  # noqa: BLE001 - it is set aside, with its fault, where it is read
            return None

    def _told(self, message: Said) -> list[Reading] | None:
        decoded = self._decoded(message)
        readings = self._carried(decoded.readings)
        called = [one._replace(device=self._directory.called(one.device)) for one in readings]
        claims = self._directory.claims(decoded.news)
        known = [one for one in called if self._directory.knows(one.device)]
        if claims:
            known += self._calls([one for one in called if one not in known], claims)
        return known if known or (decoded.news and not readings) else None

    def _carried(self, readings: list[Reading]) -> list[Reading]:
        """The readings; whether a node can be reached, its parts in the settings share."""
        if not any(one.signal is Signal.ONLINE for one in readings):
            return readings
        carried: list[Reading] = []
        for one in readings:
            parts = self._directory.parts(one.device) if one.signal is Signal.ONLINE else []
            if not parts or self._directory.knows(self._directory.called(one.device)):
                carried.append(one)
            carried += [one._replace(device=part) for part in parts]
        return carried

    def _known(
        self, message: Said, readings: list[Reading], claims: dict[str, str], intake: Intake
    ) -> list[list[Reading]]:
        """What the settings' devices said, by their names there; the others are counted."""
        known: list[list[Reading]] = []
        no_offset, strangers = False, 0
        for said in by_device(readings):
            no_offset |= said[0].no_offset
            name = self._directory.called(said[0].device)
            if name != said[0].device:
                strangers += 1
                intake.counts["renamed"] += 1
                _set_aside(message, _RENAMED.format(name), intake, kept=strangers)
                said = [one._replace(device=name) for one in said]  # noqa: PLW2901 - as it is called
            if self._directory.knows(name):
                self._directory.note(said)
                known.append(said)
            elif (claimed := self._claimed(name, claims)) is not None:
                strangers += 1
                intake.counts["contested"] += 1
                _set_aside(message, _CONTESTED.format(claimed), intake, kept=strangers)
                known += by_device(self._calls(said, claims))
            else:
                strangers += 1
                intake.counts["unknown_sensor"] += 1
                _set_aside(message, UNKNOWN, intake, kept=strangers)
                self._note_leaving(said)
        if no_offset:
            intake.counts["no_offset"] += 1
        return known

    def _calls(self, readings: list[Reading], claims: dict[str, str]) -> list[Reading]:
        """The calls for help of strangers that say that they are devices of the settings."""
        meant = [(one, self._claimed(one.device, claims)) for one in readings]
        calls = [
            self._call_in(one._replace(device=name)) for one, name in meant if name is not None
        ]
        return [one for one in calls if one is not None]

    def _claimed(self, device: str, claims: dict[str, str]) -> str | None:
        """Which device of the settings a stranger, or a part of one, says that it is."""
        whole, stroke, part = device.partition("/")
        claimed = f"{claims[whole]}{stroke}{part}" if whole in claims else device
        return claimed if claimed != device and self._directory.knows(claimed) else None

    def _note_leaving(self, readings: list[Reading]) -> None:
        for one in readings:
            if one.signal is Signal.ONLINE and not one.value:
                self._directory.leave(one.device)

    def keep(self, intake: Intake) -> None:
        """Adds what is to be remembered of the networks, where it has changed."""
        if self._directory.changed:
            intake.devices[ROW] = self._directory.freeze()

    def _decoded(self, message: Said) -> Decoded:
        most = LARGEST_LIST if message.topic in self._lists else LARGEST_PAYLOAD
        if len(message.payload) > most:
            if (ignored := self._passed_over(message.topic)) is not None:
                return ignored
            raise DialectError(f"longer than the {most} bytes that are taken", Why.TOO_LONG)
        if not message.payload:
            return Decoded([], [], (), Ignored.EMPTY)
        return self._dialect.decode(message.topic, message.payload)

    def _passed_over(self, topic: str) -> Decoded | None:
        """That a topic is passed over whatever is said there; None where something may be."""
        try:
            decoded = self._dialect.decode(topic, _NO_WORD)
        except DialectError:
            return None
        used = decoded.readings or decoded.problems or decoded.news
        return None if used else decoded


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
