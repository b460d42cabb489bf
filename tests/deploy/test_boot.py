"""An installed hub, booted: it works inside its walls, and comes back whatever happens to it."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import missing
from tests.deploy.conftest import install
from tests.deploy.machine import Machine

pytestmark = pytest.mark.slow

SENSOR = '\n[[sensors]]\nname = "bathroom-pir"\nkind = "motion"\nplace = "bathroom"\n'
# Keeps an environment such as Zigbee2MQTT would be started with.
BRIDGE = "[Service]\nType=oneshot\nExecStart=/usr/bin/env\nStandardOutput=file:/root/environment\n"
SCRIPT = Path(__file__).with_name("on_boot.sh")


@pytest.fixture(scope="module")
def booted(
    installed: Machine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """What the script wrote, by heading."""
    if shutil.which("systemd-nspawn") is None:
        missing("systemd-nspawn", "install the package systemd-container")
    machine = installed.copy(tmp_path_factory.mktemp("booted") / "machine")
    claim(machine.path("/etc/telecare/hub.toml"))
    machine.path("/etc/systemd/system/zigbee2mqtt.service").write_text(BRIDGE)
    assert install(machine).returncode == 0
    written = machine.boot(SCRIPT.read_text(), limit_s=280)
    parts = re.split(r"^== (.+)\n", written, flags=re.MULTILINE)
    yield dict(zip(parts[1::2], parts[2::2], strict=True))
    machine.delete()


def claim(settings: Path) -> None:
    """Names the hub, with no centre to report to and one sensor."""
    text = settings.read_text().replace('id = "unclaimed"', 'id = "hub-1"')
    text = re.sub(r"^(\[centre\]|url = .*)$", r"# \1", text, flags=re.MULTILINE)
    settings.write_text(text + SENSOR)


def test_it_starts_with_the_machine_and_says_that_it_is_ready(booted: dict[str, str]) -> None:
    assert "ActiveState=active" in booted["started"], booted["log"]
    assert "NRestarts=0" in booted["started"]


def test_it_has_no_rights_and_a_filter_on_what_it_asks_of_the_kernel(
    booted: dict[str, str],
) -> None:
    rights = dict(line.split(":\t", 1) for line in booted["rights"].splitlines())
    assert rights["NoNewPrivs"] == "1"
    assert rights["Seccomp"] == "2"
    assert int(rights["CapEff"], 16) == 0
    assert not rights["Uid"].startswith("0")


def test_it_can_write_to_its_own_folder_and_nowhere_else(booted: dict[str, str]) -> None:
    assert booted["writable"].split() == ["/var/lib/telecare"]


def test_it_hears_the_sensors_through_the_broker_with_its_password(booted: dict[str, str]) -> None:
    assert events(booted["heard"]) == 1, booted["log"]


def test_installing_again_does_not_disturb_it(booted: dict[str, str]) -> None:
    assert "Nothing had to be changed" in booted["again"]
    assert "the same process" in booted["again"]


def test_killed_it_comes_back(booted: dict[str, str]) -> None:
    assert "ActiveState=active" in booted["killed"], booted["log"]
    assert "NRestarts=1" in booted["killed"]


def test_mended_rules_reach_the_broker_and_the_hub_finds_it_again(booted: dict[str, str]) -> None:
    assert "  done    write /etc/mosquitto/telecare.acl" in booted["rules"]
    assert "  done    restart mosquitto.service" in booted["rules"]
    assert "the same process" in booted["rules"]
    assert events(booted["rules"]) == 2, booted["log"]


def test_frozen_it_is_started_anew(booted: dict[str, str]) -> None:
    assert "Watchdog timeout" in booted["log"]
    assert "ActiveState=active" in booted["frozen"], booted["log"]


def test_zigbee2mqtt_is_started_with_the_hubs_options(booted: dict[str, str]) -> None:
    options = booted["bridge"].splitlines()
    assert 'ZIGBEE2MQTT_CONFIG_DEVICE_OPTIONS={"qos":1}' in options
    assert "ZIGBEE2MQTT_CONFIG_ADVANCED_LAST_SEEN=ISO_8601" in options
    assert 'ZIGBEE2MQTT_CONFIG_ADVANCED_LOG_OUTPUT=["console"]' in options


def test_a_hub_that_has_no_name_yet_waits_without_failing(booted: dict[str, str]) -> None:
    assert "ActiveState=inactive" in booted["unclaimed"], booted["log"]


def events(status: str) -> int:
    """How many events the hub says it has heard, in what it printed last."""
    printed = status[status.index("{\n") :]
    return int(json.loads(printed)["health"]["counters"]["events"])
