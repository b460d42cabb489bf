"""A press that the hub cannot read is told to somebody, and does not lie in quarantine alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.doctor.finding import State
from gateway.doctor.sensors import check_sensors
from gateway.hearing.message import Message
from gateway.journal import Journal
from gateway.settings import Files, Hub, Sensor, Settings
from gateway.watch.unread import Refusals, Refused
from tests.gateway.watch.test_faults_told import DAY, Home, fitted


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1") as journal:
        yield journal


async def said(home: Home, topic: str, payload: bytes) -> None:
    await home.hub.take([Message(topic, payload, 0, False, False, home.now)])


@pytest.mark.parametrize(
    "payload", [b'{"action": 1}', b'{"sos": "yes"}', b"\xff"], ids=["number", "word", "no JSON"]
)
async def test_what_a_help_button_said_and_nobody_could_read_is_told_for_a_week(
    journal: Journal, payload: bytes
) -> None:
    home = Home(journal, fitted(pendant="button", pir="motion"))
    await said(home, "zigbee2mqtt/pir", payload)
    await said(home, "zigbee2mqtt/pendant-2", payload)
    await home.pass_time(10)
    assert home.told == [], "of others a counter and the quarantine tell"
    await said(home, "zigbee2mqtt/pendant", payload)
    await home.pass_time(10)
    ((subject, phase, text),) = home.told
    assert (subject, phase) == ("pendant", "open")
    assert "once in 7 days, and it may have been a call" in text
    home.be(home.settings)
    await home.pass_time(6 * DAY)
    assert home.phases == [("pendant", "open")], "neither a restart nor a day is its end"
    await home.pass_time(DAY)
    assert home.phases[-1] == ("pendant", "cleared")


async def test_doctor_names_a_help_button_that_was_not_understood(
    journal: Journal, tmp_path: Path
) -> None:
    button = Sensor(name="cord", kind="button", place="hall", device="pendant")
    home = Home(journal, Settings(hub=Hub(id="hub-1", home="h1"), sensors=(button,)))
    await said(home, "zigbee2mqtt/pendant", b'{"action": 1}')
    await said(home, "zigbee2mqtt/pendant", b'{"action": [2]}')
    path = tmp_path / "journal.sqlite"
    files = Files(journal=path, key=path, password=None, ca=None)
    found = [
        one
        for one in check_sensors(home.settings, files, home.now)
        if one.check == "help buttons" and one.state is State.WRONG
    ]
    (only,) = found
    assert "2 times in 7 days" in only.said
    assert "quarantine --like pendant" in only.remedy


async def test_a_help_button_of_which_no_press_ever_came_is_not_taken_for_proved(
    journal: Journal, tmp_path: Path
) -> None:
    home = Home(journal, fitted(pendant="button"))
    path = tmp_path / "journal.sqlite"
    files = Files(journal=path, key=path, password=None, ca=None)
    for payload, proved in ((b'{"linkquality": 90}', False), (b'{"action": "single"}', True)):
        await said(home, "zigbee2mqtt/pendant", payload)
        (found,) = (
            one
            for one in check_sensors(home.settings, files, home.now)
            if one.check == "sensor pendant"
        )
        assert (found.state is State.OK) == proved, found
        assert ("no press of it has ever come" in found.said) != proved


async def test_an_installer_is_told_why_a_sensor_that_speaks_was_never_heard(
    journal: Journal, tmp_path: Path
) -> None:
    home = Home(journal, fitted(bed="presence", door="opening", pir="motion"))
    await said(home, "zigbee2mqtt/bed", b'{"occupancy": "true", "linkquality": "no"}')
    await said(home, "zigbee2mqtt/pir", b'{"occupancy": true}')
    await said(home, "zigbee2mqtt/pir", b'{"occupancy": "yes"}')
    path = tmp_path / "journal.sqlite"
    files = Files(journal=path, key=path, password=None, ca=None)
    found = {one.check: one for one in check_sensors(home.settings, files, home.now)}
    bed, door, pir = (found[f"sensor {name}"] for name in ("bed", "door", "pir"))
    assert bed.said.startswith("never heard: what it said could not be used, 2 times in 7 days: ")
    assert "quarantine show 2" in bed.remedy
    assert "compare its name" not in bed.remedy
    assert "compare its name" in door.remedy
    assert (pir.state, "occupancy must be" in pir.said) == (State.NOTE, True)
    home.now += 8 * DAY
    found = {one.check: one for one in check_sensors(home.settings, files, home.now)}
    assert "compare its name" in found["sensor bed"].remedy


@pytest.mark.parametrize(
    ("device", "topic", "payload", "is_its"),
    [
        ("bath/pendant", "esphome/bath/event/pendant/state", b"press", True),
        ("bath/pendant", "esphome/bath/sensor/bed/state", b"press", False),
        ("tas/Switch2", "tasmota/stat/tas/RESULT", b'{"Switch2":{"Action":1}}', True),
        ("tas/Switch2", "tasmota/stat/tas/RESULT", b'{"Switch1":{"Action":1}}', False),
        ("hall/pendant", "zigbee2mqtt/hall/pendant", b"", True),
        ("pendant", "zigbee2mqtt/pendant-2", b"", False),
    ],
)
def test_what_a_part_of_a_device_said_is_told_of_that_part(
    device: str, topic: str, payload: bytes, is_its: bool
) -> None:
    button = Sensor(name="cord", kind="button", place="hall", device=device)
    refused = Refused(1, 0.0, topic, "unknown", payload)
    assert Refusals([refused], {}).of(button) == [refused] * is_its


ADDRESS = "0x00158d0001a2b3c4"
_LISTED = """[{{"ieee_address": "{address}", "friendly_name": "{name}", "type": "EndDevice"}}]"""


@pytest.mark.parametrize("device", [ADDRESS, "hall/pendant", "pendant"])
async def test_a_help_button_is_known_by_whatever_name_its_network_has_for_it(
    journal: Journal, device: str
) -> None:
    button = Sensor(name="cord", kind="button", place="hall", device=device)
    pir = Sensor(name="pir", kind="motion", place="hall")
    home = Home(journal, Settings(hub=Hub(id="hub-1", home="h1"), sensors=(button, pir)))
    for name in ("pendant", "hall/pendant"):  # it was renamed meanwhile
        listed = _LISTED.format(address=ADDRESS, name=name).encode()
        await said(home, "zigbee2mqtt/bridge/devices", listed)
    await said(home, "zigbee2mqtt/hall/pendant", b'{"action": 1}')
    await home.pass_time(10)
    assert [subject for subject, *_ in home.told] == ["cord"]
