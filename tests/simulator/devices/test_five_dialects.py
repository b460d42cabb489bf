"""One home whose sensors speak every dialect at once, a real Mosquitto, a real hub."""

import time
from pathlib import Path

import pytest

from contract import Kind, Quality, SensorEvent, utc
from gateway.journal import Journal
from simulator.devices import Message, Stage
from simulator.devices.cast import Cast
from simulator.devices.voices import VOICES
from simulator.hub_settings import HubFor, hub_settings, sensor_of
from simulator.playing import Address, Publisher
from tests.simulator.devices.hub import below_its_name
from tests.support.broker import Mosquitto
from tests.support.program import Program, wait_until

pytestmark = pytest.mark.network

KINDS = ((Kind.MOTION, "hallway"), (Kind.OPENING, "fridge"), (Kind.PRESENCE, "bed"))
CLOCK_S = {"zigbee2mqtt": 0.001, "shelly": 0.01, "plain": 0.001, "tasmota": 1.0}
ARRIVAL_S = 3.0  # what bears no time is dated on arrival, on a machine that may be busy


def happening(start: float) -> list[SensorEvent]:
    """A few seconds in which every sensor has something to tell."""

    what = [
        *((kind, place, 1.0, 1.0) for kind, place in KINDS),
        *((kind, place, 6.0, 0.0) for kind, place in KINDS[1:]),
        (Kind.TEMPERATURE, "lounge", 2.0, 19.4),
        (Kind.LINK, "lounge", 3.0, 0.0),
        *((Kind.APPLIANCE, "kettle", t, 2.5) for t in (3.0, 7.5)),
    ]
    found = [
        SensorEvent(
            home="h1",
            sensor=f"{dialect}-{kind}",
            kind=kind,
            place=place,
            at=utc(start + t),
            value=value,
            duration=2.0 if kind == Kind.APPLIANCE else None,
        )
        for dialect in VOICES
        for kind, place, t, value in what
    ]
    return sorted(found, key=lambda one: one.at)


def fitted(folder: Path, broker: Mosquitto, cast: Cast) -> Path:
    hub = HubFor(
        home="h1",
        hub="hub-1",
        data=str(folder / "hub"),
        host=broker.host,
        port=broker.port,
        networks=tuple((name, name) for name in VOICES if name != "zigbee2mqtt"),
        clock="wall",
    )
    path = folder / "hub.toml"
    path.write_text(hub_settings(hub, [sensor_of(part) for part in cast.parts.values()]))
    return path


def tell(broker: Mosquitto, messages: list[Message]) -> None:
    address = Address(host=broker.host, port=broker.port, base_topic="")
    with Publisher(address, print) as publisher:
        for message in messages:
            time.sleep(max(0.0, message.t - time.time()))
            publisher.publish(message)
        publisher.drain()


def journalled(folder: Path) -> list[SensorEvent]:
    path = folder / "hub" / "journal.sqlite"
    if not path.exists():
        return []
    with Journal.open_read_only(path) as journal:
        return list(journal.events_until(10**9))


def counted(folder: Path, name: str) -> int:
    with Journal.open_read_only(folder / "hub" / "journal.sqlite") as journal:
        return journal.counters().get(name, 0)


def ordered(events: list[SensorEvent]) -> list[SensorEvent]:
    return sorted(events, key=lambda one: (one.sensor, one.kind, one.at))


def test_a_home_that_speaks_five_dialects_is_heard_as_it_is(
    tmp_path: Path, broker: Mosquitto
) -> None:
    cast = Cast(happening(0))
    settings = fitted(tmp_path, broker, cast)
    hub = Program(("telecare-gateway", "run", "--settings", settings), tmp_path / "hub.log")
    hub.start()
    try:
        wait_until(lambda: "connected to the broker" in hub.said(), 60, "the hub listens")
        events = happening(time.time() + cast.longest_s + 1)
        refused: list[str] = []
        voices = {part.sensor: below_its_name(part.sensor.split("-")[0]) for part in
                  cast.parts.values()}  # fmt: skip
        stage = Stage(Cast(events), lambda _, why: refused.append(why), voices)
        last = events[-1].at.timestamp()
        tell(broker, [message for message in stage.messages(events) if message.t <= last])
        assert not refused
        wait_until(lambda: len(journalled(tmp_path)) >= len(events), 30, "all is heard")
    finally:
        assert hub.stop() == 0, hub.said()
    heard = journalled(tmp_path)
    for one, told in zip(ordered(heard), ordered(events), strict=True):
        dialect = told.sensor.split("-")[0]
        assert (one.sensor, one.kind, one.place) == (told.sensor, told.kind, told.place)
        assert one.quality == Quality.OK
        clock_s = ARRIVAL_S if told.kind == Kind.LINK else CLOCK_S.get(dialect, ARRIVAL_S)
        assert abs((one.at - told.at).total_seconds()) <= clock_s
        assert one.value == pytest.approx(told.value, abs=0.002 + clock_s)
    assert counted(tmp_path, "refused") == counted(tmp_path, "unknown_sensor") == 0
    assert counted(tmp_path, "no_offset") == 0

    hub.start()  # and hears once more what ESPHome and the others had left with the broker
    try:
        wait_until(lambda: counted(tmp_path, "retained") > len(VOICES), 30, "the old states")
    finally:
        assert hub.stop() == 0, hub.said()
    assert len(journalled(tmp_path)) == len(events)
