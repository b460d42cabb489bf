"""A journal of a few bytes, and one that this user may not read: a sentence and no surprise."""

import subprocess
import sys
from pathlib import Path

import pytest

from contract import Alert, RecordKind, decode
from gateway.journal import Journal
from gateway.journal.settling import CONDITION
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
    assert said.stdout.startswith(f"{path}: cannot be read: Permission denied."), said.stderr
    assert "as the hub's user" in said.stdout
