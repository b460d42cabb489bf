"""What was switched off, and when: a replay raises what was on then, and nothing that was off."""

from collections import Counter
from pathlib import Path

import pytest

from gateway.journal import Intake
from gateway.journal.journal import EngineMemory
from gateway.journal.opening import mark_suspect
from gateway.journal.sums import DamagedError
from gateway.journal.switches import Switch
from tests.gateway.events import START, event
from tests.gateway.journal.test_corners import changed
from tests.gateway.journal.test_journal import open_journal

FALL, UTI = "possible_fall", "uti_risk"


def changes(folder: Path) -> list[Switch]:
    """A fall is switched off before anything was heard, then another too, then none."""
    with open_journal(folder) as journal:
        journal.switch_off([FALL])
        journal.write_intake(Intake(events=[event(1), event(2)]), START)
        journal.write_outputs([], EngineMemory(1, START + 5, b""), Counter(), START)
        journal.switch_off([UTI, FALL, FALL])
        journal.write_outputs([], EngineMemory(2, None, b""), Counter(), START)
        journal.switch_off([])
        return journal.switches()


TOLD = [
    Switch(0, 0, None, (FALL,)),
    Switch(2, 1, START + 5, (FALL, UTI)),
    Switch(2, 2, None, ()),
]


def test_each_change_bears_where_the_engine_stood(tmp_path: Path) -> None:
    assert changes(tmp_path) == TOLD


def test_what_is_off_already_is_noted_once_however_often_the_hub_begins(tmp_path: Path) -> None:
    for _ in range(3):
        with open_journal(tmp_path) as journal:
            journal.switch_off([UTI, FALL])
            journal.switch_off([FALL, UTI])
            assert journal.switches() == [Switch(0, 0, None, (FALL, UTI))]


def test_a_home_in_which_nothing_was_ever_off_says_so(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        assert journal.switches() == []
        journal.switch_off([])
        assert journal.switches() == [Switch(0, 0, None, ())]


@pytest.mark.parametrize("column", ["after", "upto", "driven", "conditions", "sum"])
def test_a_change_that_is_not_as_it_was_written_is_not_believed_and_the_others_are(
    tmp_path: Path, column: str
) -> None:
    """A turned bit must not raise what somebody did not agree to, nor keep silent what they did."""
    changes(tmp_path)
    value = "'uti_risc'" if column == "conditions" else f"{column} + 1"
    path = tmp_path / "journal.sqlite"
    with open_journal(tmp_path) as journal:
        changed(path, f"update switched_off set {column} = {value} where id = 2")  # noqa: S608 - our own
        with pytest.raises(DamagedError, match="what was switched off is not as it was written"):
            journal.switches()
    mark_suspect(path)
    with open_journal(tmp_path) as journal:
        assert journal.switches() == [TOLD[0], TOLD[2]]


def test_nothing_is_noted_upon_a_last_change_that_cannot_be_believed(tmp_path: Path) -> None:
    changes(tmp_path)
    with open_journal(tmp_path) as journal:
        changed(tmp_path / "journal.sqlite", "update switched_off set upto = 7 where id = 3")
        with pytest.raises(DamagedError):
            journal.switch_off([UTI])
        assert journal.rows("select count(*) from switched_off") == [(3,)]
