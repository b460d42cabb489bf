"""A journal of a few bytes, and one that this user may not read: a sentence and no surprise."""

import subprocess
import sys
from pathlib import Path

import pytest

from contract import Alert, RecordKind, decode
from gateway.journal import Journal
from gateway.journal.settling import CONDITION
from gateway.uplink.key import load_or_make_key
from tests.gateway.journal.test_full_disk import needs_root


@pytest.mark.parametrize("left", [1, 15, 16, 99])
def test_whoever_runs_the_centre_hears_of_a_journal_of_which_a_few_bytes_are_left(
    tmp_path: Path, left: int
) -> None:
    path = tmp_path / "journal.sqlite"
    Journal.open(path, "hub-1", "h1").close()
    path.write_bytes(path.read_bytes()[:left])
    with Journal.open(path, "hub-1", "h1") as journal:
        alerts = [decode(body, Alert) for _, body in journal.records(RecordKind.ALERT)]
        assert journal.counters()["journal_rebuilt"] == 1
    assert [one.condition for one in alerts] == [CONDITION]


_READ = """
import sys
from pathlib import Path
from gateway.journal import Journal, JournalError
try:
    Journal.open_read_only(Path(sys.argv[1]))
except JournalError as error:
    print(error)
"""


@needs_root
def test_who_may_not_read_the_journal_is_told_so_in_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    path = folder / "journal.sqlite"
    Journal.open(path, "hub-1", "h1").close()
    folder.chmod(0o000)
    without = "-dac_override,-dac_read_search"
    command = ["setpriv", f"--bounding-set={without}", sys.executable, "-c", _READ, str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    folder.chmod(0o700)
    assert said.stdout.startswith(f"{path}: cannot be read: Permission denied; run"), said.stderr
    assert "as the hub's user" in said.stdout


@needs_root
@pytest.mark.parametrize("command", ["status --once", "doctor", "sensors", "quarantine", "tail"])
def test_who_may_not_read_the_hub_s_folder_gets_a_sentence_from_every_command(
    tmp_path: Path, command: str
) -> None:
    folder = tmp_path / "data"
    Journal.open(folder / "journal.sqlite", "hub-1", "h1").close()
    settings = tmp_path / "hub.toml"
    settings.write_text('[hub]\nid = "hub-1"\nhome = "h1"\ndata = "data"\n')
    folder.chmod(0o000)
    without = "-dac_override,-dac_read_search"
    ran = [
        "setpriv", f"--bounding-set={without}", sys.executable, "-m", "gateway",
        *command.split(), "--settings", str(settings),
    ]  # fmt: skip
    said = subprocess.run(ran, capture_output=True, text=True, check=False, timeout=30)
    folder.chmod(0o700)
    assert said.returncode
    assert "Traceback" not in said.stderr
    assert "ermission denied" in said.stdout + said.stderr


@needs_root
@pytest.mark.parametrize("closed", ["data", "data/journal.sqlite", "data/hub.key"])
@pytest.mark.parametrize("command", ["doctor", "claim AAAA-BBBB-CCCC", "rotate-key"])
def test_who_lacks_rights_is_never_told_to_move_the_journal_away_or_to_claim_the_hub(
    tmp_path: Path, command: str, closed: str
) -> None:
    folder = tmp_path / "data"
    Journal.open(folder / "journal.sqlite", "hub-1", "h1").close()
    load_or_make_key(folder / "hub.key")
    settings = tmp_path / "hub.toml"
    settings.write_text(
        '[hub]\nid = "hub-1"\nhome = "h1"\ndata = "data"\n[centre]\nurl = "http://127.0.0.1:9"\n'
    )
    (tmp_path / closed).chmod(0o000)
    without = "-dac_override,-dac_read_search"
    ran = [
        "setpriv", f"--bounding-set={without}", sys.executable, "-m", "gateway",
        *command.split(), "--settings", str(settings),
    ]  # fmt: skip
    result = subprocess.run(ran, capture_output=True, text=True, check=False, timeout=30)
    (tmp_path / closed).chmod(0o700)
    said = result.stdout + result.stderr
    assert result.returncode
    assert "Traceback" not in said
    assert "move the journal" not in said
    assert "claim" not in said
    if command == "doctor" or closed != "data/journal.sqlite":
        assert "as root or as the hub's user" in said


@needs_root
@pytest.mark.parametrize("command", ["import", "export", "backup"])
def test_a_file_that_may_not_be_looked_at_is_named_in_a_sentence(
    tmp_path: Path, command: str
) -> None:
    Journal.open(tmp_path / "data" / "journal.sqlite", "hub-1", "h1").close()
    closed = tmp_path / "closed"
    closed.mkdir()
    settings = tmp_path / "hub.toml"
    settings.write_text('[hub]\nid = "hub-1"\nhome = "h1"\ndata = "data"\n')
    closed.chmod(0o000)
    ran = [
        "setpriv", "--bounding-set=-dac_override,-dac_read_search", sys.executable, "-m", "gateway",
        command, str(closed / "a.jsonl"), "--settings", str(settings),
    ]  # fmt: skip
    said = subprocess.run(ran, capture_output=True, text=True, check=False, timeout=30)
    closed.chmod(0o700)
    assert said.returncode == 1
    assert said.stderr == f"{closed / 'a.jsonl'}: permission denied\n"
