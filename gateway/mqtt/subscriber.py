"""Keeps the hub connected to its broker, and hands on what comes.

connecting --connected--> listening --lost--> waiting --time--> connecting. The log gets one line
when the state changes, not one for each try.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum

import aiomqtt
from paho.mqtt.reasoncodes import ReasonCode

from gateway.backoff import Backoff
from gateway.hearing.message import Message
from gateway.mqtt.client import AcknowledgingClient

_REFUSED = 128  # SUBACK return code of MQTT 3.1.1, section 3.9.3
_log = logging.getLogger(__name__)


class Link(Enum):
    """How the hub stands with its broker."""

    NEW = "new"
    UP = "up"
    DOWN = "down"


class Subscriber:
    """Listens for as long as it is run.

    Args:
        make_client: Makes a client for one connection.
        topics: What to subscribe to.
        take: Makes messages durable; when it returns they are acknowledged.
        backoff: Waits between tries.
        sleep: Waits so many seconds.
        told: Told of each change of state, with what there is to say.

    Attributes:
        got_on: Counts tries to connect, their ends, and messages stored together.
    """

    def __init__(
        self,
        *,
        make_client: Callable[[], AcknowledgingClient],
        topics: Sequence[str],
        take: Callable[[list[Message]], Awaitable[None]],
        backoff: Backoff,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        told: Callable[[Link, str], None],
    ) -> None:
        self._make_client = make_client
        self._topics = topics
        self._take = take
        self._backoff = backoff
        self._sleep = sleep
        self._told = told
        self._link = Link.NEW
        self._client: AcknowledgingClient | None = None
        self._taking = False
        self.got_on = 0

    def owes(self) -> bool:
        """Whether it should be doing something: connect, or take what has come.

        While messages are being made durable it is for the writer to get on.
        """
        client = self._client
        return not self._taking and (client is None or not client.connected or client.waiting > 0)

    async def run(self) -> None:
        """Listens until cancelled."""
        while True:
            client = self._client = self._make_client()
            self.got_on += 1
            try:
                await self._listen(client)
            except asyncio.CancelledError:
                await self._keep_what_nobody_sends_again(client)
                raise
            except (aiomqtt.MqttError, OSError) as error:
                await self._keep_the_rest(client)
                self._change(Link.DOWN, str(error) or type(error).__name__)
            self.got_on += 1
            await self._sleep(self._backoff.next())

    async def _listen(self, client: AcknowledgingClient) -> None:
        """One connection, from start to end."""
        async with client:
            await self._subscribe(client)
            self._backoff.reset()
            self._change(Link.UP, "")
            try:
                while True:
                    messages = await client.deliveries()
                    await self._store(messages)
                    client.acknowledge(messages)
            except asyncio.CancelledError:
                client.read_the_rest()
                raise

    async def _store(self, messages: list[Message]) -> None:
        self._taking = True
        try:
            await self._take(messages)
        finally:
            self._taking = False
            self.got_on += 1

    async def _subscribe(self, client: AcknowledgingClient) -> None:
        granted = await client.subscribe([(topic, 1) for topic in self._topics])
        codes: list[int | ReasonCode] = list(granted)
        for topic, code in zip(self._topics, codes, strict=True):
            if (code if isinstance(code, int) else code.value) >= _REFUSED:
                raise aiomqtt.MqttError(f"the broker does not let the hub read {topic}")

    async def _keep_the_rest(self, client: AcknowledgingClient) -> None:
        """Stores what came before the connection went; the broker will deliver it again."""
        while messages := client.take():
            await self._store(messages)

    async def _keep_what_nobody_sends_again(self, client: AcknowledgingClient) -> None:
        """Stores what came at QoS 0 before the hub was told to end: the broker has it no more."""
        while messages := client.take():
            if lone := [one for one in messages if not one.mid]:
                await self._store(lone)

    def _change(self, link: Link, why: str) -> None:
        if link is not self._link:
            self._link = link
            self._told(link, why)
