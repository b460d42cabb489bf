"""How far time had come is never guessed too late: what is heard next would count as old."""

from pathlib import Path

import msgspec
import pytest

from contract import encode
from gateway.journal import Intake
from gateway.journal.reached import latest_written, reckoned
from gateway.journal.sums import Row, record_sum
from tests.gateway.events import START, at, event
from tests.gateway.journal.test_journal import open_journal

YEARS = START + 1e8


def row(seq: int, written_at: float, *, proof: str = "whole") -> Row:
    """A record; its sum is over its time too, or older than such sums, or of another time."""
    body = encode(event(1))
    said = record_sum(seq, "event", 0, body, START if proof == "turned over" else written_at)
    found = said & 0xFFFF_FFFF if proof == "old" else said
    return (seq, "event", 0, written_at, body, found)


@pytest.mark.parametrize(
    ("rows", "latest"),
    [
        ([], None),
        ([row(1, START)], START),
        ([row(1, START + 5), row(2, START)], START + 5),
        ([row(1, START), row(2, YEARS, proof="turned over")], START),
        ([row(1, YEARS, proof="turned over")], None),
        ([row(1, START, proof="old")], None),
        ([row(1, START, proof="old"), row(2, YEARS, proof="old")], START),
        ([row(n, START + n, proof="old") for n in (1, 2, 3)], START + 2),
        ([row(n, START + n, proof="old") for n in (4, 3, 2, 1)], START + 3),
        ([row(1, START + 9), row(2, START, proof="old"), row(3, YEARS, proof="old")], START + 9),
    ],
)
def test_one_turned_bit_in_a_record_s_time_takes_the_hub_no_years_ahead(
    rows: list[Row], latest: float | None
) -> None:
    assert latest_written(rows) == latest


@pytest.mark.parametrize(
    ("late", "newest"),
    [
        (event(9, quality="replayed"), at(2)),
        (event(9, quality="clock_unsure"), at(2)),
        (msgspec.structs.replace(event(9, quality="replayed"), counts_at=at(3)), at(3)),
        (event(9), at(9)),
    ],
)
def test_time_is_reckoned_by_events_that_counted_when_they_were_told(
    tmp_path: Path, late: object, newest: object
) -> None:
    with open_journal(tmp_path) as journal:
        journal.write_intake(Intake(events=[event(2), late]), START + 7)  # type: ignore[list-item] # a table
        found = reckoned(journal._connection)
    assert found == (newest.timestamp(), START + 7)  # type: ignore[attr-defined] # as above
