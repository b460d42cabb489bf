"""The centre sees what waits, of which kind, and on what machine."""

from collections import Counter
from pathlib import Path

from contract import HubHealth, SensorHealth, decode, encode
from gateway.health.heartbeat import heartbeat
from gateway.journal import Intake, Journal
from gateway.journal.inspection import Inspection
from tests.gateway.events import START, at, event
from tests.gateway.made_up_machine import machine_in


def beat(journal: Journal, folder: Path) -> HubHealth:
    sensors = [SensorHealth(sensor="pir")]
    root = machine_in(folder / "root")
    return heartbeat(journal, sensors, folder, started_at=START, now=START + 60, root=root)


def test_what_waits_is_told_by_kind_until_the_centre_has_it(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "j.sqlite", "hub-1", "h1") as journal:
        intake = Intake(events=[event(1), event(2)], counts=Counter(messages=2))
        journal.write_intake(intake, START)
        journal.write_health(beat(journal, tmp_path), START + 1)
        found = beat(journal, tmp_path)
        assert (found.queued, found.queued_by_kind) == (3, {"event": 2, "health": 1})
        assert found.oldest_queued_at == at(0)
        journal.outbox.move(2, START + 2)
        assert beat(journal, tmp_path).queued_by_kind == {"health": 1}


def test_a_heartbeat_comes_back_whole_from_wire_and_journal(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite"
    with Journal.open(path, "hub-1", "h1") as journal:
        found = beat(journal, tmp_path)
        assert found.machine is not None
        assert found.machine.temperature_c == 51.121
        assert decode(encode(found), HubHealth) == found
        inspection = Inspection(path)
        assert inspection.newest_health() is None
        journal.write_health(found, START)
        assert inspection.newest_health() == found
        inspection.close()
