"""Who runs the centre is to know that a card may have forgotten something."""

from collections import Counter
from contextlib import closing
from pathlib import Path

from gateway.journal import Intake, Journal
from gateway.own_counts import OwnCounts
from tests.gateway.events import START, event


def lived(path: Path, boot: str, *, good_end: bool) -> Counter[str]:
    """What a hub counts of its own that wakes up, hears something, and ends."""
    journal = Journal.open(path, "hub-1", "h1", boot=boot)
    counts = Counter[str]()
    OwnCounts(counts).power_cut(journal)
    journal.write_intake(Intake(events=[event(0)], counts=counts), START)
    if good_end:
        journal.close()
    return counts


def test_each_power_cut_is_told_once_and_neither_a_good_end_nor_a_kill_is_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "journal.sqlite"
    assert not lived(path, "first", good_end=False)
    assert not lived(path, "first", good_end=False), "killed, and not the machine"
    assert lived(path, "second", good_end=False) == {"power_cut": 1}
    assert not lived(path, "second", good_end=True)
    assert not lived(path, "third", good_end=True), "put out in good order"
    with closing(Journal.open(path, "hub-1", "h1", boot="fourth")) as journal:
        assert journal.counters()["power_cut"] == 1
