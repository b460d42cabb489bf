"""An installer on a doorstep makes a hub known with one code, and is told what to do if not."""

import asyncio
from pathlib import Path

import pytest

from gateway.cli import main
from tests.gateway.centre_peer import Peer, serving
from tests.gateway.household import Household

pytestmark = pytest.mark.network


async def claim(household: Household, code: str) -> int:
    return await asyncio.to_thread(main, ["claim", code, "--settings", str(household.path)])


async def test_a_hub_is_claimed_and_claiming_again_is_harmless(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serving(Peer(codes={"code": ("hub-1", "h1")})) as peer:
        household = Household(tmp_path, centre=peer.url)
        assert [await claim(household, "code") for _ in range(2)] == [0, 0]
    assert capsys.readouterr().out == "claimed: this is hub hub-1 of home h1\n" * 2
    assert (tmp_path / "data" / "hub.key").stat().st_mode & 0o777 == 0o600


async def test_a_code_that_is_wrong_or_used_is_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serving(Peer(codes={"used": ("hub-1", "h1")}, keys={"hub-1": "other"})) as peer:
        household = Household(tmp_path, centre=peer.url)
        assert [await claim(household, code) for code in ("wrong", "used")] == [1, 1]
    unknown, used = capsys.readouterr().err.splitlines()
    assert unknown == "the code is unknown or has expired; ask the centre for a new one"
    assert used == "the code was used by another hub; ask the centre for a new one"


async def test_settings_that_name_another_hub_are_put_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serving(Peer(codes={"code": ("hub-9", "h9")})) as peer:
        assert await claim(Household(tmp_path, centre=peer.url), "code") == 1
    assert 'id = "hub-9"\nhome = "h9"' in capsys.readouterr().err


async def test_a_centre_that_is_away_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await claim(Household(tmp_path, centre="http://127.0.0.1:9"), "code") == 1
    assert "http://127.0.0.1:9: the centre cannot be reached" in capsys.readouterr().err


async def test_settings_without_a_centre_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await claim(Household(tmp_path), "code") == 2
    assert "add [centre] with its url" in capsys.readouterr().err
