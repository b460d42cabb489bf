"""What waits for the time comes out as it was delivered, one run of the machine at a time."""

from pathlib import Path

from gateway.journal import Intake
from gateway.journal.held import HeldMessage
from tests.gateway.events import START
from tests.gateway.journal.test_journal import open_journal


def message(boot: str, elapsed: float, *, dup: bool = False, retain: bool = False) -> HeldMessage:
    return HeldMessage(boot, elapsed, 17.0, f"t/{elapsed}", b"{}", 7, dup, retain)


def test_what_was_retained_or_delivered_again_is_still_known_to_be_so(tmp_path: Path) -> None:
    """Else an old state of a door would be taken for somebody who opens it now."""
    kept = [
        message("one", 1.5),
        message("one", 2.5, dup=True),
        message("one", 3.5, retain=True),
        message("one", 4.5, dup=True, retain=True),
    ]
    with open_journal(tmp_path) as journal:
        journal.held.keep(kept)
    with open_journal(tmp_path) as journal:
        assert journal.held.next(9) == (4, kept)
        assert [type(one) for one in journal.held.next(9)[1][0][6:]] == [bool, bool]
        assert journal.held.last_elapsed("one") == 4.5
        assert journal.held.last_elapsed("another") == 0


def test_what_was_dated_goes_and_what_came_in_another_run_of_the_machine_stays(
    tmp_path: Path,
) -> None:
    kept = [message("one", 1), message("one", 2), message("two", 1), message("one", 3)]
    with open_journal(tmp_path) as journal:
        journal.held.keep(kept)
        last, taken = journal.held.next(2)
        assert (last, taken) == (2, kept[:2])
        journal.write_intake(Intake(released=last), START)
        assert journal.held.next(9) == (3, kept[2:3])
        journal.write_intake(Intake(), START)
        assert journal.held.count() == 2, "where nothing was dated nothing goes"
        journal.write_intake(Intake(released=4), START)
        assert journal.held.next(9) == (0, [])
