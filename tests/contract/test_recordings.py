"""A recording with a bad line still gives every good one, and the same events the same bytes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from contract import SensorEvent, encode
from contract.recordings import (
    MAX_LINE_BYTES,
    BadLine,
    open_recording,
    read_recording,
    write_recording,
)

START = datetime(2026, 3, 29, tzinfo=UTC)


def street(count: int) -> list[SensorEvent]:
    return [
        SensorEvent(
            home=f"h{number % 3}",
            sensor="hallway-pir",
            kind="motion",
            place="hallway",
            at=START + timedelta(minutes=number),
            value=1,
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("name", ["week.jsonl", "week.jsonl.gz"])
def test_what_was_recorded_is_what_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert write_recording(path, street(500)) == 500
    with open_recording(path) as lines:
        assert list(read_recording(lines)) == street(500)


@pytest.mark.parametrize("name", ["week.jsonl", "week.jsonl.gz"])
def test_the_same_events_give_the_same_bytes(tmp_path: Path, name: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    first, second = tmp_path / name, tmp_path / "elsewhere" / f"other-{name}"
    write_recording(first, street(50))
    write_recording(second, street(50))
    assert first.read_bytes() == second.read_bytes()


def test_a_bad_line_is_told_with_its_number_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "week.jsonl"
    write_recording(path, street(3))
    good = path.read_bytes().splitlines()
    impossible = encode(structs.replace(street(1)[0], value=7))
    path.write_bytes(
        b"\n".join([good[0], b"{broken", b"", impossible, b"x" * (MAX_LINE_BYTES + 1), good[1]])
    )
    with open_recording(path) as lines:
        read = list(read_recording(lines))
    assert [line.number for line in read if isinstance(line, BadLine)] == [2, 4, 5]
    assert [line for line in read if isinstance(line, SensorEvent)] == street(2)
    assert "must be from 1 to 1" in next(
        line.reason for line in read if isinstance(line, BadLine) and line.number == 4
    )


def test_a_compressed_recording_cut_short_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "week.jsonl.gz"
    write_recording(path, street(2000))
    path.write_bytes(path.read_bytes()[:-2000])
    with open_recording(path) as lines:
        *read, last = read_recording(lines)
    assert read == street(2000)[: len(read)]
    assert len(read) > 1000
    assert isinstance(last, BadLine)
    assert last.number == len(read) + 1
    assert "cannot be read from here on" in last.reason


def test_what_is_called_compressed_and_is_not_is_one_bad_line(tmp_path: Path) -> None:
    path = tmp_path / "week.jsonl.gz"
    path.write_bytes(b"no gzip at all")
    with open_recording(path) as lines:
        (only,) = read_recording(lines)
    assert isinstance(only, BadLine)
    assert "Not a gzipped file" in only.reason
