"""The installer, run for real on a real Debian: what it makes, keeps, repeats and takes away."""

import stat

import pytest

from gateway.settings import load
from tests.deploy.conftest import install
from tests.deploy.machine import Machine

SECRETS = "/etc/telecare/secrets"
COMMAND = "/opt/telecare/current/bin/telecare-gateway"
# Starts the broker as it was installed and speaks as the bridge, with its password or another.
SPEAK = """
install -d -o mosquitto /run/mosquitto  # which its service does at each start
mosquitto -d -c /etc/mosquitto/mosquitto.conf
password=${1:-$(cat /etc/telecare/secrets/zigbee2mqtt-mqtt-password)}
exec /opt/telecare/current/bin/python - "$password" <<'PYTHON'
import socket, sys, time
from paho.mqtt.publish import single

for _ in range(100):
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", 1883)) == 0:
            break
    time.sleep(0.1)
auth = {"username": "zigbee2mqtt", "password": sys.argv[1]}
single("zigbee2mqtt/kettle", "{}", qos=1, hostname="127.0.0.1", auth=auth)
PYTHON
"""


def test_the_hub_s_command_works_and_belongs_to_nobody_else(installed: Machine) -> None:
    shown = installed.run("telecare-gateway", "--help")
    assert shown.returncode == 0, shown.stderr
    assert "telecare-gateway" in shown.stdout
    assert installed.path(COMMAND).resolve().name == "telecare-gateway"


def test_the_hub_takes_the_settings_that_were_written(installed: Machine) -> None:
    settings = load(installed.path("/etc/telecare/hub.toml"))
    assert settings.hub.home == "elm-road"
    assert settings.centre is not None
    assert settings.centre.url == "https://centre.example.org"


@pytest.mark.parametrize(
    ("path", "owner", "mode"),
    [
        (SECRETS, "root:telecare", 0o750),
        (f"{SECRETS}/hub-mqtt-password", "root:telecare", 0o640),
        (f"{SECRETS}/zigbee2mqtt-mqtt-password", "root:root", 0o640),
        (f"{SECRETS}/installer-mqtt-password", "root:root", 0o640),
        ("/etc/telecare/hub.toml", "root:telecare", 0o640),
        ("/etc/telecare/zigbee2mqtt.env", "root:root", 0o640),
        ("/etc/mosquitto/telecare.passwd", "mosquitto:mosquitto", 0o600),
        ("/var/lib/telecare", "telecare:telecare", 0o750),
        ("/opt/telecare", "root:root", 0o755),
    ],
)
def test_only_those_who_need_it_can_read_it(
    installed: Machine, path: str, owner: str, mode: int
) -> None:
    seen = installed.run("stat", "-c", "%U:%G", path)
    assert seen.stdout.strip() == owner
    assert stat.S_IMODE(installed.path(path).stat().st_mode) == mode


def test_each_home_has_passwords_of_its_own(installed: Machine, bare: Machine) -> None:
    found = [path.read_text().strip() for path in installed.path(SECRETS).iterdir()]
    assert len(set(found)) == 3
    assert all(len(password) >= 32 for password in found)
    assert not bare.path(SECRETS).exists()


def test_no_password_stands_where_it_could_be_read(installed: Machine) -> None:
    hashed = installed.path("/etc/mosquitto/telecare.passwd").read_text()
    for path in installed.path(SECRETS).iterdir():
        assert path.read_text().strip() not in hashed


def test_the_user_cannot_log_in(installed: Machine) -> None:
    account = installed.run("getent", "passwd", "telecare").stdout.strip()
    assert account.endswith("/usr/sbin/nologin")


def test_the_broker_lets_the_bridge_in_and_nobody_with_another_password(machine: Machine) -> None:
    machine.path("/root/speak").write_text(SPEAK)
    let_in = machine.run("bash", "/root/speak", online=False, before="ip link set lo up")
    assert let_in.returncode == 0, let_in.stderr
    refused = machine.run("bash", "/root/speak", "guess", online=False, before="ip link set lo up")
    assert refused.returncode != 0
    assert "Not authorized" in refused.stderr


def test_systemd_understands_the_unit_where_it_stands(installed: Machine) -> None:
    checked = installed.run("systemd-analyze", "verify", "/etc/systemd/system/telecare-hub.service")
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_hub_starts_with_the_machine(installed: Machine) -> None:
    assert installed.run("systemctl", "is-enabled", "telecare-hub").stdout == "enabled\n"
    assert installed.run("systemctl", "is-enabled", "mosquitto").stdout == "enabled\n"


