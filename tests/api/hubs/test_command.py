"""A hub that was stolen in the night is let go from the machine, by whoever is there, and noted."""

import os
from pathlib import Path

import pytest

from api.cli import main
from api.commands.with_services import with_services
from api.refusals import Forbidden
from api.services import Services
from api.settings import read_settings
from tests.api.support import Device, add_device
from tests.api.test_cli import ask

pytestmark = pytest.mark.network


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, migrated_url: str, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", migrated_url)
    monkeypatch.setenv("TELECARE_DATA", str(tmp_path))


@pytest.fixture
def device() -> Device:
    async def work(services: Services) -> Device:
        return await add_device(services, "h17")

    return with_services(read_settings(os.environ), work)


def knock(device: Device) -> None:
    """The hub's next question to the centre."""

    async def work(services: Services) -> None:
        await services.door.home_of(device.hub, f"Bearer {device.token(services.clock())}")

    with_services(read_settings(os.environ), work)


def test_a_hub_that_is_let_go_is_turned_away_and_the_log_says_that_a_command_did_it(
    capsys: pytest.CaptureFixture[str], migrated_url: str, device: Device
) -> None:
    knock(device)
    assert main(["hubs", "--revoke", device.hub]) == 0
    assert "let go" in capsys.readouterr().out
    with pytest.raises(Forbidden):
        knock(device)
    noted = "select actor || ' ' || subject from audit where action = 'hub.revoke'"
    assert ask(migrated_url, noted) == f"command {device.hub}"
    assert main(["hubs", "--revoke", device.hub]) == 1
    assert "let go already" in capsys.readouterr().err


def test_the_hub_that_follows_another_gets_a_code_and_the_other_is_heard_until_it_speaks(
    capsys: pytest.CaptureFixture[str], migrated_url: str, device: Device
) -> None:
    assert main(["hubs", "--replace", device.hub]) == 0
    printed = capsys.readouterr()
    assert len(printed.out.strip()) == 14  # for scripts, the code alone
    assert f"{device.hub} is heard until it first speaks" in printed.err
    knock(device)
    assert ask(migrated_url, "select home from hub where replaces is not null") == "h17"
    assert ask(migrated_url, "select actor from audit where detail <> ''") == "command"
    assert main(["hubs", "--replace", device.hub]) == 1


def test_a_code_that_was_lost_is_renewed_and_the_list_shows_how_each_hub_stands(
    capsys: pytest.CaptureFixture[str], migrated_url: str, device: Device
) -> None:
    assert main(["add-hub", "--home", "h18"]) == 0
    first = capsys.readouterr().out
    waiting = str(ask(migrated_url, "select hub from hub where home = 'h18'"))
    assert main(["hubs", "--code", waiting]) == 0
    assert capsys.readouterr().out not in {first, ""}
    assert main(["hubs", "--code", device.hub]) == 1  # it was claimed
    capsys.readouterr()
    assert main(["hubs", "--organisation", "Our homes"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert [one.rpartition(": ")[2] for one in shown] == ["never heard", "not claimed"]
    assert main(["hubs", "--organisation", "Nobody's"]) == 1
    assert main(["hubs", "--code", waiting, "--days", "91"]) == 1


def test_a_hub_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hubs", "--revoke", "hub-nobody"]) == 1
    assert capsys.readouterr().err == "telecare-api: There is no hub hub-nobody.\n"
