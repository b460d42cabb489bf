"""An MQTT publisher that knows what the broker has acknowledged, and does not give up on it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from simulator.devices.message import Message

_IN_FLIGHT = 100
_KEEPALIVE_S = 30
_RETRY_S, _RETRY_MOST_S = 1, 5
_REFUSED = frozenset({"Not authorized", "Bad user name or password", "Bad authentication method"})

Say = Callable[[str], None]


class BrokerError(Exception):
    """The broker will not have us. The sentence says why; trying again would not help."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where the broker is, who we are to it, and what stands before every topic, if anything."""

    host: str
    port: int = 1883
    username: str | None = None
    password: str | None = None
    base_topic: str = "zigbee2mqtt"

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Publisher:
    """Publishes with QoS 1, in order, a bounded number of messages ahead of the acknowledgements.

    While the broker is away it says so once, and tries again until it is back; what was not
    acknowledged goes out again.

    Attributes:
        published: How many messages were handed over.
        acknowledged: How many of them the broker has taken.
        slowest_s: The longest that a message took from when it was due to its acknowledgement.
    """

    def __init__(
        self, address: Address, say: Say, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self.published = 0
        self.acknowledged = 0
        self.slowest_s = 0.0
        self._elapsed = elapsed
        self._due: dict[int, float] = {}
        self._address = address
        self._say = say
        self._room = threading.Semaphore(_IN_FLIGHT)
        self._changed = threading.Condition()
        self._connected = False
        self._complained = False
        self._refusal: str | None = None
        self._client = self._make_client()

    def __enter__(self) -> Self:
        """Connects, however long that takes.

        Raises:
            BrokerError: The broker refuses us.
        """
        self._client.connect_async(self._address.host, self._address.port, _KEEPALIVE_S)
        self._client.loop_start()
        try:
            self._wait(lambda: self._connected)
        except BaseException:
            self._client.loop_stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, message: Message) -> None:
        """Hands a message over; waits where too many are unacknowledged.

        Raises:
            BrokerError: The broker refuses us.
        """
        while not self._room.acquire(timeout=1):
            self.check()
        self._hand_over(message)

    def offer(self, message: Message, due: float) -> None:
        """Hands over a message that was due at `due`, however many are unacknowledged."""
        self._room.acquire(blocking=False)
        self._hand_over(message, due)

    @property
    def has_room(self) -> bool:
        """Whether few enough are unacknowledged.

        Raises:
            BrokerError: The broker refuses us.
        """
        self.check()
        return self.published - self.acknowledged < _IN_FLIGHT

    @property
    def done(self) -> bool:
        """Whether every message is acknowledged.

        Raises:
            BrokerError: The broker refuses us.
        """
        self.check()
        return self.acknowledged >= self.published

    def drain(self) -> None:
        """Waits until every message is acknowledged.

        Raises:
            BrokerError: The broker refuses us.
        """
        self._wait(lambda: self.acknowledged >= self.published)

    def check(self) -> None:
        """Makes sure that the broker takes us.

        Raises:
            BrokerError: It does not.
        """
        if self._refusal is not None:
            raise BrokerError(f"the broker at {self._address} refuses: {self._refusal}")

    def _hand_over(self, message: Message, due: float | None = None) -> None:
        base = self._address.base_topic
        topic = f"{base}/{message.topic}" if base else message.topic
        self.published += 1
        sent = self._client.publish(topic, message.payload, qos=1, retain=message.retain)
        if due is not None:
            self._due[sent.mid] = due

    def _wait(self, done: Callable[[], bool]) -> None:
        with self._changed:
            while not done():
                self.check()
                self._changed.wait(1)

    def _make_client(self) -> Client:
        client = Client(CallbackAPIVersion.VERSION2)
        client.username_pw_set(self._address.username, self._address.password)
        client.max_inflight_messages_set(_IN_FLIGHT)
        client.max_queued_messages_set(0)
        client.reconnect_delay_set(_RETRY_S, _RETRY_MOST_S)
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        return client

    def _on_connect(
        self,
        _client: Client,
        _userdata: Any,
        _flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        with self._changed:
            if reason.is_failure and str(reason) in _REFUSED:
                self._refusal = str(reason)
            elif not reason.is_failure:
                self._connected = True
                if self._complained:
                    self._say(f"the broker at {self._address} is back")
                self._complained = False
            self._changed.notify_all()

    def _on_connect_fail(self, _client: Client, _userdata: Any) -> None:
        self._complain("cannot be reached")

    def _on_disconnect(
        self,
        _client: Client,
        _userdata: Any,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure and self._connected:
            self._complain("is gone")

    def _on_publish(
        self,
        _client: Client,
        _userdata: Any,
        mid: int,
        _reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        due = self._due.pop(mid, None)
        if due is not None:
            self.slowest_s = max(self.slowest_s, self._elapsed() - due)
        with self._changed:
            self.acknowledged += 1
            self._changed.notify_all()
        self._room.release()

    def _complain(self, what: str) -> None:
        """Once for each time that it is away."""
        if not self._complained:
            self._complained = True
            self._say(f"the broker at {self._address} {what}; trying again until it is back")
