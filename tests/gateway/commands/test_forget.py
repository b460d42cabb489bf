"""Who was erased is not kept for years on a forgotten hub, and nobody else loses a thing by it."""

import asyncio
from pathlib import Path

import pytest
from starlette.responses import Response

from gateway.cli import main
from gateway.journal.lock import only_one
from gateway.uplink.key import load_or_make_key
from tests.gateway.centre_peer import Peer, away, erasure, refusal, serving
from tests.gateway.household import Household

pytestmark = pytest.mark.network

KEPT = (
    "journal.sqlite", "journal.sqlite-wal", "journal.suspect",
    "journal.damaged-20260301T000000Z.sqlite", "hub.key.new",
)  # fmt: skip


def filled(folder: Path) -> Path:
    """The data folder of a hub that has lived."""
    data = folder / "data"
    data.mkdir()
    for name in KEPT:
        (data / name).write_bytes(b"at 03:10 in the bathroom")
    (data / "journal.salvage").mkdir()
    (data / "journal.salvage" / "journal.sqlite").write_bytes(b"at 03:10 in the bathroom")
    load_or_make_key(data / "hub.key")
    load_or_make_key(folder / "hub.key.of-another")
    (data / "hub.key.new").unlink()
    load_or_make_key(data / "hub.key.new")
    return data


async def forget(household: Household, hub: str = "hub-1") -> int:
    return await asyncio.to_thread(main, ["forget", hub, "--settings", str(household.path)])


async def test_what_is_kept_of_an_erased_person_goes_from_the_hub_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serving(Peer(answers=[refusal(401), erasure()])) as peer:
        household = Household(tmp_path, centre=peer.url)
        data = filled(tmp_path)
        assert await forget(household) == 0
    assert [one.name for one in data.iterdir()] == ["journal.lock"]
    assert (tmp_path / "hub.key.of-another").exists()
    assert "forgotten: 7 files of hub hub-1" in capsys.readouterr().out


@pytest.mark.parametrize(
    "answer",
    [refusal(410), refusal(403), away(), refusal(404)],
    ids=["gone", "turned away", "away", "unknown"],
)
async def test_nobody_loses_what_only_their_hub_has_by_less_than_the_centres_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], answer: Response
) -> None:
    async with serving(Peer(answers=[answer])) as peer:
        household = Household(tmp_path, centre=peer.url)
        data = filled(tmp_path)
        assert await forget(household) == 1
    assert {*KEPT, "hub.key", "journal.salvage"} <= {one.name for one in data.iterdir()}
    assert capsys.readouterr().err.startswith("nothing was deleted: the centre does not say")


async def test_a_slip_of_the_hand_or_a_hub_at_work_costs_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serving(Peer(answers=[erasure()])) as peer:
        household = Household(tmp_path, centre=peer.url)
        data = filled(tmp_path)
        assert await forget(household, "hub-2") == 2
        with only_one(data / "journal.sqlite"):
            assert await forget(household) == 1
    assert set(KEPT) <= {one.name for one in data.iterdir()}
    other, busy = capsys.readouterr().err.splitlines()
    assert other == "nothing was deleted: this is hub hub-1, not hub-2"
    assert "another hub process uses this data folder; stop it first" in busy


async def test_a_hub_without_a_centre_is_never_told_to_forget(tmp_path: Path) -> None:
    household = Household(tmp_path)
    data = filled(tmp_path)
    assert await forget(household) == 2
    assert set(KEPT) <= {one.name for one in data.iterdir()}
