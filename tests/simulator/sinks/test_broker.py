"""A street on several brokers: one that stalls must hold up its own homes and no others."""

import argparse
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.devices import Message
from simulator.live.outputs import _brokers
from simulator.playing.publisher import Address
from simulator.sinks.broker import Brokers
from tests.simulator.live.lives import setting
from tests.simulator.playing.subscriber import Subscriber
from tests.support.broker import Mosquitto


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Mosquitto]:
    running = Mosquitto(tmp_path / "other")
    running.start()
    yield running
    running.stop()


def message(n: int) -> Message:
    return Message(float(n), "zigbee2mqtt/pir", b"%d" % n)


@pytest.mark.network
async def test_a_broker_that_stalls_holds_up_its_own_homes_alone(
    broker: Mosquitto, other: Mosquitto
) -> None:
    addresses = [
        Address(host=one.host, port=one.port, base_topic="{home}/{dialect}")
        for one in (broker, other)
    ]
    assert other._process is not None
    with (
        Subscriber(broker.port) as subscriber,
        Brokers(addresses, ["home1", "home2"], say=lambda _: None) as brokers,
    ):
        other._process.send_signal(signal.SIGSTOP)
        try:
            told = [0, 0]
            until = time.monotonic() + 5
            while told[0] < 300 and time.monotonic() < until:
                for home in (0, 1):
                    if brokers.room(home):
                        brokers.said(home, message(told[home]), time.monotonic())
                        told[home] += 1
            assert told[0] == 300
            assert told[1] <= 100
            heard = subscriber.wait_for(300)
        finally:
            other._process.send_signal(signal.SIGCONT)
        await brokers.finish()
        assert brokers.acknowledged == sum(told)
        assert 0 < brokers.slowest_s < 10
    assert {topic for topic, _ in heard} == {"home1/zigbee2mqtt/pir"}


@pytest.mark.parametrize(
    ("base", "topic"), [("", "pir"), ("a/{home}", "a/home1/pir"), ("{dialect}", "zigbee2mqtt/pir")]
)
def test_a_topic_holds_what_was_asked_for(
    base: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    brokers = Brokers([Address(host="h", base_topic=base)], ["home1"], say=lambda _: None)
    offered: list[Message] = []
    monkeypatch.setattr(brokers._of[0], "offer", lambda one, _due: offered.append(one))
    brokers.said(0, message(1), 0.0)
    assert offered[0].topic == topic


def test_each_home_may_have_a_broker_by_its_name() -> None:
    args = argparse.Namespace(
        broker=("hub-{home}.local", 1884),
        base_topic=None,
        scenario=None,
        username=None,
        password_file=None,
        dialect="shelly",
        connections=3,
    )
    brokers = _brokers(args, setting(4), lambda _: None)
    found = [str(one._address) for one in brokers._of]
    assert found == [f"hub-home{n}.local:1884" for n in (1, 2, 3, 4)]
    assert brokers._bases == ["{home}/{dialect}"] * 4
