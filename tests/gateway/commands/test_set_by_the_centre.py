"""Whoever stands before a hub sees what it really runs with, and not what its file alone says."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from contract import RecordKind, utc
from contract.recordings import write_recording
from gateway.assembly import make_room, make_watermark
from gateway.beside import what_holds
from gateway.cli import main
from gateway.doctor.finding import Finding, State
from gateway.doctor.sensors import check_sensors
from gateway.doctor.standing import check_standing
from gateway.downlink.standing import Standing
from gateway.journal import Intake, Journal
from gateway.journal.intake import quarantined
from gateway.settings import Files, files
from tests.gateway.downlink.bench import Bench
from tests.gateway.events import event
from tests.gateway.household import Household

HOUR = 3600.0
KETTLE = {"name": "kettle-plug", "kind": "appliance", "place": "kettle"}
STRANGER = "no sensor of this name is in the settings"


class Led:
    """A hub that a centre leads, and what its commands print."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.household = Household(folder)
        self._capsys = capsys
        data = self.places.journal.parent
        data.mkdir(parents=True, exist_ok=True)
        self.bench = Bench(data, self.household.settings)
        self.bench.now = time.time()
        self.bench.restart()

    @property
    def places(self) -> Files:
        return files(self.household.path, self.household.settings)

    def sets(self, **content: Any) -> None:
        assert self.bench.take(self.bench.told(version=3, **content))

    def pauses(self, seconds: float = 2 * HOUR) -> None:
        command = self.bench.command("pause", until=self.bench.soon(seconds))
        assert self.bench.take(self.bench.told(command))

    def hears(self, sensor: str, at: float) -> None:
        state = msgspec.json.encode({"heard_at": at, "battery": 41.0})
        self.bench.journal.write_intake(Intake(devices={sensor: state}), at)

    def prints(self, *command: str) -> str:
        assert main([*command, "--settings", str(self.household.path)]) == 0
        printed = self._capsys.readouterr()
        return printed.out + printed.err

    def examined(self) -> dict[str, Finding]:
        settings, now = self.household.settings, time.time()
        found = [
            *check_standing(settings, self.places, now),
            *check_sensors(settings, self.places, now),
        ]
        return {one.check: one for one in found}


@pytest.fixture
def led(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Led]:
    one = Led(tmp_path, capsys)
    yield one
    one.bench.journal.close()


def test_the_doctor_asks_after_the_sensors_that_the_centre_has_set_and_no_others(led: Led) -> None:
    led.sets(sensors=[KETTLE])
    aside = [quarantined(led.bench.now, "zigbee2mqtt/new", STRANGER, b"{}")]
    led.bench.journal.write_intake(Intake(quarantine=aside), led.bench.now)
    found = led.examined()
    assert "version 3 of the centre, which sets sensors" in found["configuration"].said
    assert found["sensor kettle-plug"].said == "never heard"
    assert "sensor front-door" not in found
    assert "have the centre set" in found["unknown devices"].remedy


def test_a_centre_that_lists_no_sensors_is_named_as_the_one_to_mend_it(led: Led) -> None:
    own = led.household.path.read_text()
    led.household.path.write_text(own.partition("[[sensors]]")[0])
    led.bench.base = led.household.settings
    led.bench.restart()
    led.sets(sensors=[])
    found = led.examined()["sensors"]
    assert found.state is State.WRONG
    assert found.said == "configuration 3 of the centre lists none"
    assert "[[sensors]]" not in found.remedy


def test_in_a_pause_the_doctor_calls_no_sensor_silent_and_hides_when_it_was_heard(
    led: Led,
) -> None:
    led.hears("front-door", led.bench.now - 26 * HOUR)
    assert led.examined()["sensor front-door"].state is State.WRONG
    led.hears("front-door", led.bench.now - 2 * HOUR)
    led.pauses(30 * HOUR)
    led.hears("bathroom-motion", led.bench.now + 1)
    found = led.examined()
    assert found["recording"].said.startswith("paused until ")
    assert found["sensor front-door"].said.startswith("heard 2 hours before the pause")
    assert "the pause hides when" in found["sensor bathroom-motion"].said


def test_a_pause_that_is_over_by_the_clock_is_not_told_though_the_hub_stood_still_meanwhile(
    led: Led,
) -> None:
    led.bench.now -= 3 * HOUR
    led.pauses(HOUR)
    assert "recording" not in led.examined()


def test_status_says_that_recording_is_paused_which_configuration_runs_and_no_more_of_sensors(
    led: Led,
) -> None:
    led.sets(sensors=[KETTLE], people=2)
    led.pauses()
    led.hears("kettle-plug", led.bench.now + 1800)
    shown = led.prints("status", "--once")
    assert "  PAUSED    nothing is recorded or judged" in shown
    assert "configuration 3 of the centre sets people, sensors" in shown
    assert "recording is paused until" in shown
    assert "kettle-plug" in shown
    assert "bathroom-motion" not in shown
    told = msgspec.json.decode(led.prints("status", "--json"))
    assert told["health"]["configuration"] == 3
    (pause,) = led.bench.standing.spells.pauses
    assert told["paused_until"] == pause.until
    (sensor,) = told["health"]["sensors"]
    assert sensor["last_seen"] == msgspec.to_builtins(utc(pause.since)), "the pause's beginning"


