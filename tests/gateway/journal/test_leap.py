"""Where the clock leapt ahead outlives whatever befalls the journal, but a setting back."""

from functools import partial
from pathlib import Path

import pytest

from gateway.journal import Journal
from gateway.journal.leap import Leap, as_they_stand, write_leap, write_started
from gateway.journal.opening import mark_suspect
from gateway.journal.set_back import SetBack
from gateway.journal.sums import DamagedError
from tests.gateway.events import START
from tests.gateway.journal.test_journal import open_journal

FIRST, SECOND = Leap(3, START, START + 3600.0), Leap(3, START + 7200.0, START + 9000.0)


def leapt(journal: Journal) -> None:
    for one in (FIRST, SECOND):
        journal.write_together((), partial(write_leap, one=one), START)
    journal.write_together((), lambda db: write_started(db, "boot-1", START - 60.0), START)


def test_leaps_and_the_machine_s_start_outlive_a_restart_and_a_rebuilding(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        leapt(journal)
    mark_suspect(tmp_path / "journal.sqlite")
    with open_journal(tmp_path) as journal:
        assert journal.leaps() == [FIRST, SECOND]
        assert journal.started_at("boot-1") == START - 60.0
        assert journal.started_at("boot-2") is None, "of another start nothing is known"


def test_a_leap_that_a_worn_card_turned_over_is_not_believed_and_the_others_are(
    tmp_path: Path,
) -> None:
    with open_journal(tmp_path) as journal:
        leapt(journal)
        journal._connection.execute("update leap set until = until + 86400 where id = 1")
        with pytest.raises(DamagedError):
            journal.leaps()
    with open_journal(tmp_path) as journal:
        assert journal.leaps() == [SECOND]
        assert journal.counters()["journal_rebuilt"] == 1, "and it is told"


def test_a_start_that_a_worn_card_turned_over_makes_up_no_leap(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        leapt(journal)
        journal._connection.execute("update started set at = at - 86400")
        assert journal.started_at("boot-1") is None


@pytest.mark.parametrize(
    ("back", "left"),
    [
        (SetBack(3, START + 600.0, START), [FIRST._replace(until=START + 600.0)]),
        (SetBack(3, START - 600.0, START), []),
        (SetBack(3, START + 8000.0, START), [FIRST, SECOND._replace(until=START + 8000.0)]),
        (SetBack(2, START + 600.0, START), [FIRST, SECOND]),
    ],
    ids=["into the first", "before both", "into the second", "before they were"],
)
def test_no_leap_reaches_beyond_where_event_time_was_set_back(
    back: SetBack, left: list[Leap]
) -> None:
    assert as_they_stand([FIRST, SECOND], [back]) == left
