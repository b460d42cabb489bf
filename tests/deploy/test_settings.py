"""The settings that the installer writes are settings that the hub takes."""

import shlex
import subprocess
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.settings import Settings, files, load
from tests.deploy.wheels import ROOT

FOLDER = ROOT / "deploy" / "raspberrypi"
NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True)


def written(folder: Path, **values: str) -> Settings:
    """What the hub makes of the settings file for a home with these values."""
    first = {"hub": "unclaimed", "home": "h1", "time_zone": "Europe/London", "centre": ""} | values
    assigned = " ".join(f"{name}={shlex.quote(value)}" for name, value in first.items())
    script = f". {FOLDER}/lib/hub.sh; here={FOLDER} {assigned}; first_settings"
    path = folder / "hub.toml"
    path.write_bytes(subprocess.check_output(["bash", "-euc", script]))
    return load(path)


def test_a_hub_without_a_centre_starts_with_what_was_written(tmp_path: Path) -> None:
    made = written(tmp_path, home="elm-road", time_zone="Europe/Athens")
    assert (made.hub.home, made.hub.time_zone) == ("elm-road", "Europe/Athens")
    assert made.centre is None


def test_the_centre_is_switched_on_where_it_is_known(tmp_path: Path) -> None:
    made = written(tmp_path, centre="https://centre.example.org:8443")
    assert made.centre is not None
    assert made.centre.url == "https://centre.example.org:8443"


def test_the_hub_finds_its_password_and_its_data_where_the_installer_put_them(
    tmp_path: Path,
) -> None:
    found = files(tmp_path / "hub.toml", written(tmp_path))
    assert found.password == Path("/etc/telecare/secrets/hub-mqtt-password")
    assert found.journal.parent == Path("/var/lib/telecare")
    assert found.key.parent == Path("/var/lib/telecare")


def test_the_examples_are_such_as_the_hub_takes(tmp_path: Path) -> None:
    written(tmp_path)
    path = tmp_path / "hub.toml"
    lines = path.read_text().splitlines()
    example = lines.index("# [[networks]]")
    words = lines.index("", example) + 1  # between the two examples
    lines[example:] = [
        line if number == words else line.removeprefix("# ")
        for number, line in enumerate(lines[example:], start=example)
    ]
    path.write_text("\n".join(lines))
    assert [one.kind for one in load(path).sensors] == ["motion"]
    assert [one.dialect for one in load(path).networks] == ["shelly"]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(home=NAMES, hub=NAMES)
def test_any_name_that_the_installer_lets_through_arrives_unchanged(
    tmp_path: Path, home: str, hub: str
) -> None:
    made = written(tmp_path, home=home, hub=hub)
    assert (made.hub.home, made.hub.id) == (home, hub)
