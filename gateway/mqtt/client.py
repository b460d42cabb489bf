"""An aiomqtt client that leaves the acknowledgement of each message to its user.

aiomqtt acknowledges as soon as it has a message, so a power cut a moment later would lose it. Paho
beneath it can wait; this subclass lets it.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Iterable
from select import POLLIN, poll
from time import monotonic
from typing import Any

import aiomqtt
from paho.mqtt.client import Client as PahoClient
from paho.mqtt.client import MQTTMessage

from gateway.hearing.message import Message
from gateway.hearing.reader import LARGEST_LIST

MOST_BYTES = 8 * 1024 * 1024
"""What may wait in memory. Beyond it messages are left with the broker."""

MOST_AT_ONCE = 500
GATHER_S = 0.005
"""Where messages come this thick, so many seconds of them share a transaction: less wear."""

KEEPALIVE_S = 12
"""After so long a silence the broker is asked, and given up after as long again without an answer:
a frozen one is noticed within half a minute."""

_THICK_S = 0.02
_OVERHEAD = 200  # bytes that a message costs besides its text, roughly


class Overflow(aiomqtt.MqttError):
    """More came than could be kept; what was not taken in will be delivered again."""


class AcknowledgingClient(aiomqtt.Client):
    """One connection to the broker with a persistent session.

    Args:
        now: The hub's clock, in epoch seconds.
        elapsed: A clock that only runs forward, in seconds, where one is to date by it.
        lost: Told of each message that could not wait and that no broker delivers again.
        options: As :class:`aiomqtt.Client` takes them.
    """

    def __init__(
        self,
        *,
        now: Callable[[], float],
        elapsed: Callable[[], float] | None = None,
        lost: Callable[[], None] = lambda: None,
        **options: Any,
    ) -> None:
        super().__init__(
            clean_session=False,
            protocol=aiomqtt.ProtocolVersion.V311,
            keepalive=KEEPALIVE_S,
            **options,
        )
        self._client.manual_ack_set(True)
        self._now = now
        self._elapsed = elapsed
        self._lost = lost
        self._waiting: deque[Message] = deque()
        self._waiting_bytes = 0
        self._overflowed = False
        self._took_at = -math.inf
        self._arrived = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Whether there is a connection now, by the client's own knowledge."""
        return bool(self._client.is_connected())

    @property
    def waiting(self) -> int:
        """How many messages have come and were not taken yet."""
        return len(self._waiting)

    def take(self) -> list[Message]:
        """What has come and was not taken yet, the oldest first; perhaps nothing."""
        count = min(len(self._waiting), MOST_AT_ONCE)
        taken = [self._waiting.popleft() for _ in range(count)]
        self._waiting_bytes -= sum(map(_size, taken))
        if not self._waiting:
            self._arrived.clear()
        return taken

    async def deliveries(self) -> list[Message]:
        """Waits for messages and takes those that have come together.

        Raises:
            MqttError: The connection is gone, or more came than could be kept.
        """
        if self._overflowed and not self._waiting:
            raise Overflow("more messages came than could be stored")
        if not self._waiting:
            await self._wait()
        if monotonic() - self._took_at < _THICK_S:
            await asyncio.sleep(GATHER_S)
        before = 0
        while before < len(self._waiting) < MOST_AT_ONCE:
            before = len(self._waiting)
            await asyncio.sleep(0)  # lets the loop read one more packet, if one is there
        self._took_at = monotonic()
        return self.take()

    def acknowledge(self, messages: Iterable[Message]) -> None:
        """Tells the broker that these are safe and it may forget them.

        What has come meanwhile is read first. Where the broker has died, writing to it would show
        that, and close the connection with all that is unread, which it may never deliver again.
        """
        self.read_the_rest()
        for message in messages:
            if message.mid:
                self._client.ack(message.mid, 1)

    def read_the_rest(self) -> None:
        """Reads what has come and was not read yet, without waiting for more."""
        for _ in range(MOST_AT_ONCE):
            connection = self._client.socket()
            if connection is None or not _has_something(connection.fileno()):
                return
            self._client.loop_read()

    async def _wait(self) -> None:
        arrived = asyncio.ensure_future(self._arrived.wait())
        try:
            await asyncio.wait((arrived, self._disconnected), return_when=asyncio.FIRST_COMPLETED)
        finally:
            arrived.cancel()
        if not self._waiting:
            raise aiomqtt.MqttError("the broker closed the connection") from (
                self._disconnected.exception()
            )

    def _on_message(self, client: PahoClient, userdata: Any, message: MQTTMessage) -> None:
        del client, userdata
        try:
            topic = message.topic
        except UnicodeDecodeError:  # no broker should pass it on; none the less keep it
            topic = repr(bytes(message._topic))  # noqa: SLF001 - the only way to the raw topic
        received = Message(
            topic=topic,
            # One byte beyond what is taken shows that it is too much. All of it could be more than
            # may wait, and then the broker would deliver it for ever, and nothing behind it.
            payload=bytes(message.payload[: LARGEST_LIST + 1]),
            mid=message.mid if message.qos else 0,
            dup=bool(message.dup),
            retain=bool(message.retain),
            received=self._now(),
            elapsed=None if self._elapsed is None else self._elapsed(),
        )
        if self._waiting_bytes + _size(received) > MOST_BYTES:
            self._overflowed = True
            if not message.qos:
                self._lost()
            return
        self._waiting.append(received)
        self._waiting_bytes += _size(received)
        self._arrived.set()


def _has_something(connection: int) -> bool:
    """Whether a socket, by its number, has something to read, be it only that it has ended."""
    waiting = poll()
    waiting.register(connection, POLLIN)
    return bool(waiting.poll(0))


def _size(message: Message) -> int:
    return len(message.payload) + len(message.topic) + _OVERHEAD
