"""Listens to a broker and keeps what it heard, for tests that ask whether everything arrived."""

import threading
from types import TracebackType
from typing import Any, Self

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from simulator.devices import Message

PATIENCE_S = 30


class Subscriber:
    """A session that the broker keeps over its own restarts.

    Attributes:
        heard: Topic and payload of every message, repeats of the broker's included.
    """

    def __init__(self, port: int, topic: str = "#") -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._changed = threading.Condition()
        self._subscribed = threading.Event()
        self._topic = topic
        self._client = Client(
            CallbackAPIVersion.VERSION2, client_id="subscriber", clean_session=False
        )
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = self._on_message
        self._port = port

    def __enter__(self) -> Self:
        self._client.connect("127.0.0.1", self._port)
        self._client.loop_start()
        assert self._subscribed.wait(PATIENCE_S), "the broker took no subscription"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def wait_for(self, number: int) -> list[tuple[str, bytes]]:
        """What was heard, once it is so many different messages."""
        with self._changed:
            came = self._changed.wait_for(lambda: len(set(self.heard)) >= number, PATIENCE_S)
            assert came, f"heard only {len(set(self.heard))} of {number}"
            return list(self.heard)

    def _on_connect(
        self, client: Client, _u: Any, _f: ConnectFlags, _r: ReasonCode, _p: Properties | None
    ) -> None:
        client.subscribe(self._topic, qos=1)

    def _on_message(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        with self._changed:
            self.heard.append((message.topic, bytes(message.payload)))
            self._changed.notify_all()


def numbered(count: int) -> list[Message]:
    """Messages that can be told apart."""
    return [Message(float(number), "pir", b'{"n":%d}' % number) for number in range(count)]
