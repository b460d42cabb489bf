"""Who runs the centre is to know that a card may have forgotten something."""

from contextlib import closing
from pathlib import Path

from gateway.journal import Intake, Journal
from tests.gateway.events import START, event


def lived(path: Path, boot: str, *, good_end: bool) -> int:
    """How many power cuts a hub has counted that wakes up, hears something, and ends."""
    journal = Journal.open(path, "hub-1", "h1", boot=boot)
    journal.write_intake(Intake(events=[event(0)]), START)
    counted = journal.counters().get("power_cut", 0)
    if good_end:
        journal.close()
    return counted


def test_each_power_cut_is_told_once_and_neither_a_good_end_nor_a_kill_is_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "journal.sqlite"
    assert lived(path, "first", good_end=False) == 0
    assert lived(path, "first", good_end=False) == 0, "killed, and not the machine"
    assert lived(path, "second", good_end=False) == 1
    assert lived(path, "second", good_end=True) == 1
    assert lived(path, "third", good_end=True) == 1, "put out in good order"
    with closing(Journal.open(path, "hub-1", "h1", boot="fourth")) as journal:
        assert journal.counters()["power_cut"] == 1
