"""What a device says reaches the journal though hub, broker or disk fails on the way."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import aiomqtt
import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from gateway.backoff import Backoff
from gateway.hearing.message import Message
from gateway.hearing.reader import LARGEST_LIST
from gateway.mqtt import client as client_module
from gateway.mqtt.client import AcknowledgingClient
from gateway.mqtt.subscriber import Link, Subscriber
from tests.gateway.mqtt.conftest import Voice
from tests.support.broker import Mosquitto

pytestmark = pytest.mark.network


class Ear:
    """A subscriber with what it heard and what it was told of its link."""

    def __init__(
        self, broker: Mosquitto, take: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        self.heard: list[Message] = []
        self.links: list[tuple[Link, str]] = []
        self.batches: list[int] = []
        self.lost: list[float] = []
        self._take_hook = take
        self.subscriber = Subscriber(
            make_client=lambda: AcknowledgingClient(
                now=lambda: 1000.0,
                lost=lambda: self.lost.append(1000.0),
                hostname=broker.host,
                port=broker.port,
                identifier="hub",
                timeout=5,
            ),
            topics=["zigbee2mqtt/#"],
            take=self._take,
            backoff=Backoff(first=0.05, most=0.2, chance=lambda: 0.5),
            told=lambda link, why: self.links.append((link, why)),
        )
        self._task: asyncio.Task[None] | None = None

    async def _take(self, messages: list[Message]) -> None:
        if self._take_hook is not None:
            await self._take_hook()
        self.heard += messages
        self.batches.append(len(messages))

    @property
    def is_up(self) -> bool:
        return bool(self.links) and self.links[-1][0] is Link.UP

    def start(self) -> None:
        self._task = asyncio.create_task(self.subscriber.run())

    @property
    def ended(self) -> bool:
        return self._task is not None and self._task.done()

    def end(self) -> None:
        assert self._task is not None
        self._task.cancel()

    async def stop(self) -> None:
        self.end()
        assert self._task is not None
        await asyncio.gather(self._task, return_exceptions=True)

    def payloads(self) -> list[bytes]:
        return [message.payload for message in self.heard]


async def until(holds: Callable[[], bool], what: str) -> None:
    for _ in range(1500):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"never: {what}")


async def listening(ear: Ear) -> None:
    ear.start()
    await until(lambda: ear.is_up, "connected")


async def test_what_is_said_is_heard_with_all_the_broker_tells(
    broker: Mosquitto, voice: Voice
) -> None:
    await voice.say("door", b"old", retain=True)
    ear = Ear(broker)
    await listening(ear)
    await voice.say("pir", b"new")
    await voice.say("pir", b"unsure", qos=0)
    await until(lambda: len(ear.heard) == 3, "three messages")
    await ear.stop()
    old, new, unsure = ear.heard
    assert (old.topic, old.payload, old.retain) == ("zigbee2mqtt/door", b"old", True)
    assert (new.retain, new.dup, new.received) == (False, False, 1000.0)
    assert new.mid > 0
    assert unsure.mid == 0


async def test_what_was_not_stored_is_delivered_again(broker: Mosquitto, voice: Voice) -> None:
    stuck = asyncio.Event()

    async def never() -> None:
        stuck.set()
        await asyncio.Event().wait()

    first = Ear(broker, never)
    await listening(first)
    await voice.say("pir", b"moved")
    await stuck.wait()
    await first.stop()
    second = Ear(broker)
    await listening(second)
    await until(lambda: second.payloads() == [b"moved"], "delivered again")
    assert second.heard[0].dup
    await second.stop()


async def test_what_was_stored_is_not_delivered_again(broker: Mosquitto, voice: Voice) -> None:
    first = Ear(broker)
    await listening(first)
    await voice.say("pir", b"one")
    await until(lambda: len(first.heard) == 1, "heard")
    await first.stop()
    await voice.say("pir", b"two")
    second = Ear(broker)
    await listening(second)
    await until(lambda: bool(second.heard), "heard")
    await asyncio.sleep(0.1)
    assert second.payloads() == [b"two"]
    await second.stop()


async def test_a_broker_that_is_away_at_the_start_is_waited_for(broker: Mosquitto) -> None:
    broker.stop()
    ear = Ear(broker)
    ear.start()
    await until(lambda: bool(ear.links), "told that there is no broker")
    await asyncio.sleep(0.3)
    broker.start()
    await until(lambda: ear.is_up, "connected at last")
    await ear.stop()
    assert [link for link, _ in ear.links] == [Link.DOWN, Link.UP]
    assert "refused" in ear.links[0][1].lower()


@pytest.mark.slow
async def test_a_broker_that_is_frozen_is_known_to_be_away_within_half_a_minute(
    broker: Mosquitto,
) -> None:
    ear = Ear(broker)
    ear.start()
    await until(lambda: ear.is_up, "connected")
    broker.freeze()
    try:
        for _ in range(2):
            with suppress(AssertionError):
                await until(lambda: not ear.is_up, "away")
        assert not ear.is_up, "30 s are over"
    finally:
        broker.kill()
        await ear.stop()


async def test_a_broker_killed_and_brought_back_costs_no_message(broker: Mosquitto) -> None:
    ear = Ear(broker)
    await listening(ear)
    broker.kill()
    await until(lambda: not ear.is_up, "told that it is gone")
    broker.start()
    await until(lambda: ear.is_up, "connected again")
    async with aiomqtt.Client(broker.host, broker.port) as devices:
        await devices.publish("zigbee2mqtt/pir", b"moved", qos=1)
    await until(lambda: ear.payloads() == [b"moved"], "heard")
    await ear.stop()
    assert [link for link, _ in ear.links] == [Link.UP, Link.DOWN, Link.UP]


async def test_a_burst_is_stored_in_few_transactions(broker: Mosquitto, voice: Voice) -> None:
    release = asyncio.Event()
    ear = Ear(broker, release.wait)  # type: ignore[arg-type] # its True is of no interest
    await listening(ear)
    for number in range(100):
        await voice.say("pir", str(number).encode())
    await asyncio.sleep(0.2)
    release.set()
    await until(lambda: len(ear.heard) == 100, "all heard")
    await ear.stop()
    assert ear.payloads() == [str(number).encode() for number in range(100)]
    assert len(ear.batches) <= 20


async def test_a_slow_card_takes_more_messages_at_a_time_and_keeps_up(
    broker: Mosquitto, voice: Voice
) -> None:
    async def slow() -> None:
        time.sleep(0.02)  # noqa: ASYNC251 - as a commit on a slow card, it holds everything up
        await asyncio.sleep(0)

    ear = Ear(broker, slow)
    ear.start()
    await until(lambda: ear.is_up, "connected")
    async with asyncio.timeout(60), asyncio.TaskGroup() as saying:
        for n in range(1000):
            saying.create_task(voice.say("door", {"n": n}))
    await until(lambda: len(ear.heard) == 1000, "all is heard")
    await ear.stop()
    assert len(ear.batches) < 200


async def test_more_than_memory_allows_stays_with_the_broker(
    broker: Mosquitto, voice: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "MOST_BYTES", 20_000)
    release = asyncio.Event()
    ear = Ear(broker, release.wait)  # type: ignore[arg-type] # its True is of no interest
    await listening(ear)
    for number in range(60):
        await voice.say("pir", str(number).encode().zfill(1000))
    await asyncio.sleep(0.2)
    release.set()
    await until(lambda: len(set(ear.payloads())) == 60, "all heard in the end")
    await ear.stop()
    assert (Link.DOWN, "more messages came than could be stored") in ear.links
    assert not ear.lost, "the broker kept them"


async def test_what_nobody_can_send_again_is_counted_where_memory_allows_no_more(
    broker: Mosquitto, voice: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "MOST_BYTES", 20_000)
    release = asyncio.Event()
    ear = Ear(broker, release.wait)  # type: ignore[arg-type] # its True is of no interest
    await listening(ear)
    for number in range(60):
        await voice.say("pir", str(number).encode().zfill(1000), qos=0)
    await until(lambda: bool(ear.lost), "some are lost")
    await asyncio.sleep(0.5)  # what comes while it reconnects is lost at the broker
    release.set()
    await until(lambda: len(set(ear.payloads())) + len(ear.lost) == 60, "all accounted for")
    await ear.stop()


async def test_a_message_larger_than_memory_allows_does_not_stand_in_the_way_of_others(
    broker: Mosquitto, voice: Voice
) -> None:
    ear = Ear(broker)
    await listening(ear)
    await voice.say("pir", b"x" * (client_module.MOST_BYTES + 1))
    await voice.say("pir", b"next")
    await until(lambda: len(ear.heard) == 2, "both heard")
    await ear.stop()
    assert [len(payload) for payload in ear.payloads()] == [LARGEST_LIST + 1, 4]
    assert [link for link, _ in ear.links] == [Link.UP]


async def test_a_broker_that_does_not_let_it_read_is_named(
    broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: object, **__: object) -> tuple[int, ...]:
        return (128,)

    monkeypatch.setattr(AcknowledgingClient, "subscribe", refused)
    ear = Ear(broker)
    ear.start()
    await until(lambda: bool(ear.links), "told")
    await ear.stop()
    assert ear.links == [(Link.DOWN, "the broker does not let the hub read zigbee2mqtt/#")]


async def test_one_that_listens_owes_nothing_and_one_that_was_cut_off_shows_each_try(
    broker: Mosquitto, voice: Voice
) -> None:
    ear = Ear(broker)
    subscriber = ear.subscriber
    assert subscriber.owes(), "it has not begun"
    await listening(ear)
    assert not subscriber.owes()
    before = subscriber.got_on
    await voice.say("pir", b"{}")
    await until(lambda: len(ear.heard) == 1, "heard")
    await until(lambda: subscriber.got_on > before, "seen to have got on")
    assert not subscriber.owes()
    broker.kill()
    await until(subscriber.owes, "it owes a connection")
    cut_off = subscriber.got_on
    await until(lambda: subscriber.got_on > cut_off + 2, "tries are seen")
    await ear.stop()
    assert subscriber.owes(), "it has ended"


async def test_what_a_killed_broker_still_delivered_while_the_hub_was_writing_is_kept(
    broker: Mosquitto,
) -> None:
    """The devices have its acknowledgement, so they will not say it again; nor will the broker."""
    devices = paho.Client(CallbackAPIVersion.VERSION2, client_id="others")
    devices.connect(broker.host, broker.port)
    devices.loop_start()
    written = 0

    async def write() -> None:
        nonlocal written
        written += 1
        if written == 1:  # all that follows happens while the hub has no time to listen
            for n in range(20):
                said = devices.publish("zigbee2mqtt/pir", b"late %d" % n, qos=1)
                said.wait_for_publish(5)
            broker.kill()
            time.sleep(0.05)  # noqa: ASYNC251 - that is the point

    ear = Ear(broker, write)
    ear.start()
    await until(lambda: ear.is_up, "connected")
    for n in range(5):
        devices.publish("zigbee2mqtt/pir", b"early %d" % n, qos=1)
    await until(lambda: ear.links[-1][0] is Link.DOWN, "the broker's end is seen")
    await ear.stop()
    devices.loop_stop()
    assert [one for one in ear.payloads() if one.startswith(b"late")] == [
        b"late %d" % n for n in range(20)
    ]


async def test_a_pull_at_qos_0_that_came_as_the_hub_was_told_to_end_is_kept(
    broker: Mosquitto,
) -> None:
    """The broker has handed it over and knows nothing of it any more."""
    devices = paho.Client(CallbackAPIVersion.VERSION2, client_id="others")
    devices.connect(broker.host, broker.port)
    devices.loop_start()

    async def write() -> None:
        if ear.heard:
            return
        for n in range(20):  # all of it while the hub has no time to listen
            devices.publish("zigbee2mqtt/cord", b"pull %d" % n, qos=0)
        devices.publish("elsewhere", b"", qos=1).wait_for_publish(5)
        time.sleep(0.05)  # noqa: ASYNC251 - that is the point
        ear.end()

    ear = Ear(broker, write)
    await listening(ear)
    devices.publish("zigbee2mqtt/cord", b"first", qos=0)
    await until(lambda: ear.ended, "the hub has ended")
    devices.loop_stop()
    assert ear.payloads() == [b"first", *(b"pull %d" % n for n in range(20))]
