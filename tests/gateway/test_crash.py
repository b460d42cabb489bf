"""The hub is killed at random instants while a home lives on: no event is lost, none is double."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from contract import RecordKind, SensorEvent, encode
from gateway.detecting import detectors
from gateway.engine import OrderingEngine
from tests.gateway.events import event
from tests.gateway.household import Household
from tests.support.broker import Mosquitto
from tests.support.program import wait_until

pytestmark = pytest.mark.network


class Devices:
    """Devices that speak to the broker with QoS 1."""

    def __init__(self, broker: Mosquitto) -> None:
        self._client = paho.Client(CallbackAPIVersion.VERSION2, client_id="devices")
        self._client.max_queued_messages_set(0)
        self._client.connect(broker.host, broker.port)
        self._client.loop_start()

    def tell(self, event: SensorEvent) -> None:
        """A movement, as its device tells it: active, and at rest again a little later."""
        at = event.at.timestamp()
        for active, t in ((True, at), (False, at + 0.5)):
            said = {"occupancy": active, "last_seen": round(t * 1000)}
            self._client.publish(f"zigbee2mqtt/{event.sensor}", json.dumps(said), qos=1)

    def flush(self) -> None:
        """Waits until the broker has everything."""
        self._client.publish("zigbee2mqtt/bridge/state", b"online", qos=1).wait_for_publish(30)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def devices(broker: Mosquitto) -> Iterator[Devices]:
    speaking = Devices(broker)
    yield speaking
    speaking.close()


def said(household: Household) -> list[bytes]:
    journal = household.journal()
    try:
        kinds = (RecordKind.ASSESSMENT, RecordKind.ALERT)
        return [body for _, body in sorted(one for k in kinds for one in journal.records(k))]
    finally:
        journal.close()


def counted(household: Household) -> Counter[str]:
    journal = household.journal()
    try:
        return Counter(journal.counters())
    finally:
        journal.close()


def expected(household: Household) -> list[bytes]:
    settings = household.settings
    engine = OrderingEngine(settings.profile, detectors(), window_s=settings.lag_s)
    return [encode(out) for one in household.events() for out in engine.process(one)]


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_kills_at_random_instants_lose_nothing_and_double_nothing(
    tmp_path: Path, broker: Mosquitto, devices: Devices, kills: int
) -> None:
    chance = random.Random(4)  # noqa: S311 - the same every time, nothing secret
    household = Household(tmp_path / "hub", port=broker.port)
    told = [event(minute / 6) for minute in range(kills * 120)]
    household.program.start()
    wait_until(lambda: "connected to the broker" in household.program.said(), 60, "connected")
    rest = list(told)
    for _ in range(kills):
        portion, rest = rest[:120], rest[120:]
        for one in portion:
            devices.tell(one)
        before = len(household.events())
        wanted = before + chance.randrange(1, 100)
        wait_until(lambda wanted=wanted: len(household.events()) >= wanted, 60, "some are heard")  # type: ignore[misc] # mypy cannot infer a lambda's default
        household.program.kill()
        household.program.start()
    devices.flush()
    wait_until(lambda: bool(counted(household)["network"]), 60, "all is heard to the last word")
    assert household.program.stop() == 0
    heard = household.events()
    assert [one.at for one in heard] == [one.at for one in told]
    assert {one.quality for one in heard} == {"ok"}
    assert said(household) == expected(household)


def test_it_ends_in_good_order_when_told_to(
    tmp_path: Path, broker: Mosquitto, devices: Devices
) -> None:
    household = Household(tmp_path / "hub", port=broker.port)
    household.program.start()
    wait_until(lambda: "connected to the broker" in household.program.said(), 60, "connected")
    devices.tell(event(1))
    wait_until(lambda: len(household.events()) == 1, 30, "heard")
    assert household.program.stop() == 0
    assert "stopped in good order" in household.program.said()
    journal = household.journal()
    memory = journal.engine_memory()
    journal.close()
    assert memory is not None
    assert memory.offset == 1


def test_a_broker_that_is_away_is_one_line_and_not_the_end(tmp_path: Path) -> None:
    household = Household(tmp_path / "hub", port=9)
    household.program.start()
    wait_until(lambda: "no broker at" in household.program.said(), 60, "told")
    assert household.program.running()
    assert household.program.stop() == 0
    lines = [line for line in household.program.said().splitlines() if "broker" in line]
    assert len(lines) == 1
    assert "127.0.0.1:9" in lines[0]
