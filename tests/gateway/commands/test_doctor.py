"""An installer on a doorstep asks the doctor, and is told what to do in the right place."""

import asyncio
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aiomqtt
import msgspec
import pytest

from gateway.cli import main
from gateway.journal import Intake, Journal
from gateway.journal.intake import quarantined
from tests.gateway.centre_peer import Peer, away, erasure, refusal, serving
from tests.gateway.household import Household
from tests.support.broker import Mosquitto
from tests.support.ports import free_port
from tests.support.program import Program, wait_until

pytestmark = pytest.mark.network

ALL_WELL = (
    *("settings", "versions", "key", "hub", "journal", "identity", "outbox", "broker", "speaking"),
    *("sensor front-door", "sensor bathroom-motion", "centre", "clock and centre"),
)
LISTEN = ("--listen", "0.3")


class Consulting:
    """Asks the doctor of one hub, as a program would."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.code = -1

    async def __call__(self, household: Household, *options: str) -> dict[str, dict[str, Any]]:
        arguments = ["doctor", "--json", "--settings", str(household.path), *(options or LISTEN)]
        self._capsys.readouterr()
        self.code = await asyncio.to_thread(main, arguments)
        answer = msgspec.json.decode(self._capsys.readouterr().out)
        assert answer["well"] == (self.code == 0)
        return {one["check"]: one for one in answer["findings"]}


@pytest.fixture
def doctor(capsys: pytest.CaptureFixture[str]) -> Consulting:
    return Consulting(capsys)


@pytest.fixture
def strict_broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """A broker that lets in `hub`, whose password is `swordfish`, and nobody else."""
    folder = tmp_path / "strict"
    folder.mkdir()
    passwords = folder / "passwords"
    passwords.write_text("hub:swordfish\n")
    subprocess.run(["mosquitto_passwd", "-U", passwords], check=True, capture_output=True)
    running = Mosquitto(folder, f"allow_anonymous false\npassword_file {passwords}\n")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def run() -> Iterator[Callable[[Household], None]]:
    """Starts hubs, and ends whatever a failed test left behind."""
    running: list[Household] = []

    def start(household: Household) -> None:
        running.append(household)
        household.program.start()

    yield start
    for household in running:
        household.program.kill()


async def test_a_hub_at_work_is_found_well_from_its_sensors_to_its_centre(
    tmp_path: Path,
    broker: Mosquitto,
    doctor: Consulting,
    run: Callable[[Household], None],
) -> None:
    async with serving(Peer(codes={"code": ("hub-1", "h1")})) as peer:
        household = Household(tmp_path / "hub", port=broker.port, centre=peer.url, clock="wall")
        claim = ["claim", "code", "--settings", str(household.path)]
        assert await asyncio.to_thread(main, claim) == 0
        run(household)
        connected = "connected to the broker"
        await asyncio.to_thread(
            wait_until, lambda: connected in household.program.said(), 30, connected
        )
        async with aiomqtt.Client(broker.host, broker.port) as devices:
            await devices.publish("zigbee2mqtt/front-door", b'{"contact":false}', qos=1)
            await devices.publish("zigbee2mqtt/bathroom-motion", b'{"occupancy":true}', qos=1)
            examined = asyncio.create_task(doctor(household, "--listen", "1"))
            while not examined.done():
                await asyncio.sleep(0.1)
                await devices.publish("zigbee2mqtt/front-door", b'{"contact":false}', qos=1)
            found = await examined
        assert await asyncio.to_thread(household.program.stop) == 0
    for check in ALL_WELL:
        assert found[check]["state"] == "ok", found[check]
    assert "from front-door" in found["speaking"]["said"]


async def test_a_hub_that_was_never_started_is_told_each_step_that_is_missing(
    tmp_path: Path, doctor: Consulting
) -> None:
    household = Household(tmp_path, port=free_port(), centre=f"http://127.0.0.1:{free_port()}")
    found = await doctor(household)
    assert doctor.code == 1
    for check in ("key", "hub", "journal", "broker", "centre"):
        assert found[check]["state"] == "wrong", found[check]
        assert found[check]["remedy"]
    assert "cannot be reached" in found["broker"]["said"]
    assert "start the hub" in found["journal"]["remedy"]


async def test_a_wrong_password_is_told_from_a_broker_that_is_away(
    tmp_path: Path, strict_broker: Mosquitto, doctor: Consulting
) -> None:
    household = Household(tmp_path / "hub", port=strict_broker.port)
    assert "username and password_file" in (await doctor(household))["broker"]["remedy"]
    (tmp_path / "hub" / "secret").write_text("wrong")
    household.path.write_text(
        household.path.read_text().replace(
            "[broker]", '[broker]\nusername = "hub"\npassword_file = "secret"'
        )
    )
    found = await doctor(household)
    assert "refuses the login" in found["broker"]["said"]
    assert "the password of 'hub'" in found["broker"]["remedy"]
    (tmp_path / "hub" / "secret").write_text("swordfish")
    found = await doctor(household)
    assert found["broker"]["state"] == "ok"
    assert "swordfish" not in str(found)


async def test_the_broker_lets_a_hub_in_by_the_password_of_its_environment_and_no_log_has_it(
    tmp_path: Path, strict_broker: Mosquitto
) -> None:
    household = Household(tmp_path / "hub")
    command = ("telecare-gateway", "run", "--settings", household.path)
    environment = {
        "TELECARE_GATEWAY_BROKER_PORT": str(strict_broker.port),
        "TELECARE_GATEWAY_BROKER_USERNAME": "hub",
        "TELECARE_GATEWAY_BROKER_PASSWORD": "swordfish",
    }
    hub = Program(command, tmp_path / "hub.log", environment)
    hub.start()
    try:
        await asyncio.to_thread(wait_until, lambda: "connected to" in hub.said(), 30, "let in")
        assert await asyncio.to_thread(hub.stop) == 0
    finally:
        hub.kill()
    assert "swordfish" not in hub.said()


async def test_a_broker_on_which_nobody_speaks_is_said_so_though_it_keeps_old_states(
    tmp_path: Path, broker: Mosquitto, doctor: Consulting
) -> None:
    async with aiomqtt.Client(broker.host, broker.port) as devices:
        await devices.publish("zigbee2mqtt/front-door", b'{"contact":false}', retain=True)
    found = await doctor(Household(tmp_path / "hub", port=broker.port))
    assert found["speaking"]["state"] == "note"
    assert "1 old states are kept" in found["speaking"]["said"]
    found = await doctor(Household(tmp_path / "hub", port=broker.port), "--listen", "0")
    assert found["speaking"]["state"] == "skipped"


@pytest.mark.parametrize("once", [True, False], ids=["stranger", "refused"])
async def test_nobody_looks_for_a_bridge_that_is_down_while_what_it_says_cannot_be_used(
    tmp_path: Path, broker: Mosquitto, doctor: Consulting, *, once: bool
) -> None:
    household = Household(tmp_path / "hub", port=broker.port)
    with Journal.open(household.journal_path, "hub-1", "h1") as journal:
        aside = quarantined(time.time() - 60, "zigbee2mqtt/x", "unknown", b"", once=once)
        journal.write_intake(Intake(quarantine=[aside]), time.time())
    found = await doctor(household)
    assert found["speaking"]["state"] == "ok"
    assert "within the last hour" in found["speaking"]["said"]


async def test_each_way_in_which_a_centre_fails_has_its_own_remedy(
    tmp_path: Path, doctor: Consulting
) -> None:
    async with serving(Peer(codes={"code": ("hub-1", "h1")})) as peer:
        household = Household(tmp_path, port=free_port(), centre=peer.url)
        peer.answers = [refusal(401)]
        assert "claim CODE" in (await doctor(household))["centre"]["remedy"]
        claim = ["claim", "code", "--settings", str(household.path)]
        assert await asyncio.to_thread(main, claim) == 0
        peer.answers = [refusal(401), away(503), refusal(422)]
        said = [(await doctor(household))["centre"]["said"] for _ in range(4)]
        peer.answers = [erasure()]
        assert "telecare-gateway forget" in (await doctor(household))["centre"]["remedy"]
    assert "does not know this hub by its key" in said[0]
    assert "cannot be reached" in said[1]
    assert "422" in said[2]
    assert "takes this hub's token" in said[3]


async def test_a_hub_whose_clock_is_off_is_told_so_and_not_to_be_claimed_anew(
    tmp_path: Path, doctor: Consulting
) -> None:
    async with serving(Peer(codes={"code": ("hub-1", "h1")})) as peer:
        household = Household(tmp_path, port=free_port(), centre=peer.url)
        claim = ["claim", "code", "--settings", str(household.path)]
        assert await asyncio.to_thread(main, claim) == 0
        for peer.ahead, way in ((3600.0, "behind"), (-3600.0, "ahead of")):
            found = await doctor(household)
            assert found["centre"]["state"] == "ok", found["centre"]
            assert found["clock and centre"]["state"] == "wrong"
            assert f"s {way} the centre" in found["clock and centre"]["said"]


def test_wrong_settings_are_the_one_finding_and_a_person_reads_it_in_two_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "hub.toml"
    path.write_text("[hub]\nid = 3\n")
    assert main(["doctor", "--settings", str(path)]) == 1
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith(f"WRONG   settings: {path}:2: hub.id: ")
    assert second.startswith("        -> mend that")


def test_settings_that_are_not_there_have_no_line_to_mend(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for nowhere in (tmp_path / "none.toml", tmp_path):
        assert main(["doctor", "--settings", str(nowhere)]) == 1
        first, second, *_ = capsys.readouterr().out.splitlines()
        assert first.startswith(f"WRONG   settings: {nowhere}: ")
        assert second.startswith("        -> name them with --settings")


@pytest.mark.parametrize("seconds", ["-1", "soon", "3601", "nan"])
def test_a_time_to_listen_that_is_none_is_refused(seconds: str) -> None:
    with pytest.raises(SystemExit):
        main(["doctor", f"--listen={seconds}"])