def test_a_second_run_changes_nothing(machine: Machine) -> None:
    before = machine.tree()
    again = install(machine)
    assert again.returncode == 0, again.stderr
    assert "Nothing had to be changed" in again.stdout
    assert machine.tree() == before


def test_a_dry_run_changes_nothing(bare: Machine) -> None:
    before = bare.tree()
    shown = install(bare, "--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert "  would   make the user telecare" in shown.stdout
    assert bare.tree() == before


def test_settings_that_somebody_changed_stay_as_they_are(machine: Machine) -> None:
    path = machine.path("/etc/telecare/hub.toml")
    path.write_text(path.read_text().replace("elm-road", "oak-lane"))
    install(machine, "--home", "ash-close")
    assert load(path).hub.home == "oak-lane"


def test_a_file_that_was_spoilt_is_mended(machine: Machine) -> None:
    acl = machine.path("/etc/mosquitto/telecare.acl")
    right = acl.read_text()
    acl.write_text("topic readwrite #\n")
    acl.chmod(0o666)
    mended = install(machine)
    assert "  done    write /etc/mosquitto/telecare.acl" in mended.stdout
    assert acl.read_text() == right
    assert stat.S_IMODE(acl.stat().st_mode) == 0o600


@pytest.mark.slow
def test_power_lost_while_a_release_was_written_is_made_good(machine: Machine) -> None:
    current = machine.path("/opt/telecare/current")
    release = machine.path(str(current.readlink()))
    (release / "complete").unlink()
    (release / "bin" / "telecare-gateway").unlink()
    again = install(machine, compiled=False)
    assert again.returncode == 0, again.stderr
    assert machine.run(COMMAND, "--help").returncode == 0


@pytest.mark.slow
def test_a_new_release_takes_over_and_the_last_one_stays_to_go_back_to(machine: Machine) -> None:
    current = machine.path("/opt/telecare/current")
    for number in range(2):
        constraints = machine.path("/root/telecare/constraints.txt")
        constraints.write_text(constraints.read_text() + f"# {number}\n")
        first = current.readlink()
        assert install(machine, compiled=False).returncode == 0
        assert current.readlink() != first
        assert machine.path(str(first)).is_dir()
    assert len(list(machine.path("/opt/telecare/releases").iterdir())) == 2


def test_a_lost_password_is_made_anew_and_the_broker_learns_it(machine: Machine) -> None:
    machine.path(f"{SECRETS}/installer-mqtt-password").unlink()
    hashed = machine.path("/etc/mosquitto/telecare.passwd")
    before = hashed.read_text()
    install(machine)
    assert hashed.read_text() != before


@pytest.mark.slow
def test_taken_away_the_hub_leaves_its_data_and_comes_back_to_it(machine: Machine) -> None:
    journal = machine.path("/var/lib/telecare/journal.sqlite")
    journal.write_bytes(b"years of a life")
    kept = {path: text for path, text in machine.tree().items() if path.startswith("etc/telecare")}
    gone = install(machine, "--uninstall")
    assert gone.returncode == 0, gone.stderr
    for path in ("/opt/telecare", "/etc/systemd/system/telecare-hub.service", "/usr/local/bin"):
        assert not list(machine.path(path).glob("*telecare*")), path
    assert not machine.path("/etc/mosquitto/conf.d/telecare.conf").exists()
    assert journal.read_bytes() == b"years of a life"
    assert load(machine.path("/etc/telecare/hub.toml")).hub.home == "elm-road"

    back = install(machine, compiled=False)
    assert back.returncode == 0, back.stderr
    after = machine.tree()
    assert journal.read_bytes() == b"years of a life"
    secrets = [path for path in kept if "secrets" in path or path.endswith("hub.toml")]
    assert [after[path] for path in secrets] == [kept[path] for path in secrets]


def test_taking_away_what_is_not_there_does_no_harm(fresh: Machine) -> None:
    before = fresh.tree()
    done = install(fresh, "--uninstall")
    assert done.returncode == 0, done.stderr
    assert "There was no hub" in done.stdout
    assert fresh.tree() == before


def test_data_is_deleted_only_by_somebody_who_was_told_what(machine: Machine) -> None:
    journal = machine.path("/var/lib/telecare/journal.sqlite")
    journal.write_bytes(b"years of a life")
    asked = install(machine, "--purge")
    assert asked.returncode == 1
    assert "/var/lib/telecare" in asked.stdout
    assert "--yes agrees beforehand" in asked.stderr
    assert journal.exists()

    agreed = install(machine, "--purge", "--yes")
    assert agreed.returncode == 0, agreed.stderr
    assert not journal.exists()
    assert not machine.path("/etc/telecare").exists()
    assert machine.run("getent", "passwd", "telecare").returncode != 0


def test_a_device_on_wifi_is_let_in_stays_in_and_is_shut_out_again(machine: Machine) -> None:
    listener = machine.path("/etc/mosquitto/conf.d/telecare-wifi.conf")
    hashed = machine.path("/etc/mosquitto/telecare.passwd")
    assert not listener.exists()
    done = install(machine, "--wifi", "kettle-plug", "--wifi", "hall-pir")
    assert done.returncode == 0, done.stderr
    password = machine.path(f"{SECRETS}/wifi/kettle-plug")
    assert len(password.read_text().strip()) >= 32
    assert password.read_text() != machine.path(f"{SECRETS}/wifi/hall-pir").read_text()
    assert password.read_text().strip() not in done.stdout + hashed.read_text()
    assert stat.S_IMODE(password.parent.stat().st_mode) == 0o700
    assert "listener 1884" in listener.read_text()
    users = ["telecare-hub", "zigbee2mqtt", "installer", "hall-pir", "kettle-plug"]
    assert [line.split(":")[0] for line in hashed.read_text().splitlines()] == users

    before = machine.tree()
    assert install(machine).returncode == 0
    assert machine.tree() == before, "an update shuts nobody out"

    password.unlink()
    install(machine)
    assert "kettle-plug" not in hashed.read_text()
    assert "hall-pir" in hashed.read_text()
    machine.path(f"{SECRETS}/wifi/hall-pir").unlink()
    install(machine)
    assert not listener.exists(), "with the last device the broker is shut to the network"


def test_a_device_is_let_in_only_where_there_is_a_hub(fresh: Machine) -> None:
    before = fresh.tree()
    refused = install(fresh, "--wifi", "kettle-plug")
    assert refused.returncode == 1
    assert "This machine is no hub yet" in refused.stderr
    assert fresh.tree() == before


def test_zigbee2mqtt_gets_its_options_where_it_is_installed(machine: Machine) -> None:
    machine.path("/etc/systemd/system/zigbee2mqtt.service").write_text(
        "[Service]\nExecStart=/bin/true\n"
    )
    assert install(machine).returncode == 0
    merged = machine.path("/etc/systemd/system/zigbee2mqtt.service.d/telecare.conf").read_text()
    assert "EnvironmentFile=/etc/telecare/zigbee2mqtt.env" in merged
    password = machine.path(f"{SECRETS}/zigbee2mqtt-mqtt-password").read_text().strip()
    options = machine.path("/etc/telecare/zigbee2mqtt.env").read_text()
    assert f"MQTT_PASSWORD={password}\n" in options


def test_where_zigbee2mqtt_is_missing_the_installer_says_what_to_do(machine: Machine) -> None:
    assert "Zigbee2MQTT is not here. Install it by its own guide" in install(machine).stdout


def test_a_broker_that_serves_others_already_is_left_alone(machine: Machine) -> None:
    theirs = machine.path("/etc/mosquitto/conf.d/theirs.conf")
    theirs.write_text("allow_anonymous true\n")
    refused = install(machine)
    assert refused.returncode == 1
    assert "already set in: /etc/mosquitto/conf.d/theirs.conf" in refused.stderr


def test_an_ordinary_user_is_told_to_use_sudo(machine: Machine) -> None:
    machine.path("/root").chmod(0o755)
    refused = machine.run("setpriv", "--reuid=65534", "/root/telecare/install.sh")
    assert refused.returncode == 1
    assert "Run it again with: sudo" in refused.stderr


def test_a_system_too_old_is_named(machine: Machine) -> None:
    about = machine.path("/etc/os-release")
    about.unlink()  # a link to where the system keeps it
    about.write_text('ID=debian\nVERSION_ID="11"\n')
    refused = install(machine)
    assert refused.returncode == 1
    assert "This is release '11'" in refused.stderr


def test_without_a_network_it_says_so_and_can_be_run_again(fresh: Machine) -> None:
    for path in fresh.path("/var/lib/apt/lists").glob("*Packages*"):
        path.unlink()
    refused = fresh.run("/root/telecare/install.sh", "--version", "0.1.0", online=False)
    assert refused.returncode == 1
    assert "Is this machine online?" in refused.stderr


@pytest.mark.slow
def test_a_card_without_room_is_left_as_it_was(fresh: Machine) -> None:
    small = f"mount -t tmpfs -o size=64m tmpfs {fresh.path('/opt')}"
    refused = install(fresh, before=small)
    assert refused.returncode == 1
    assert "MB are free for /opt" in refused.stderr
    assert not fresh.path("/opt/telecare").exists()
