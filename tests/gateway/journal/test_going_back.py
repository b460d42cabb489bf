"""Where event time is set back, all that hangs on it goes back, and nothing else does."""

import json
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from contract import Quality
from gateway.journal import Intake, Journal
from gateway.journal.going_back import as_of
from gateway.journal.journal import EngineMemory
from gateway.journal.opening import mark_suspect
from gateway.journal.set_back import SetBack, believed
from gateway.journal.sums import DamagedError
from tests.gateway.events import START, event
from tests.gateway.journal.test_journal import open_journal

LINE = START + 3 * 3600.0
BACK = SetBack(5, LINE, START + 50 * 3600.0)
MEMORY = EngineMemory(5, LINE - 60, b"")


def carried_ahead(journal: Journal) -> None:
    """Two true events, one of a wrong clock, and calls in the time that lay ahead."""
    late = msgspec.structs.replace(event(1), quality=Quality.LATE)
    call = msgspec.structs.replace(late, counts_at=event(48).at)
    heard = Intake(events=[event(1), event(2), event(48), late, call])
    heard.newest = heard.received = START + 48 * 3600
    door = {"newest": START + 48 * 3600, "clock": {"wrong": 7}, "energy": 12.5, "open": True}
    heard.devices = {"door": json.dumps(door).encode(), "odd": b"no JSON"}
    journal.write_intake(heard, START + 48 * 3600)
    for since, until in ((0, 1), (2, 40), (2.5, None), (30, 31)):
        end = "null" if until is None else START + until * 3600
        journal._connection.execute(
            f"insert into deaf values ('', {START + since * 3600}, {end})"  # noqa: S608 - numbers
        )


def test_all_that_hangs_on_event_time_goes_back_and_the_records_stay(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        carried_ahead(journal)
        journal.set_back(BACK, MEMORY)
        assert journal.clock() == (START + 2 * 3600, LINE)
        assert journal.engine_memory() == MEMORY
        door, odd = journal.devices()["door"], journal.devices()["odd"]
        assert json.loads(door) == {"newest": LINE, "energy": 12.5, "open": True}
        assert odd == b"no JSON", "which the next start finds"
        assert journal.rows("select since, until from deaf order by since") == [
            (START, START + 3600), (START + 2 * 3600, LINE), (START + 2.5 * 3600, None),
        ]  # fmt: skip
        assert journal.last_seq == 5
        assert journal.counters()["set_back"] == 1
        assert journal.set_backs() == [BACK]


def test_what_was_asked_for_in_a_time_that_lay_ahead_holds_nothing_back_when_that_comes(
    tmp_path: Path,
) -> None:
    hours = {"ended": (40, 41, 1), "cut": (2, 40, 1), "lasts": (40, 42, 0), "true": (1, 4, 0)}
    with open_journal(tmp_path) as journal:
        for name, (since, until, over) in hours.items():
            row = (name, "pause", START + since * 3600, START + until * 3600, over)
            journal._connection.execute("insert into spell values (?, ?, ?, ?, ?, 1, null)", row)
        journal.set_back(BACK, MEMORY)
        rows = journal.rows("select command, since, until from spell")
    found = {name: ((since - START) / 3600, (until - START) / 3600) for name, since, until in rows}
    assert found == {"ended": (3, 3), "cut": (2, 3), "lasts": (3, 5), "true": (1, 4)}


def test_what_the_wrong_clock_dated_is_left_out_and_what_comes_later_is_not(
    tmp_path: Path,
) -> None:
    with open_journal(tmp_path) as journal:
        carried_ahead(journal)
        journal.set_back(BACK, MEMORY)
        journal.write_intake(Intake(events=[event(60)]), START)
        rows = journal.events_after(0, 99)
        found = [seq for seq, one in rows if one in list(believed([(seq, one)], [BACK]))]
    assert found == [1, 2, 4, 6]


def test_a_rebuilt_journal_still_knows_where_event_time_was_set_back(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        carried_ahead(journal)
        journal.set_back(BACK, MEMORY)
        wrong = SetBack(1, START, START)
        journal.write_outputs([], MEMORY, Counter(), START)
        journal._connection.execute("insert into set_back values (?, ?, ?, 1)", wrong)
        with pytest.raises(DamagedError):
            journal.set_backs()
    with open_journal(tmp_path) as journal:
        assert journal.set_backs() == [BACK]
        assert journal.counters()["journal_rebuilt"] == 1, "and it is told"
        journal._connection.execute("update clock set sum = 1")
    with open_journal(tmp_path) as journal:
        assert journal.set_backs() == [BACK]
        assert journal.clock().newest == START + 2 * 3600, "nothing of the wrong clock comes back"
        assert journal.rows("select count(*) from set_back") == [(1,)]
    mark_suspect(tmp_path / "journal.sqlite")
    with open_journal(tmp_path) as journal:
        assert journal.set_backs() == [BACK]


def test_times_are_cut_wherever_they_stand_in_a_state() -> None:
    state = {"a": [LINE + 1, LINE, "x"], "b": {"c": LINE + 2.5, "d": None, "e": -1}}
    assert json.loads(as_of(json.dumps(state).encode(), LINE)) == {
        "a": [LINE, LINE, "x"], "b": {"c": LINE, "d": None, "e": -1},
    }  # fmt: skip
    assert as_of(b"[1]", LINE) == b"[1]"
