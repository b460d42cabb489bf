"""`telecare-simulator scenarios` and `generate --scenario`, as a trainer meets them."""

import os
from pathlib import Path

import msgspec
import pytest

from simulator.cli import main
from simulator.scenarios.library import library
from simulator.scenarios.schema import schema_text
from tests.conftest import ROOT
from tests.simulator.scenarios.writing import HEAD, written

SMALL = (
    HEAD.replace("days = 30", "days = 5") + "[street]\nhomes = 3\n"
    '[[episode]]\nkind = "uti"\nshare = 0.4\nday = 1\nspread_days = 2\n'
    '[[fault]]\nkind = "bounce"\nhome = "home1"\nhours = 2\n'
)


def test_the_library_is_listed_with_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenarios"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(library())
    assert "12 homes, 42 days" in next(line for line in lines if line.startswith("uti-in-week-4"))


def test_a_copied_scenario_is_the_one_that_was_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scenarios", "show", "a-quiet-week"]) == 0
    shown = capsys.readouterr().out
    mine = tmp_path / "mine.toml"
    assert main(["scenarios", "copy", "a-quiet-week", str(mine)]) == 0
    assert mine.read_text() == shown
    assert main(["scenarios", "check", str(mine)]) == 0
    assert "8 homes, 7 days from 2026-03-02, 0 episodes, 0 faults" in capsys.readouterr().out


def test_a_copy_never_takes_the_place_of_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text("mine")
    assert main(["scenarios", "copy", "a-quiet-week", str(mine)]) == 1
    assert mine.read_text() == "mine"
    assert "File exists" in capsys.readouterr().err


def test_a_wrong_file_is_one_sentence_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, "[street]\nhomse = 2\n")
    for command in (["scenarios", "check", str(path)], ["generate", "--scenario", str(path)]):
        more = ["--out", str(tmp_path / "r.jsonl")] if command[0] == "generate" else []
        assert main([*command, *more]) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert f"{path}:6: " in said


def test_what_is_there_but_no_file_is_called_what_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever looks for a file that is missing looks in the wrong place."""
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    for path, kind in ((tmp_path, "a folder"), (pipe, "a pipe"), (Path("/dev/null"), "a device")):
        for work in ("check", "show"):
            assert main(["scenarios", work, str(path)]) == 2
            assert f"{path}: {kind}; a scenario is" in capsys.readouterr().err
    assert main(["scenarios", "check", str(tmp_path / "none.toml")]) == 2
    assert "no such file" in capsys.readouterr().err


def test_who_checks_a_file_is_told_what_falls_behind_its_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    episode = '[[episode]]\nkind = "uti"\nevery = true\nday = 25\nspread_days = 10\n'
    far = f"[street]\nhomes = 40\n{episode}"
    assert main(["scenarios", "check", str(written(tmp_path, far))]) == 0
    said = capsys.readouterr()
    assert "40 episodes" in said.out
    never = int(said.err.split("by then: ")[1].split()[0])
    assert 10 < never < 30, "half of them, more or less"
    near = far.replace("spread_days = 10", "spread_days = 5")
    assert main(["scenarios", "check", str(written(tmp_path, near))]) == 0
    assert capsys.readouterr().err == ""


def test_no_scenario_of_the_library_tells_what_never_happens(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in library():
        assert main(["scenarios", "check", name]) == 0
        assert capsys.readouterr().err == ""


def test_the_schema_in_the_documentation_is_the_one_that_is_checked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["scenarios", "schema"]) == 0
    assert capsys.readouterr().out == schema_text()
    kept = ROOT / "docs" / "scenario.schema.json"
    assert kept.read_text() == schema_text(), (
        f"telecare-simulator scenarios schema > {kept.relative_to(ROOT)}"
    )


def test_the_same_file_gives_the_same_bytes_with_any_number_of_workers(tmp_path: Path) -> None:
    path = written(tmp_path, "", SMALL)
    recordings = []
    for number, workers in enumerate(["1", "1", "2"]):
        out = tmp_path / f"{number}.jsonl"
        arguments = ["--scenario", str(path), "--out", str(out), "--workers", workers]
        assert main(["generate", *arguments]) == 0
        recordings.append(out.read_bytes())
    assert recordings[0] == recordings[1] == recordings[2]
    assert recordings[0].count(b"\n") > 1000


def test_what_befell_whom_is_in_the_truth_file_and_not_in_the_events(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out, truth = written(tmp_path, "", SMALL), tmp_path / "r.jsonl", tmp_path / "t.jsonl"
    arguments = ["--scenario", str(path), "--out", str(out), "--truth", str(truth)]
    assert main(["generate", *arguments, "--workers", "1"]) == 0
    labels = [msgspec.json.decode(line) for line in truth.read_bytes().splitlines()]
    assert [label["kind"] for label in labels] == ["uti", "bounce"]
    assert b"uti" not in out.read_bytes()
    assert "1 faults of messages are left out" in capsys.readouterr().err


@pytest.mark.parametrize(
    "beside",
    [["--homes", "3"], ["--seed", "2"], ["--alone"], ["--episode", "uti:home1:day1"]],
)
def test_a_street_is_not_said_twice(
    tmp_path: Path, beside: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "r.jsonl")
    assert main(["generate", "--scenario", "a-quiet-week", "--out", out, *beside]) == 2
    assert f"{beside[0]} and --scenario do not go together" in capsys.readouterr().err
