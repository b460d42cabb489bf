"""From the broker's messages to what is journalled of them. Pure: the hub's clock comes in.

Every message ends in exactly one way: as events, as a state that told nothing new, as ignored, or
in quarantine; each is counted.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

import msgspec

from contract import Quality, SensorEvent
from gateway.dialects.protocol import Dialect, Problem, Reading, Why
from gateway.directory import Directory
from gateway.engine import Watermark
from gateway.journal.intake import Delivery, Intake
from gateway.normaliser import Heard, Normaliser
from gateway.reader import Reader, refuse

FUTURE_S = 300.0
"""A message dated further ahead of the hub's clock than this is wrong."""

CLOCK_BACK_S = 60.0
"""A clock that stands further back than this behind its own past has not been set."""

_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the broker delivered it.

    Attributes:
        mid: The packet's number; 0 where the broker did not ask for an acknowledgement.
        dup: The broker says that it may have delivered this before.
        retain: It is an old state that the broker had kept.
        received: When it came, by the hub's clock, in epoch seconds.
    """

    topic: str
    payload: bytes
    mid: int
    dup: bool
    retain: bool
    received: float


@dataclass(frozen=True, slots=True)
class Past:
    """What the journal remembers of earlier listening.

    Attributes:
        deliveries: The last messages, the oldest first.
        received: The hub's clock at the last of them.
        names: What the directory of the networks' devices knew.
    """

    deliveries: Iterable[Delivery] = ()
    received: float | None = None
    names: bytes | None = None


class Hearing:
    """Listens to one home.

    Args:
        dialect: What its devices speak.
        normaliser: Knows the devices.
        watermark: How far event time has come.
        past: What was heard before.
        follows_wall_clock: Whether what bears no time happened when it was heard. Where a recording
            is played it did not: it counts at the newest event's time, and before the first event
            not at all.
    """

    def __init__(
        self,
        dialect: Dialect,
        normaliser: Normaliser,
        watermark: Watermark,
        past: Past,
        *,
        follows_wall_clock: bool,
    ) -> None:
        self._directory = Directory(normaliser.knows)
        if past.names is not None:
            self._directory.thaw(past.names)
        self._reader = Reader(dialect, self._directory)
        self._normaliser = normaliser
        self._watermark = watermark
        self._follows_wall_clock = follows_wall_clock
        self._seen = dict.fromkeys(past.deliveries)
        self._received = -math.inf if past.received is None else past.received

    def hear(self, messages: Iterable[Message]) -> Intake:
        """Takes in some messages, in the order in which they came."""
        intake = Intake()
        for message in messages:
            self._hear(message, intake)
        intake.received = self._received if math.isfinite(self._received) else None
        return self._finished(intake)

    def tick(self, now: float) -> Intake:
        """Settles what has become certain by `now` though nothing was heard."""
        intake, heard = Intake(), Heard()
        self._normaliser.tick(now, heard)
        for gone in self._directory.due(now):
            self._normaliser.hear([gone], now, heard)
        self._keep(heard, intake, sure=True)
        return self._finished(intake)

    def _finished(self, intake: Intake) -> Intake:
        newest = self._watermark.newest
        intake.newest = newest if math.isfinite(newest) else None
        intake.devices = self._normaliser.freeze(intake.devices)
        self._reader.keep(intake)
        return intake

    def _hear(self, message: Message, intake: Intake) -> None:
        intake.counts["messages"] += 1
        if self._is_repeat(message, intake):
            intake.counts["redelivered"] += 1
            return
        for said in self._reader.read(message, intake):
            self._listen(message, said, intake)

    def _is_repeat(self, message: Message, intake: Intake) -> bool:
        """Whether the broker delivers again what the journal already has; else remembers it."""
        if not message.mid:
            return False
        digest = blake2b(message.topic.encode(), digest_size=16)
        digest.update(b"\0" + message.payload)
        delivery = Delivery(message.mid, digest.digest())
        if message.dup and delivery in self._seen:
            return True
        self._seen.pop(delivery, None)
        self._seen[delivery] = None
        if len(self._seen) > _REMEMBERED:
            del self._seen[next(iter(self._seen))]
        intake.deliveries.append(delivery)
        return False

    def _listen(self, message: Message, readings: list[Reading], intake: Intake) -> None:
        heard = Heard()
        if message.retain:
            intake.counts["retained"] += 1
            self._normaliser.note(readings, heard)
            self._keep(heard, intake, sure=True)
        else:
            self._hear_live(message, readings, heard, intake)

    def _hear_live(
        self, message: Message, readings: list[Reading], heard: Heard, intake: Intake
    ) -> None:
        said = readings[0].at
        if said is not None and said > message.received + FUTURE_S:
            ahead = said - message.received
            refuse(
                message, Problem(f"dated {ahead:.0f} s ahead of the hub's clock", Why.AHEAD), intake
            )
            return
        at = self._dated(said, message.received)
        if at is None:
            intake.counts["undated"] += 1
            return
        if said is not None and said != at:
            readings = [one._replace(at=at, said=said) for one in readings]
        sure = message.received >= self._received - CLOCK_BACK_S
        self._received = max(self._received, message.received)
        self._normaliser.hear(readings, at, heard)
        if not heard.events:
            intake.counts["no_change"] += 1
        self._keep(heard, intake, sure=sure)

    def _dated(self, said: float | None, received: float) -> float | None:
        if said is not None:
            return min(said, received)  # a little ahead is the devices' clock, not the future
        if self._follows_wall_clock:
            return received
        newest = self._watermark.newest
        return newest if math.isfinite(newest) else None

    def _keep(self, heard: Heard, intake: Intake, *, sure: bool) -> None:
        intake.counts.update(heard.counts)
        intake.devices.update(dict.fromkeys(heard.devices, b""))
        for event in heard.events:
            qualified = self._qualified(event, sure=sure)
            if qualified.quality != Quality.OK:
                intake.counts[qualified.quality] += 1
            intake.counts["events"] += 1
            intake.events.append(qualified)

    def _qualified(self, event: SensorEvent, *, sure: bool) -> SensorEvent:
        """The event with the decision, once and for all, whether it is detected upon."""
        if not sure:
            return msgspec.structs.replace(event, quality=Quality.CLOCK_UNSURE)
        if event.quality != Quality.OK or self._watermark.admit(event.at.timestamp()):
            return event
        return msgspec.structs.replace(event, quality=Quality.LATE)
