"""From the broker's messages to what is journalled of them. Pure: the hub's clock comes in.

Every message ends in exactly one way: as events, as a state that told nothing new, as ignored, or
in quarantine; each is counted.
"""

import logging
import math
from collections.abc import Iterable
from dataclasses import dataclass
from traceback import format_tb

import msgspec

from contract import Kind, Quality, SensorEvent
from gateway.clock.clock import BEHIND_S
from gateway.dialects.protocol import Dialect, Problem, Reading, Signal, Why
from gateway.engine import Watermark
from gateway.hearing.calls import counted
from gateway.hearing.dating import counted_on, not_ahead, shifted
from gateway.hearing.directory import Directory
from gateway.hearing.known_deliveries import Deliveries, delivery_of
from gateway.hearing.message import Message
from gateway.hearing.reader import Reader, refuse
from gateway.journal.intake import Delivery, Intake
from gateway.normaliser import Heard, Normaliser

_OF_THE_DEVICE = frozenset({Signal.ONLINE, Signal.BATTERY, Signal.BATTERY_LOW, Signal.LINK_QUALITY})
_MEASURED = frozenset({Signal.TEMPERATURE, Signal.HUMIDITY, Signal.GAIT_SPEED})
_log = logging.getLogger(__name__)


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
        self._directory = Directory(normaliser.knows, normaliser.parts, normaliser.named)
        if past.names is not None:
            self._directory.thaw(past.names)
        self._reader = Reader(dialect, self._directory, normaliser.call_in)
        self._normaliser = normaliser
        self._watermark = watermark
        self._follows_wall_clock = follows_wall_clock
        self._deliveries = Deliveries(past.deliveries)
        self._received = -math.inf if past.received is None else past.received

    def hear(self, messages: Iterable[Message]) -> Intake:
        """Takes in some messages, in the order in which they came."""
        intake = Intake()
        for message in messages:
            self._hear(message, intake)
        intake.received = self._received if math.isfinite(self._received) else None
        return self._finished(intake)

    def pass_over(self, messages: Iterable[Message]) -> tuple[list[Message], Intake]:
        """Forgets what tells what a person does, unheard; of such a device the state is then open.

        Returns:
            Messages that tell of calls for help, or of nothing but links, and what to store of the
            rest. Batteries are of the rest: a device tells of its own when it is used.
        """
        kept, intake = list[Message](), Intake()
        lost: set[str] = set()
        for message in messages:
            said = self._reader.tells(message)
            private = {one.device for one in said or () if one.signal not in _OF_THE_DEVICE}
            is_link = all(one.signal is Signal.ONLINE for one in said or ())
            if said is not None and (is_link or self._calls(said)):
                kept.append(message)
                continue
            intake.counts["messages"] += 1
            intake.counts["paused"] += 1
            lost |= private
        if lost:
            intake.devices = self._normaliser.doubt(lost)
        return kept, intake

    def broker_is_back(self, elapsed: float) -> None:
        """The broker was away until now: it may say again what it said.

        Args:
            elapsed: By the clock of :attr:`Message.elapsed`, in seconds.
        """
        self._deliveries.broker_is_back(elapsed)

    def untell(self, sensors: Iterable[str]) -> dict[str, bytes]:
        """What was told of some sensors' batteries reached nobody: the next word of it is told.

        Returns:
            The devices' states, to be stored.
        """
        return self._normaliser.untell(sensors)

    def carries_on(self, message: Message) -> bool:
        """Whether a message counts when it is heard, and so makes older news late.

        It bears no time of its own, and is no call for help, which waits for nothing.
        """
        if message.retain:
            return False
        said = counted_on(self._reader.tells(message) or [], message)
        return any(one.at is None for one in said) and not self._calls(said)

    @property
    def newest(self) -> float:
        """The time of the newest event that counted; minus infinity before the first one."""
        return self._watermark.newest

    def _calls(self, said: list[Reading]) -> bool:
        """Whether somebody may call for help."""
        return any(self._normaliser.calls(one) for one in said)

    def tick(self, now: float) -> Intake:
        """Settles what has become certain by `now` though nothing was heard."""
        intake, heard = Intake(), Heard()
        self._normaliser.tick(now, heard)
        for gone in self._directory.due(now):
            known = len(heard.events)
            self._normaliser.hear([gone], now, heard)
            heard.events[known:] = [_by(gone.text, one) for one in heard.events[known:]]
        self._keep(heard, intake, now, sure=True)
        return self._finished(intake)

    def bridges_away(self) -> dict[str, int]:
        """The bridges that are away, and with each how many of the settings' devices."""
        return self._directory.away()

    def _finished(self, intake: Intake) -> Intake:
        newest = self._watermark.newest
        intake.newest = newest if math.isfinite(newest) else None
        intake.devices = self._normaliser.freeze(intake.devices)
        self._reader.keep(intake)
        return intake

    def _hear(self, message: Message, intake: Intake) -> None:
        intake.counts["messages"] += 1
        delivery = delivery_of(message)
        known = delivery is not None and self._deliveries.tell(delivery)
        if delivery is not None:
            if known and self._is_told(message, delivery, intake):
                intake.counts["redelivered"] += 1
                return
            self._deliveries.remember(delivery)
            intake.deliveries.append(delivery)
        try:
            heard = self._reader.read(message, intake)
        except Exception as error:  # noqa: BLE001 - see _fail
            self._fail(message, error, intake)
            return
        for said in heard:
            self._listen(message, said, intake, known=known)

    def _is_told(self, message: Message, delivery: Delivery, intake: Intake) -> bool:
        """Whether a message whose bytes came before need not be read again."""
        if message.dup and delivery in self._deliveries and not self._may_be_new(message):
            return True
        if self._is_echo(message, delivery) and self._is_figure(message):
            self._deliveries.pass_over(delivery)
            intake.counts["redelivered_figure"] += 1
            return True
        return False

    def _is_echo(self, message: Message, delivery: Delivery) -> bool:
        """Whether a broker that is just back says what it said before; not what it had kept."""
        if message.elapsed is None or message.retain or not message.sure:
            return False
        return self._deliveries.is_echo(delivery, message.elapsed)

    def _is_figure(self, message: Message) -> bool:
        """Whether it tells a measure without a time, and nothing that happens.

        Of these the next one says as much; of a state, a press or a use the next may come too late.
        """
        said = self._reader.tells(message) or []
        measured = any(one.signal in _MEASURED for one in said)
        return measured and all(
            one.at is None and one.signal in _MEASURED | _OF_THE_DEVICE for one in said
        )

    def _may_be_new(self, message: Message) -> bool:
        """Whether it may be a call for help that nobody has heard, under an old packet's number."""
        said = counted_on(self._reader.tells(message) or [], message)
        new = any(self._normaliser.may_be_new(one, message.received) for one in said)
        return new and not message.retain

    def _listen(
        self, message: Message, readings: list[Reading], intake: Intake, *, known: bool
    ) -> None:
        heard = Heard()
        try:
            if message.retain:
                intake.counts["retained"] += 1
                self._normaliser.note(readings, heard)
            else:
                self._hear_live(message, readings, heard, intake)
        except Exception as error:  # noqa: BLE001 - see _fail
            self._fail(message, error, intake)
        if known:
            _drop_repeated(heard, intake)
        self._keep(heard, intake, message.received, sure=self._is_sure(message))

    def _hear_live(
        self, message: Message, readings: list[Reading], heard: Heard, intake: Intake
    ) -> None:
        received = self._counts_at(message, readings[0].at)
        if received is None:
            intake.counts["undated"] += 1
            return
        readings = not_ahead(shifted(readings, message), message.received, intake)
        readings = counted_on(readings, message)
        compare = self._is_sure(message) and self._follows_wall_clock and not message.shift
        if message.sure:
            self._received = max(self._received, message.received)
        self._normaliser.hear(readings, received, heard, compare=compare)
        if not heard.events:
            intake.counts["no_change"] += 1

    def _is_sure(self, message: Message) -> bool:
        """Whether it is known when the message came."""
        fits = message.waited or message.received >= self._received - BEHIND_S
        return message.sure and fits

    def _counts_at(self, message: Message, said: float | None) -> float | None:
        """When a message counts that does not tell, or is ahead; None where nothing can say."""
        if self._follows_wall_clock or said is not None:
            return message.received
        newest = self._watermark.newest
        return newest if math.isfinite(newest) else None

    def _keep(self, heard: Heard, intake: Intake, received: float, *, sure: bool) -> None:
        intake.counts.update(heard.counts)
        intake.devices.update(dict.fromkeys(heard.devices, b""))
        for event in heard.events:
            qualified = self._qualified(event, received, sure=sure)
            if qualified.quality != Quality.OK:
                intake.counts[qualified.quality] += 1
            intake.counts["events"] += 1
            intake.events.append(qualified)

    def _qualified(self, event: SensorEvent, received: float, *, sure: bool) -> SensorEvent:
        """The event with the decision, once and for all, whether it is detected upon."""
        if event.quality != Quality.OK:
            return event
        if not sure:
            unsure = msgspec.structs.replace(event, quality=Quality.CLOCK_UNSURE)
            return counted(unsure, self._watermark, received)
        if self._watermark.admit(event.at.timestamp()):
            return event
        late = msgspec.structs.replace(event, quality=Quality.LATE)
        return counted(late, self._watermark, received)

    @staticmethod
    def _fail(message: Message, error: Exception, intake: Intake) -> None:
        """Sets a message aside at which the hub itself fails.

        The broker would deliver it again to a hub that ended over it, for ever, and nothing behind.
        """
        where = "".join(format_tb(error.__traceback__))  # its text may repeat the message
        _log.error("a message could not be heard: %s\n%s", type(error).__name__, where)
        problem = Problem(f"the hub failed at it: {type(error).__name__}", Why.HUB_FAILED)
        refuse(message, problem, intake)


def _drop_repeated(heard: Heard, intake: Intake) -> None:
    """Drops what a message told that is an old one again, byte for byte and with its own time.

    A broker that was killed does not know what it has delivered since it last saved: it delivers
    that again, and takes again what devices had no answer to, unmarked or under other numbers.
    """
    news = [one for one in heard.events if one.quality != Quality.REPLAYED]
    if len(news) < len(heard.events):
        intake.counts["redelivered"] += 1
        heard.events = news


def _by(bridge: str, event: SensorEvent) -> SensorEvent:
    """A lost link, with the bridge that is away."""
    lost = event.kind == Kind.LINK and not event.value
    return msgspec.structs.replace(event, bridge=bridge) if lost else event
