"""A hub that cannot begin says in one line what to mend."""

from pathlib import Path

import pytest

from contract.downlink import digest_of
from gateway.cli import main
from gateway.downlink.book import DownlinkBook, Kept
from gateway.downlink.standing import STARTS
from gateway.journal import Journal
from gateway.journal.lock import only_one
from tests.gateway.events import START
from tests.gateway.household import Household


def run(household: Household, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["run", "--settings", str(household.path)]) == 1
    said = capsys.readouterr().err.strip().splitlines()
    assert "Traceback" not in "".join(said)
    return said[-1]


def test_a_password_file_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household = Household(tmp_path)
    text = household.path.read_text().replace("[broker]", '[broker]\npassword_file = "none"')
    household.path.write_text(text)
    said = run(household, capsys)
    assert said.startswith(f"{tmp_path / 'none'}: the broker's password cannot be read")


def test_a_second_hub_on_the_same_journal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household = Household(tmp_path)
    with only_one(household.journal_path):
        assert "another hub process uses this data folder" in run(household, capsys)


def test_a_data_folder_that_cannot_be_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household = Household(tmp_path)
    folder = household.journal_path.parent
    folder.write_text("a file, not a folder")
    assert main(["run", "--settings", str(household.path)]) == 2
    assert f"{folder} is a file" in capsys.readouterr().err


def test_a_password_that_is_missing_does_not_cost_the_centres_configuration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household = Household(tmp_path)
    text = household.path.read_text().replace("[broker]", '[broker]\npassword_file = "none"')
    household.path.write_text(text)
    content = b'{"people":2}'
    with Journal.open(household.journal_path, "hub-1", "h1") as journal:
        kept = Kept(1, digest_of(content), content, "trial", 0)
        DownlinkBook(journal).take_version(kept, [], START)
    for _ in range(STARTS + 1):
        run(household, capsys)
    with Journal.open(household.journal_path, "hub-1", "h1") as journal:
        (kept,) = DownlinkBook(journal).usable()
    assert (kept.version, kept.state) == (1, "trial")
