"""`telecare-simulator import`: what a person who mistypes is told."""

from pathlib import Path

import pytest

from simulator.cli import main
from simulator.importers.registry import IMPORTERS
from tests.simulator.importers.sources import write_tihm


def test_a_wrong_folder_gets_one_line_that_says_what_was_expected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "x.jsonl"
    assert main(["import", "tihm", str(tmp_path), "--out", str(out)]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "expects a folder with activity.csv" in said
    assert not out.exists()


@pytest.mark.parametrize("out", ["x.csv", "nowhere/x.jsonl"])
def test_a_name_that_cannot_be_written_is_refused_before_reading(
    tmp_path: Path, out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["import", "tihm", str(tmp_path), "--out", str(tmp_path / out)])
    assert end.value.code == 2
    assert "--out" in capsys.readouterr().err


def test_an_unknown_source_is_told_the_known_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["import", "casas", str(tmp_path), "--out", str(tmp_path / "x.jsonl")])
    said = capsys.readouterr().err
    assert all(name in said for name in IMPORTERS)


def test_many_bad_rows_are_shown_in_part_and_counted_in_full(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_tihm(tmp_path / "tihm", ["nonsense"] * 25)
    out = tmp_path / "x.jsonl"
    assert main(["import", "tihm", str(folder), "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert "activity.csv.gz:2:" in said.err
    assert "... and 5 more rows refused" in said.err
    assert "0 events of 0 homes; 25 rows refused" in said.out
    assert out.read_bytes() == b""


def test_help_names_every_source(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["import", "--help"])
    said = capsys.readouterr().out
    assert all(importer.title in said for importer in IMPORTERS.values())


def test_every_importer_names_whom_to_thank() -> None:
    for importer in IMPORTERS.values():
        assert "CC BY" in importer.attribution
