"""The household's devices as one client of the broker, with every message accounted for.

What the broker has not acknowledged is said again after a reconnect (QoS 1): by the MQTT client
itself, in the same order, marked DUP, as Zigbee2MQTT's and most devices' clients do. What happens
meanwhile waits until that is acknowledged. A client may well let a new message slip in before the
old ones, but that is a matter of seconds; here, where seconds are hours, it would be late.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from itertools import islice
from threading import Event, Thread
from time import monotonic

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from contract import SensorEvent
from tests.crash.household import payload

MOST = 60_000
"""Packet numbers end at 65,535; below it one stands for one message."""

_LOOK_S = 0.005


class Publisher:
    """Says what happens, at QoS 1.

    Args:
        host: The broker's.
        port: Where it listens.
        story: What happens, in the order of time.

    Attributes:
        said: All that happened, in order; a message's number is its place here.
    """

    def __init__(self, host: str, port: int, story: Iterator[SensorEvent]) -> None:
        self._story = story
        self._numbers: dict[int, int] = {}
        self._answers: list[int] = []
        self._waiting: deque[int] = deque()
        self._repeats = False
        self._ended = Event()
        self.said: list[SensorEvent] = []
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id="devices", clean_session=False
        )
        self._client.max_queued_messages_set(0)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_publish = lambda _client, _data, mid, *_: self._answers.append(mid)
        self._client.on_disconnect = lambda *_: setattr(self, "_repeats", True)
        self._client.connect(host, port)
        self._client.loop_start()
        self._speaking = Thread(target=self._speak)
        self._speaking.start()

    def tell(self, count: int = 1) -> None:
        """Says what happens next."""
        for event in islice(self._story, count):
            assert len(self.said) < MOST, "more messages than packet numbers"
            self.said.append(event)
            self._waiting.append(len(self.said) - 1)

    async def tell_on(self, rate: float, enough: asyncio.Event) -> None:
        """Says one after the other, so many a second, until it is enough."""
        due = monotonic()
        while not enough.is_set():
            self.tell()
            due = max(due + 1 / rate, monotonic() - 1)
            await asyncio.sleep(max(0.0, due - monotonic()))

    def acknowledged(self) -> set[int]:
        """The numbers of those that the broker says it has."""
        return {self._numbers[mid] for mid in list(self._answers) if mid in self._numbers}

    def close(self) -> None:
        self._ended.set()
        self._speaking.join()
        self._client.disconnect()
        self._client.loop_stop()

    def _speak(self) -> None:
        while not self._ended.wait(_LOOK_S):
            while self._waiting and self._may_go_on():
                number = self._waiting.popleft()
                event = self.said[number]
                sent = self._client.publish(f"plain/{event.sensor}", payload(number, event), qos=1)
                self._numbers[sent.mid] = number

    def _may_go_on(self) -> bool:
        if self._repeats and self._client.is_connected():
            self._repeats = len(self._answers) < len(self._numbers)
        return not self._repeats and self._client.is_connected()
