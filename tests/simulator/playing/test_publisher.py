"""Done must mean done: every message acknowledged by a broker, though it was away meanwhile."""

import signal
import subprocess
import threading
from pathlib import Path

import pytest

from simulator.playing import Address, BrokerError, Publisher
from tests.simulator.playing.subscriber import PATIENCE_S, Subscriber, numbered
from tests.support.broker import Mosquitto, mosquitto_binary
from tests.support.ports import free_port

pytestmark = pytest.mark.network


def test_messages_arrive_whole_and_in_order(broker: Mosquitto) -> None:
    messages = numbered(2500)
    said: list[str] = []
    address = Address(host=broker.host, port=broker.port, base_topic="base")
    with Subscriber(broker.port) as subscriber:
        with Publisher(address, said.append) as publisher:
            for message in messages:
                publisher.publish(message)
            publisher.drain()
            assert publisher.acknowledged == 2500
        heard = subscriber.wait_for(2500)
    assert heard == [("base/pir", message.payload) for message in messages]
    assert said == []


def test_a_broker_that_dies_in_the_midst_costs_no_message(broker: Mosquitto) -> None:
    messages = numbered(3000)
    said: list[str] = []
    with Subscriber(broker.port) as subscriber:
        with Publisher(Address(host=broker.host, port=broker.port), said.append) as publisher:
            for message in messages[:1500]:
                publisher.publish(message)
            broker.stop()
            back = threading.Timer(1.5, broker.start)
            back.start()
            for message in messages[1500:]:
                publisher.publish(message)
            publisher.drain()
            back.join(PATIENCE_S)
        heard = subscriber.wait_for(3000)
    # A broker may repeat what it could not confirm; nothing is missing, and firsts are in order.
    assert list(dict.fromkeys(heard)) == [("zigbee2mqtt/pir", one.payload) for one in messages]
    assert [line.split(" ", 4)[-1] for line in said] == [
        "is gone; trying again until it is back",
        "is back",
    ]


def test_a_broker_that_comes_late_is_waited_for(broker: Mosquitto) -> None:
    broker.stop()
    said: list[str] = []
    later = threading.Timer(1.5, broker.start)
    later.start()
    with Publisher(Address(host=broker.host, port=broker.port), said.append) as publisher:
        publisher.publish(numbered(1)[0])
        publisher.drain()
    later.join(PATIENCE_S)
    assert len(said) == 2
    assert "cannot be reached" in said[0]
    assert "is back" in said[1]


def test_a_wrong_password_is_said_at_once_and_not_tried_again(
    broker: Mosquitto, tmp_path: Path
) -> None:
    binary = mosquitto_binary()
    assert binary is not None, f"and yet {broker} runs"
    port = free_port()
    config = tmp_path / "mosquitto.conf"
    config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous false\n")
    process = subprocess.Popen([binary, "-c", str(config)], stderr=subprocess.DEVNULL)
    said: list[str] = []
    address = Address(host="127.0.0.1", port=port, username="u", password="wrong")
    try:
        with pytest.raises(BrokerError, match="Not authorized"), Publisher(address, said.append):
            pass
    finally:
        process.terminate()
        process.wait(PATIENCE_S)
    assert "wrong" not in " ".join(said)


def test_a_broker_that_falls_behind_is_not_flooded(broker: Mosquitto) -> None:
    """Unacknowledged messages are held in memory: there must be an end to them."""
    process = broker._process
    assert process is not None
    said: list[str] = []
    with Publisher(Address(host=broker.host, port=broker.port), said.append) as publisher:
        process.send_signal(signal.SIGSTOP)
        publishing = threading.Thread(target=lambda: [*map(publisher.publish, numbered(300))])
        publishing.start()
        publishing.join(2)
        assert publishing.is_alive()
        assert publisher.published == 100
        process.send_signal(signal.SIGCONT)
        publishing.join(PATIENCE_S)
        publisher.drain()
        assert publisher.acknowledged == 300
