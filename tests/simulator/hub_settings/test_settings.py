"""Settings that are printed must be settings that a hub takes, for the home they are for."""

from pathlib import Path

import pytest

from contract import Kind
from contract.recordings import write_recording
from gateway.settings import Sensor, load
from simulator.cli import main
from simulator.devices.cast import Cast
from simulator.hub_settings import HubFor, hub_settings, sensor_of
from simulator.living.senses.registry import roles_of
from tests.simulator.devices.events import event

DOORS = [
    event("front-door-contact", Kind.OPENING, "front_door", 10),
    event("front-door-contact", Kind.OPENING, "front_door", 11),
    event("fridge-contact", Kind.OPENING, "fridge", 20, 1),
    event("fridge-contact", Kind.OPENING, "fridge", 30, 0),
    event("bed-presence", Kind.PRESENCE, "bed", 40, 1),
    event("bed-presence", Kind.PRESENCE, "bed", 40.5, 0),
    event("kettle-plug", Kind.APPLIANCE, "kettle", 1000, 100, duration=150),
]


def printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[Path, dict[tuple[str, str], Sensor]]:
    assert main(["hub-settings", *arguments]) == 0
    path = tmp_path / "hub.toml"
    path.write_text(capsys.readouterr().out)
    return path, {(one.name, one.kind): one for one in load(path).sensors}


def test_a_hub_takes_the_settings_for_a_recording(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = tmp_path / "r.jsonl.gz"
    write_recording(recording, DOORS)
    arguments = [str(recording), "--broker", "localhost:1884", "--data", "here", "--username", "u"]
    more = ["--centre", "http://localhost:8000", "--time-zone", "Europe/Madrid", "--people", "2"]
    path, sensors = printed(tmp_path, capsys, *arguments, *more, "--password-file", "secret.txt")
    settings = load(path)
    assert (settings.hub.id, settings.hub.home, settings.hub.data) == ("hub-h1", "h1", "here")
    assert (settings.hub.time_zone, settings.hub.people) == ("Europe/Madrid", 2)
    assert (settings.broker.host, settings.broker.port) == ("localhost", 1884)
    assert (settings.broker.username, settings.broker.password_file) == ("u", "secret.txt")
    assert settings.centre is not None
    assert settings.centre.url == "http://localhost:8000"
    assert settings.clock.source == "events"
    door = sensors["front-door-contact", "opening"]
    assert (door.place, door.edges, door.debounce_s) == ("front_door", "rising", 0)
    fridge = sensors["fridge-contact", "opening"]
    assert (fridge.edges, fridge.debounce_s) == ("both", 1)
    bed = sensors["bed-presence", "presence"]
    assert (bed.edges, bed.debounce_s) == ("both", 0)


def test_a_hub_takes_the_settings_for_a_made_up_home(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--home", "home2", "--broker", "localhost", "--data", "d", "--clock", "wall"]
    path, sensors = printed(tmp_path, capsys, *arguments, "--hub", "pi-7")
    assert {role.sensor for role in roles_of()} == {name for name, _ in sensors}
    assert load(path).hub.id == "pi-7"
    assert load(path).clock.source == "wall"
    assert load(path).centre is None


def test_weak_and_dense_uses_get_a_plug_that_tells_them_apart() -> None:
    cast = Cast(
        [
            event("microwave-plug", Kind.APPLIANCE, "microwave", 1000, 10, duration=180),
            event("microwave-plug", Kind.APPLIANCE, "microwave", 1100, 20, duration=60),
        ]
    )
    (sensor,) = (sensor_of(part) for part in cast.parts.values())
    assert sensor["on_w"] == 160
    assert sensor["off_w"] == 80
    assert sensor["gap_s"] == 20


def test_a_strong_kettle_needs_nothing_but_its_name() -> None:
    cast = Cast([event("kettle-plug", Kind.APPLIANCE, "kettle", 1000, 100, duration=150)])
    (sensor,) = (sensor_of(part) for part in cast.parts.values())
    assert sensor == {"name": "kettle-plug", "kind": "appliance", "place": "kettle"}


@pytest.mark.parametrize("folder", ['a "quoted" folder', "back\\slash", "naïve folder"])
def test_whatever_stands_in_a_name_stays_in_it(tmp_path: Path, folder: str) -> None:
    path = tmp_path / "hub.toml"
    path.write_text(hub_settings(HubFor(home="h", hub="i", data=folder, host="b", port=1), []))
    assert load(path).hub.data == folder


def test_several_homes_and_none_named_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hub-settings", "--broker", "localhost", "--data", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "--home" in said


def test_a_hub_takes_settings_for_another_dialect_and_its_usual_topic(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--home", "home2", "--broker", "localhost", "--data", "d"]
    path, _ = printed(tmp_path, capsys, *arguments, "--dialect", "shelly")
    assert [(one.dialect, one.base) for one in load(path).heard] == [("shelly", "shelly")]
    path, _ = printed(tmp_path, capsys, *arguments, "--dialect", "tasmota", "--base-topic", "")
    assert [(one.dialect, one.base) for one in load(path).heard] == [("tasmota", "")]


def test_a_hub_takes_settings_for_several_dialects(tmp_path: Path) -> None:
    hub = HubFor(
        home="h", hub="i", data="d", host="b", port=1, networks=(("shelly", ""), ("plain", "p"))
    )
    path = tmp_path / "hub.toml"
    path.write_text(hub_settings(hub, []))
    heard = [(one.dialect, one.base) for one in load(path).heard]
    assert heard == [("zigbee2mqtt", "zigbee2mqtt"), ("shelly", ""), ("plain", "p")]


@pytest.mark.parametrize(("dialect", "clock"), [("tasmota", "events"), ("esphome", "wall")])
def test_what_bears_no_time_is_heard_by_the_hub_s_own_clock(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], dialect: str, clock: str
) -> None:
    arguments = ["--home", "home2", "--broker", "localhost", "--data", "d", "--dialect", dialect]
    path, _ = printed(tmp_path, capsys, *arguments)
    assert load(path).clock.source == clock
