"""What is written on a command line must be taken as meant, or refused with what to write."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

import pytest

from simulator.arguments import (
    day,
    how_many_homes,
    positive,
    recording_to_read,
    recording_to_write,
    speed,
)
from simulator.cli import main


def test_a_day_is_its_midnight_in_utc() -> None:
    assert day("2026-03-01") == datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "1", "2026-3", "2026-02-30", "01.03.2026", "2026-03-01T00"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="2026-03-01"):
        day(text)


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("1", 1), ("3600", 3600), ("0.5", 0.5)])
def test_a_speed_is_a_number_from_0(text: str, value: float) -> None:
    assert speed(text) == value


@pytest.mark.parametrize("text", ["-1", "inf", "nan", "fast", ""])
def test_what_is_no_speed_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="3600"):
        speed(text)


@pytest.mark.parametrize("text", ["0", "-3", "1.5", "", "many", "\u0663"])
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="from 1"):
        positive(text)


def test_a_street_that_no_machine_holds_is_refused() -> None:
    assert how_many_homes("100000") == 100_000
    with pytest.raises(argparse.ArgumentTypeError, match="more than the 100,000 homes"):
        how_many_homes("100001")
    for command in ("generate", "run"):
        with pytest.raises(SystemExit):
            main([command, "--homes", "99999999999", "--days", "1", "--out", "x.jsonl"])
    with pytest.raises(SystemExit):
        main(["run", "--home", "home99999999999", "--days", "1", "--engine"])


def test_a_recording_is_written_where_it_can_be(tmp_path: Path) -> None:
    assert recording_to_write(str(tmp_path / "a.jsonl.gz")) == tmp_path / "a.jsonl.gz"
    with pytest.raises(argparse.ArgumentTypeError, match="must end in"):
        recording_to_write(str(tmp_path / "a.json"))
    with pytest.raises(argparse.ArgumentTypeError, match="not a folder"):
        recording_to_write(str(tmp_path / "nowhere" / "a.jsonl"))


def test_a_recording_is_read_where_it_is(tmp_path: Path) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="no recording"):
        recording_to_read(str(tmp_path))
    (tmp_path / "a.jsonl").touch()
    assert recording_to_read(str(tmp_path / "a.jsonl")).name == "a.jsonl"
