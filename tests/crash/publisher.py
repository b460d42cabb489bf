"""The household's devices as one client of the broker, with every message accounted for.

What the broker has not acknowledged is said again after a reconnect (QoS 1): by the MQTT client
itself, in the same order, marked DUP, as Zigbee2MQTT's and most devices' clients do. What happens
meanwhile waits until that is acknowledged. A client may well let a new message slip in before the
old ones, but that is a matter of seconds; here, where seconds are hours, it would be late.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from itertools import dropwhile, islice
from threading import Event, Thread
from time import monotonic

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from contract import SensorEvent
from tests.crash.wording import UNDATED, Words, worded

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
        said: All that happened, in order; a message's number is its place here, as long as nothing
            but events is told.
    """

    def __init__(self, host: str, port: int, story: Iterator[SensorEvent]) -> None:
        self._story = story
        self._sent: set[int] = set()
        self._answers: list[int] = []
        self._waiting: deque[Words] = deque()
        self._count = 0
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
        """Says what happens next; last is what bears a time, so that its place can be seen."""
        for event in islice(self._story, count):
            self.say(event)
        while self.said[-1].sensor in UNDATED:
            self.say(next(self._story))

    def begin_dated(self) -> None:
        """Passes over what bears no time until something does.

        A hub that goes by the time of events and has forgotten the last ones would date it by what
        it remembers.
        """
        self._story = dropwhile(lambda one: one.sensor in UNDATED, self._story)

    def say(self, event: SensorEvent) -> None:
        """Says what has happened now."""
        self.said.append(event)
        self.tell_state(*worded(len(self.said) - 1, event))

    def tell_state(self, topic: str, payload: bytes) -> None:
        """Says what is no event by itself, such as a plug's power."""
        assert self._count < MOST, "more messages than packet numbers"
        self._count += 1
        self._waiting.append((topic, payload))

    def dated_from(self, number: int) -> datetime | None:
        """The time of the message of that number, or of the next that bears one, if there is."""
        dated = (one.at for one in self.said[number:] if one.sensor not in UNDATED)
        return next(dated, None)

    async def tell_on(self, rate: float, enough: asyncio.Event) -> None:
        """Says one after the other, so many a second, until it is enough."""
        due = monotonic()
        while not enough.is_set():
            self.tell()
            due = max(due + 1 / rate, monotonic() - 1)
            await asyncio.sleep(max(0.0, due - monotonic()))

    @property
    def unanswered(self) -> int:
        """How many messages the broker has not acknowledged yet."""
        return self._count - self.acknowledged

    @property
    def acknowledged(self) -> int:
        """How many messages the broker says it has."""
        return len(set(self._answers) & self._sent)

    def leave(self) -> None:
        """Ends the connection, as a device does that is out of reach; what it says it keeps."""
        self._client.disconnect()
        self._client.loop_stop()

    def come_back(self) -> None:
        """Connects again, and says first what had no answer."""
        self._client.reconnect()
        self._client.loop_start()

    def close(self) -> None:
        self._ended.set()
        self._speaking.join()
        self._client.disconnect()
        self._client.loop_stop()

    def _speak(self) -> None:
        while not self._ended.wait(_LOOK_S):
            while self._waiting and self._may_go_on():
                topic, payload = self._waiting.popleft()
                self._sent.add(self._client.publish(topic, payload, qos=1).mid)

    def _may_go_on(self) -> bool:
        if self._repeats and self._client.is_connected():
            self._repeats = len(self._answers) < len(self._sent)
        return not self._repeats and self._client.is_connected()
