"""A damaged journal is told by every command with what to do about it, and the hub mends it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gateway.cli import main
from gateway.doctor.store import check_store
from gateway.journal import Journal, JournalError, swap
from gateway.journal.backup import backup
from gateway.settings import files
from tests.gateway.commands.lived_in import lived_in
from tests.gateway.events import START, event, recording
from tests.gateway.household import Household

LAST = "(select max(seq) from journal where kind = 'event')"
EVENT = f"update journal set body = x'00' where seq = {LAST}"  # noqa: S608 - our own


@pytest.fixture
def household(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Household:
    monkeypatch.chdir(tmp_path)
    recording(tmp_path / "e.jsonl", [event(1)])
    return lived_in(tmp_path / "hub")[0]


def worn(household: Household, *statements: str) -> None:
    path = household.journal_path
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount


def opened(household: Household) -> Journal:
    return Journal.open(household.journal_path, "hub-1", "h1")


def found(household: Household) -> list[str]:
    """What `doctor` says of the journal."""
    settings = household.settings
    places = files(household.path, settings)
    return [f"{one.said} -> {one.remedy}" for one in check_store(settings, places, START)]


def ask(household: Household, *arguments: str) -> int:
    return main([*arguments, "--settings", str(household.path)])


COMMANDS = [
    ["sensors"], ["tail", "--seconds", "0"], ["export", "x.jsonl"], ["replay", "--journal"],
    ["import", "e.jsonl"], ["backup", "copy.sqlite"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one[0])
def test_a_damaged_event_is_named_with_what_to_do_and_the_hub_s_next_start_mends_it(
    household: Household, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    worn(household, EVENT)
    assert ask(household, *command) == 1
    said = capsys.readouterr().err
    assert "is damaged: record 15 is not as it was written; restart the hub" in said
    assert "Traceback" not in said
    assert swap.suspect(household.journal_path).exists()
    assert not Path("copy.sqlite").exists()
    with opened(household) as journal:
        assert journal.counters()["journal_lost"] == 1
    capsys.readouterr()
    assert ask(household, *command) == 0


@pytest.mark.parametrize(
    ("command", "damage"),
    [
        (["status"], "update journal set body = x'00ff' where kind = 'alert'"),
        (["status"], "delete from identity"),
        (["replay", "--journal"], "delete from identity"),
    ],
)
def test_damage_in_what_is_not_an_event_is_told_as_well(
    household: Household, command: list[str], damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    worn(household, damage)
    assert ask(household, *command) == 1
    assert "is damaged: " in capsys.readouterr().err


def test_a_record_without_a_sum_that_says_nothing_is_damage_too(
    household: Household, capsys: pytest.CaptureFixture[str]
) -> None:
    worn(household, EVENT.replace("set ", "set sum = null, "))
    assert ask(household, "tail", "--seconds", "0") == 1
    assert "is damaged: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (EVENT, "record 15 is not as it was written"),
        ("update journal set written_at = -1e300 where seq = 3", "record 3 is not"),
        ("update engine set checkpoint = x'00'", "what the engine had learned is not"),
        ("update devices set state = x'00'", "what is remembered of 1 devices is not"),
        ("insert into spell values ('c', 'pause', 0, 1e300, 0, 0, 0)", "1 of the pauses"),
        ("delete from identity", "whose it is is not"),
        ("update epochs set epoch = 'x'", "the name of an epoch is not"),
    ],
)
def test_doctor_and_backup_look_at_every_sum(
    household: Household, damage: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both said `whole` of a journal with a spoilt record in it."""
    worn(household, damage)
    first = found(household)[0]
    assert first.startswith(f"{household.journal_path}: is damaged: {said}")
    assert " -> restart the hub, which rebuilds it from what can be read" in first
    assert ask(household, "backup", "copy.sqlite") == 1
    assert said in capsys.readouterr().err
    assert sorted(path.name for path in Path().glob("*copy*")) == []


def test_doctor_says_that_the_configuration_which_is_kept_is_damaged(household: Household) -> None:
    worn(
        household,
        "insert into configuration (version, digest, content, state, taken_at) "
        "values (3, 'sha256:00', x'00', 'good', 0)",
    )
    (said,) = [one for one in found(household) if "configuration" in one]
    assert "version 3, is not as the centre sent it -> restart the hub" in said


def test_a_wild_date_of_what_has_no_sum_is_shown_and_ends_nothing(
    household: Household, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(household) as journal:
        journal.write_note("broker", "away", 1.0)
    worn(household, "update quarantine set at = 1e300 where id = 1", "update notes set at = -1e300")
    for command in (["quarantine"], ["quarantine", "show", "1"], ["status"], ["status", "--json"]):
        assert ask(household, *command) == 0, command
    assert "2100" in capsys.readouterr().out


def test_who_may_not_write_beside_the_journal_is_told_who_may(
    household: Household, capsys: pytest.CaptureFixture[str]
) -> None:
    worn(household, EVENT)
    swap.suspect(household.journal_path).symlink_to("/proc/none/such")
    assert ask(household, "sensors") == 1
    assert "run this again as root or as the hub's user" in capsys.readouterr().err


def test_an_empty_file_or_a_folder_in_the_journal_s_place_is_called_so(
    household: Household, capsys: pytest.CaptureFixture[str]
) -> None:
    path = household.journal_path
    for part in path.parent.glob("journal.sqlite*"):
        part.unlink()
    path.touch()
    assert ask(household, "status") == 1
    assert capsys.readouterr().err == (
        f"{path}: is empty; start the hub, which begins it or builds it anew\n"
    )
    path.unlink()
    path.mkdir()
    assert ask(household, "status") == 1
    assert "is a folder, and no journal; move it away" in capsys.readouterr().err
    with pytest.raises(JournalError, match="Is a directory"):
        Journal.open(path, "hub-1", "h1")


@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_nothing_but_a_file_is_replaced_by_a_copy_or_a_recording(
    household: Household, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Asked to write to a device as root, `--force` put a file in the device's place."""
    target = Path("target.jsonl")
    if kind == "pipe":
        os.mkfifo(target)
    else:
        target.mkdir()
    for command in ("backup", "export"):
        assert ask(household, command, str(target), "--force") == 1
        assert "is no file but a folder or a device; name another" in capsys.readouterr().err
    assert not target.is_file()
    with pytest.raises(JournalError, match="no file"):
        backup(household.journal_path, target, replace=True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["tail", "--seconds", "nan"], ["tail", "--seconds=-1"], ["tail", "--seconds", "inf"],
        ["tail", "--last=-5"], ["tail", "--last", "1.5"], ["quarantine", "--most=-1"],
        ["quarantine", "--most", "1001"],
    ],
)  # fmt: skip
def test_an_amount_that_makes_no_sense_is_refused_with_what_is_allowed(
    household: Household, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        ask(household, *arguments)
    assert ended.value.code == 2
    assert " from 0 to " in capsys.readouterr().err
