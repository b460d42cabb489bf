"""A whole hub on a worn card: it mends its journal by itself, says so, and goes on listening."""

from pathlib import Path

import pytest

from contract import Alert, Condition, RecordKind, decode
from gateway.journal import Intake, Journal
from tests.gateway.events import START, event
from tests.gateway.household import Household
from tests.gateway.journal.test_full_disk import disk, needs_root
from tests.gateway.test_whole_hub import Devices, devices
from tests.support.broker import Mosquitto
from tests.support.disk import Disk
from tests.support.program import wait_until

__all__ = ["devices", "disk"]  # fixtures

pytestmark = pytest.mark.network


def lived(household: Household) -> bytes:
    """The journal of a home that has lived for a while; its file."""
    with Journal.open(household.journal_path, "hub-1", "h1") as journal:
        for hour in range(40):
            journal.write_intake(Intake(events=[event(hour + n / 60) for n in range(9)]), START)
    return household.journal_path.read_bytes()


def with_another_digit(raw: bytes) -> bytes:
    """With one event on another day, which SQLite cannot know."""
    at = raw.rindex(b"2026-03-02T10") + 9
    return raw[:at] + b"3" + raw[at + 1 :]


@pytest.mark.parametrize("when", ["at the start", "in reading"])
def test_a_damaged_journal_is_mended_told_and_gone_on_with(
    tmp_path: Path, broker: Mosquitto, devices: Devices, when: str
) -> None:
    household = Household(tmp_path / "hub", port=broker.port)
    raw = lived(household)
    damaged = b"\xa5" * 100 + raw[100:] if when == "at the start" else with_another_digit(raw)
    household.journal_path.write_bytes(damaged)
    household.program.start()
    wait_until(lambda: "the journal is rebuilt" in household.program.said(), 60, "rebuilt")
    wait_until(lambda: "connected to the broker" in household.program.said(), 60, "connected")
    lost = 0 if when == "at the start" else 1
    devices.tell(event(100))
    wait_until(lambda: len(household.events()) == 361 - lost, 30, "what comes is heard")
    assert household.program.stop() == 0
    journal = household.journal()
    alerts = [decode(body, Alert) for _, body in journal.records(RecordKind.ALERT)]
    told = [one for one in alerts if one.condition == Condition.HUB_MEMORY]
    counters = journal.counters()
    journal.close()
    assert [f"{lost} could not be read" in one.text for one in told] == [True]
    assert (counters["journal_rebuilt"], counters["journal_lost"]) == (1, lost)
    assert not {one.at.day for one in household.events()} & {3}


@needs_root
def test_what_comes_while_the_disk_is_full_is_heard_once_when_there_is_room(
    tmp_path: Path, broker: Mosquitto, devices: Devices, disk: Disk
) -> None:
    household = Household(disk.folder, port=broker.port)
    household.program.log = tmp_path / "hub.log"
    household.program.start()
    wait_until(lambda: "connected to the broker" in household.program.said(), 60, "connected")
    told = [event(minute / 6) for minute in range(600)]
    for one in told[:100]:
        devices.tell(one)
    wait_until(lambda: len(household.events()) == 100, 60, "the first are heard")
    disk.fill()
    for one in told[100:]:
        devices.tell(one)
    wait_until(lambda: "cannot be written" in household.program.said(), 60, "it is full")
    disk.free()
    wait_until(lambda: len(household.events()) == len(told), 90, "all are heard")
    assert household.program.stop() == 0
    assert [one.at for one in household.events()] == [one.at for one in told]
    assert "can be written again" in household.program.said()
