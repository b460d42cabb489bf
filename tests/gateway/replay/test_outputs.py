"""A replay is a study: what was there before it is there after it, above all the hub itself."""

from pathlib import Path

import pytest

from gateway.cli import main
from gateway.replay.report import remarks
from gateway.replay.share import Outcome
from tests.gateway.events import event, recording
from tests.gateway.household import Household


@pytest.fixture
def hub(tmp_path: Path) -> Household:
    """A hub that has heard two events, and has its key."""
    made = Household(tmp_path / "hub")
    heard = recording(tmp_path / "heard.jsonl", [event(1), event(2)])
    assert main(["import", str(heard), "--settings", str(made.path)]) == 0
    (made.journal_path.parent / "hub.key").write_text("the key")
    return made


def replay(hub: Household, *words: object, own: bool = True) -> int:
    source = ["--journal"] if own else [str(hub.path.parent.parent / "heard.jsonl")]
    settings = ["--settings", str(hub.path)] if own else []
    return main(["replay", *source, *settings, *map(str, words)])


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("name", ["journal.sqlite", "journal.sqlite-wal", "hub.key", "new.jsonl"])
@pytest.mark.parametrize("output", ["--alerts", "--assessments", "--refused"])
def test_nothing_of_a_data_folder_is_written_over_whatever_is_asked(
    hub: Household, capsys: pytest.CaptureFixture[str], output: str, name: str, *, own: bool
) -> None:
    data = hub.journal_path.parent
    before = {one.name: one.read_bytes() for one in data.iterdir()}
    assert replay(hub, output, data / name, "--force", own=own) == 2
    assert "a hub's own, or in its data folder" in capsys.readouterr().err
    assert {one.name: one.read_bytes() for one in data.iterdir()} == before


def test_a_key_that_lies_elsewhere_and_a_link_to_the_journal_are_the_hub_s_too(
    hub: Household, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "elsewhere.key"
    key.write_text("the key")
    hub.path.write_text(
        f'{hub.path.read_text()}\n[centre]\nurl = "https://centre.example"\nkey_file = "{key}"\n'
    )
    (tmp_path / "soft.jsonl").symlink_to(hub.journal_path)
    (tmp_path / "hard.jsonl").hardlink_to(hub.journal_path)
    for name in ("elsewhere.key", "soft.jsonl", "hard.jsonl"):
        assert replay(hub, "--alerts", tmp_path / name, "--force") == 2
        assert "name a file elsewhere" in capsys.readouterr().err
    assert key.read_text() == "the key"
    assert len(hub.events()) == 2


@pytest.mark.parametrize("own", [True, False])
def test_what_is_there_is_replaced_only_where_that_is_asked_for(
    hub: Household, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, own: bool
) -> None:
    other = Household(tmp_path / "another-hub").path
    said = other.read_text()
    assert replay(hub, "--alerts", other, own=own) == 2
    assert f"{other} is there already; --force replaces it" in capsys.readouterr().err
    assert other.read_text() == said
    out = tmp_path / "alerts.jsonl"
    out.write_text("of last month")
    assert replay(hub, "--alerts", out, own=own) == 2
    assert out.read_text() == "of last month"
    assert replay(hub, "--alerts", out, "--force", own=own) == 0
    assert "of last month" not in out.read_text()


def test_the_settings_of_the_hub_are_an_input_that_nothing_replaces(
    hub: Household, capsys: pytest.CaptureFixture[str]
) -> None:
    said = hub.path.read_text()
    assert replay(hub, "--alerts", hub.path, "--force") == 2
    assert "it would be lost" in capsys.readouterr().err
    assert hub.path.read_text() == said


def test_a_folder_is_said_to_be_one_and_a_device_takes_it_all(
    hub: Household, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert replay(hub, "--alerts", tmp_path, "--force") == 2
    assert capsys.readouterr().err == f"{tmp_path} is a folder; name a file in it\n"
    assert replay(hub, "--alerts", "/dev/null", "--assessments", "/dev/null") == 0


def test_nobody_is_sent_to_sort_the_journal_of_a_hub() -> None:
    outcome = Outcome(events=40, homes=1, late=38)
    (of_recording,) = remarks(outcome, None)
    (of_journal,) = remarks(outcome, None, of_journal=True)
    assert "sort each home's events" in of_recording
    assert of_journal.startswith("38 events came too late to the hub to be detected upon")
    assert "sort" not in of_journal
