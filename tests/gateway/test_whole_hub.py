"""The hub as a whole process: it ends in good order, and a broker that is away does not end it."""

import json
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from contract import SensorEvent
from gateway.uplink.key import load_or_make_key
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

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def devices(broker: Mosquitto) -> Iterator[Devices]:
    speaking = Devices(broker)
    yield speaking
    speaking.close()


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
    [(heard,)] = journal.rows("select seq from journal where kind = 'event'")
    journal.close()
    assert memory is not None
    assert memory.offset >= heard


def test_a_broker_that_is_away_is_one_line_and_not_the_end(tmp_path: Path) -> None:
    household = Household(tmp_path / "hub", port=9)
    household.program.start()
    wait_until(lambda: "no broker at" in household.program.said(), 60, "told")
    assert household.program.running()
    assert household.program.stop() == 0
    lines = [line for line in household.program.said().splitlines() if "broker" in line]
    assert len(lines) == 1
    assert "127.0.0.1:9" in lines[0]


@pytest.mark.parametrize(
    "wrong",
    [
        "torn",
        *(pytest.param(one, marks=pytest.mark.slow) for one in ("missing", "readable by all")),
    ],
)
def test_a_home_is_heard_though_something_is_wrong_on_the_way_to_the_centre_alone(
    tmp_path: Path, broker: Mosquitto, devices: Devices, wrong: str
) -> None:
    household = Household(tmp_path / "hub", port=broker.port, centre="http://127.0.0.1:9")
    key = household.journal_path.with_name("hub.key")
    if wrong != "missing":
        load_or_make_key(key)
    if wrong == "torn":
        key.write_bytes(key.read_bytes()[:40])
    if wrong == "readable by all":
        key.chmod(0o644)
    household.program.start()
    wait_until(lambda: "connected to the broker" in household.program.said(), 60, "connected")
    devices.tell(event(1))
    wait_until(lambda: len(household.events()) == 1, 30, "heard")
    said = [line for line in household.program.said().splitlines() if "hub.key" in line]
    assert len(said) == 1, "told, once"
    key.unlink(missing_ok=True)
    load_or_make_key(key)
    wait_until(
        lambda: "cannot be asked for what is new" in household.program.said(), 60, "on the way"
    )
    assert household.program.stop() == 0
