"""TIHM must come in whole, at the right instants, or every figure measured on it is wrong."""

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from simulator.cli import main
from simulator.importers.registry import IMPORTERS
from simulator.importers.source import SourceError
from tests.simulator.importers.reading import read_back, read_source
from tests.simulator.importers.sources import write_tihm


def test_each_location_becomes_the_sensor_the_detectors_know(tmp_path: Path) -> None:
    locations = ["bathroom", "bedroom", "hallway", "kitchen", "lounge"]
    doors = ["back-door", "fridge-door", "front-door"]
    rows = [f"ab12,{name},2019-05-17 13:16:25" for name in locations + doors]
    events, bad = read_source("tihm", write_tihm(tmp_path / "tihm", rows))
    assert not bad
    assert [(event.sensor, event.kind, event.place) for event in events] == [
        *((f"{room}-pir", "motion", room) for room in locations),
        ("back-door-contact", "opening", "back_door"),
        ("fridge-contact", "opening", "fridge"),
        ("front-door-contact", "opening", "front_door"),
    ]
    assert {event.home for event in events} == {"tihm-ab12"}
    assert {event.at for event in events} == {datetime(2019, 5, 17, 12, 16, 25, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("ab12,cellar,2019-05-17 13:16:25", "no location"),
        ("ab12,kitchen,yesterday", "no time"),
        ("ab12,kitchen", "not enough values"),
        ("ab12,kitchen,2019-05-17 13:16:25,more", "too many values"),
        (",kitchen,2019-05-17 13:16:25", "no identifier"),
        ("../etc,kitchen,2019-05-17 13:16:25", "no identifier"),
        ("ab12,kitchen,2019-03-31 01:10:00", "went forward"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_the_rest_is_read(
    tmp_path: Path, row: str, reason: str
) -> None:
    good = "ab12,kitchen,2019-05-17 13:16:25"
    events, bad = read_source("tihm", write_tihm(tmp_path / "tihm", [good, row, good]))
    assert len(events) == 2
    assert [(refused.file, refused.line) for refused in bad] == [("activity.csv.gz", 3)]
    assert reason in bad[0].reason


def test_bytes_that_are_no_text_cost_only_their_row(tmp_path: Path) -> None:
    folder = tmp_path / "tihm"
    folder.mkdir()
    (folder / "activity.csv").write_bytes(
        b"patient_id,location_name,date\n\xff\xfe,kitchen,2019-05-17 13:16:25\n"
        b"ab12,kitchen,2019-05-17 13:16:25\n"
    )
    events, bad = read_source("tihm", folder)
    assert (len(events), len(bad)) == (1, 1)


def test_a_damaged_archive_is_said_to_be_one(tmp_path: Path) -> None:
    folder = write_tihm(tmp_path / "tihm", ["ab12,kitchen,2019-05-17 13:16:25"] * 50)
    archive = folder / "activity.csv.gz"
    archive.write_bytes(archive.read_bytes()[:-12])
    with pytest.raises(SourceError, match="cannot be read"):
        read_source("tihm", folder)


def test_the_recording_is_sorted_and_the_same_bytes_every_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"ab12,kitchen,2019-05-{day:02} 0{day % 10}:00:00" for day in (9, 3, 17, 17, 4)]
    folder = write_tihm(tmp_path / "tihm", [*rows, "cd34,hallway,2019-05-04 04:00:00"])
    for name in ("one", "two"):
        assert (
            main(["import", "tihm", str(folder), "--out", str(tmp_path / f"{name}.jsonl.gz")]) == 0
        )
    assert (tmp_path / "one.jsonl.gz").read_bytes() == (tmp_path / "two.jsonl.gz").read_bytes()
    events = read_back(tmp_path / "one.jsonl.gz")
    assert len(events) == 6
    assert all(early.at <= late.at for early, late in pairwise(events))
    assert "6 events of 2 homes" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "one.jsonl.gz",
        "tihm",
        "two.jsonl.gz",
    ]


def test_all_of_tihm(recordings: Path, tmp_path: Path) -> None:
    out = tmp_path / "tihm.jsonl.gz"
    assert main(["import", "tihm", str(recordings / "tihm"), "--out", str(out)]) == 0
    events = read_back(out)
    assert len(events) == 540_569
    assert len({event.home for event in events}) == 29
    assert all(early.at <= late.at for early, late in pairwise(events))
    # The file's first row of all is 2019-04-01 00:13:21 on a London wall, in summer time.
    assert events[0].at == datetime(2019, 3, 31, 23, 13, 21, tzinfo=UTC)


def test_files_of_a_source_are_found_or_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"expects a folder with activity\.csv"):
        IMPORTERS["tihm"].files(tmp_path)
    with pytest.raises(SourceError, match="is not a folder"):
        IMPORTERS["tihm"].files(tmp_path / "nowhere")