def test_the_table_of_sensors_has_those_that_the_centre_has_set(led: Led) -> None:
    led.sets(sensors=[KETTLE])
    led.pauses()
    shown = led.prints("sensors")
    assert "kettle-plug" in shown
    assert "front-door" not in shown
    assert "configuration 3 of the centre sets sensors" in shown
    assert "recording is paused until" in shown


def test_settings_name_the_centre_as_the_source_of_what_it_has_set(led: Led) -> None:
    led.sets(sensors=[KETTLE], people=2, budget={"uti_risk": 0.25})
    led.pauses()
    lines = [" ".join(line.split()) for line in led.prints("settings").splitlines()]
    for line in (
        "people = 2 # centre, version 3",
        'time_zone = "Europe/London" # default',
        "uti_risk = 0.25 # centre, version 3",
        'name = "kettle-plug" # centre, version 3',
        'situation = "paused" # centre, a pause or time away',
        'id = "hub-1" # hub.toml:2',
    ):
        assert line in lines, line
    assert not any("bathroom-motion" in line for line in lines)
    assert "configuration 3 of the centre sets budget, people, sensors" in lines


def test_the_centres_word_is_shown_above_the_environments_as_the_hub_takes_it(
    led: Led, monkeypatch: pytest.MonkeyPatch
) -> None:
    led.sets(people=2)
    monkeypatch.setenv("TELECARE_GATEWAY_HUB_PEOPLE", "4")
    shown = " ".join(led.prints("settings").split())
    assert "people = 2 # centre, version 3" in shown


def test_what_is_imported_is_judged_as_the_hub_will_judge_on(tmp_path: Path, led: Led) -> None:
    led.sets(budget={"no_movement": 3.0}, context=[{"situation": "away", "since": "2026-03-02"}])
    led.bench.journal.close()
    recording = tmp_path / "home.jsonl"
    events = [event(hour) for day in range(12) for hour in (24 * day + 8, 24 * day + 20)]
    write_recording(recording, events)
    led.prints("import", str(recording))
    with Journal.open(tmp_path / "other.sqlite", "hub-1", "h1") as other:
        holds = what_holds(led.household.settings, led.places).settings
        watermark = make_watermark(holds, other)
        room = make_room(holds, other, watermark)
        other.write_intake(Intake(events=events), 0.0)
        while room.work():
            pass
        wanted = [body for _, body in other.records(RecordKind.ASSESSMENT)]
    with Journal.open_read_only(led.places.journal) as journal:
        found = [body for _, body in journal.records(RecordKind.ASSESSMENT)]
    assert wanted
    assert found == wanted
    led.bench.journal = Journal.open(led.places.journal, "hub-1", "h1")


def test_times_are_shown_by_the_clock_of_the_home_that_the_centre_has_named(led: Led) -> None:
    led.bench.journal.write_intake(Intake(events=[event(1)]), led.bench.now)
    led.sets(time_zone="Asia/Tokyo")
    assert "2026-03-01 10:00:00" in led.prints("tail", "--seconds", "0")


def test_a_journal_that_cannot_be_read_is_said_so_beside_what_the_file_has(led: Led) -> None:
    led.bench.journal.close()
    led.places.journal.write_bytes(b"no journal at all" * 1000)
    holds = what_holds(led.household.settings, led.places)
    assert holds.settings == led.household.settings
    assert holds.why
    assert "what the centre has set cannot be told" in led.prints("settings")
    led.places.journal.unlink()
    led.bench.journal = Journal.open(led.places.journal, "hub-1", "h1")


def test_a_hub_without_a_centre_is_told_as_its_file_has_it(led: Led) -> None:
    assert led.examined()["configuration"].state is State.OK
    assert "configuration" not in led.prints("status", "--once")
    standing = Standing(led.household.settings, led.bench.journal)
    assert standing.peek().version is None


def test_a_replay_says_since_when_the_settings_hold_by_which_it_tells(
    led: Led, capsys: pytest.CaptureFixture[str]
) -> None:
    led.bench.journal.write_intake(Intake(events=[event(1)]), led.bench.now)
    replay = ["replay", "--journal", "--settings", str(led.household.path)]
    assert main(replay) == 0
    assert "configuration" not in capsys.readouterr().err
    led.sets(people=2)
    led.bench.restart()
    assert main(replay) == 0
    told = capsys.readouterr().err
    assert "configuration 3 of the centre has held since" in told
    assert "of what was before, this is what would have been told by it" in told
