"""`telecare-simulator realism`: tables, pictures and figures; and an honest exit code."""

import json
import sys
from pathlib import Path

import pytest

from contract.recordings import write_recording
from simulator.cli import main
from simulator.realism.assess import Depth
from simulator.realism.page import PICTURES
from tests.simulator.realism.people import events, town


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("realism")
    towns = (("tihm", 10, 1, 1.0), ("alike", 8, 2, 1.0), ("busy", 8, 3, 3.0))
    for name, count, seed, busy in towns:
        homes = town(count, seed=seed, days=19, busy=busy, name=name)
        write_recording(path / f"{name}.jsonl.gz", events(homes))
    return path


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the command does it, but less thoroughly."""
    monkeypatch.setattr("simulator.realism.assess.FULL", Depth(seeds=1, splits=1, repeats=1))


def realism(folder: Path, simulated: str, *arguments: str) -> int:
    files = ["--tihm", folder / "tihm.jsonl.gz", "--simulated", folder / f"{simulated}.jsonl.gz"]
    return main(["realism", *map(str, files), *arguments])


def test_the_whole_report_is_printed_and_written(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "report"
    assert realism(folder, "alike", "--calibrated-on", "half", "--out", str(out)) == 0
    printed = capsys.readouterr().out
    for told in (
        "real: 10 of 10 homes",
        "homes that calibration never saw: ",
        "the same learner on real against real",
        "bathroom visits by night",
        "What the learner goes by",
        "No real kettle was given",
    ):
        assert told in printed
    markdown = (out / "realism.md").read_text()
    pictures = sorted(path.name for path in out.glob("*.svg"))
    assert len(pictures) > 5
    assert all(f"({name})" in markdown for name in pictures)
    found = json.loads((out / "realism.json").read_bytes())
    assert {row["name"] for row in found["all"]["rows"]} >= {"bathroom visits", "activations"}
    assert len(found["all"]["rows"][0]["real"]["values"]) == 10
    assert len(found["unseen"]["names"]) == 5


@pytest.mark.slow
def test_results_are_put_on_a_page_with_a_few_pictures(folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "realism.md"
    page.write_text("# Words\n\n<!-- results -->\nstale\n")
    assert realism(folder, "alike", "--calibrating", "--into", str(page)) == 0
    text = page.read_text()
    assert text.startswith("# Words\n\n<!-- results -->\n\n* real: 5 of 5 homes")
    assert "stale" not in text
    for name in PICTURES:
        assert f"(images/{name})" in text
        assert (tmp_path / "images" / name).is_file()
    assert len(list((tmp_path / "images").iterdir())) == len(PICTURES)


def test_check_fails_where_made_up_homes_differ_and_names_each_measure(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert realism(folder, "busy", "--calibrating", "--check") == 1
    told = capsys.readouterr().err
    assert "bathroom visits: made up " in told
    assert "with AUC 1.00, above 0.75" in told


def test_a_folder_that_cannot_be_is_told_before_minutes_are_spent(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("simulator.realism.assess.assess", None)  # nothing is compared
    assert realism(folder, "alike", "--out", str(folder / "tihm.jsonl.gz" / "report")) == 2
    assert "tihm.jsonl.gz/report" in capsys.readouterr().err


def test_check_fails_where_too_little_was_recorded_to_judge(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cut = tmp_path / "cut.jsonl"
    write_recording(cut, events(town(8, seed=2, days=3, name="cut")))
    tihm = str(folder / "tihm.jsonl.gz")
    assert main(["realism", "--tihm", tihm, "--simulated", str(cut), "--check"]) == 1
    told = capsys.readouterr().err
    assert "no measure could be compared (all real homes)" in told
    assert "too few homes for a learner" in told


@pytest.mark.parametrize(
    "option", [("--most-auc", "nan"), ("--most-auc", "75"), ("--seed", "-1")], ids=" ".join
)
def test_a_bound_that_bounds_nothing_and_no_seed_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], option: tuple[str, str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        realism(folder, "alike", "--check", *option)
    assert ended.value.code == 2
    assert f"'{option[1]}' is no " in capsys.readouterr().err


@pytest.mark.slow
def test_check_passes_where_nothing_is_found(folder: Path) -> None:
    """A recording against itself."""
    path = str(folder / "alike.jsonl.gz")
    arguments = ["--calibrated-on", "none", "--check", "--most-auc", "0.8"]
    assert main(["realism", "--tihm", path, "--simulated", path, *arguments]) == 0


@pytest.mark.parametrize("given", ["tihm00,tihm01", "file", "none", "all"])
def test_homes_that_people_were_fitted_to_can_be_named(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    given: str,
) -> None:
    monkeypatch.setattr("simulator.realism.assess.FULL", Depth(seeds=0, splits=0))
    monkeypatch.setattr("simulator.realism.figures.draw", lambda *_: [])  # takes a while
    if given == "file":
        names = tmp_path / "names"
        names.write_text("tihm00\ntihm01\n")
        given = str(names)
    out = tmp_path / "out"
    assert realism(folder, "alike", "--calibrated-on", given, "--out", str(out)) == 0
    unseen = json.loads((out / "realism.json").read_bytes())["unseen"]
    if given in {"none", "all"}:
        assert unseen is None
        assert "never saw" not in capsys.readouterr().out
    else:
        assert unseen["names"] == [f"tihm{number:02}" for number in range(2, 10)]


def test_bad_input_is_told_in_a_line_and_ends_with_two(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_bytes(b"")
    made_up = ["--simulated", str(folder / "alike.jsonl.gz")]
    for arguments, told in (
        (["--simulated", str(empty)], "holds no home"),
        (made_up, "name a recording of real homes by --tihm, --kettle or --ordonez"),
        (
            [*made_up, "--tihm", str(folder / "tihm.jsonl.gz"), "--calibrated-on", "nobody"],
            "no home of TIHM is called nobody",
        ),
    ):
        assert main(["realism", *arguments]) == 2
        error = capsys.readouterr().err
        assert told in error
        assert len(error.splitlines()) == 1


def test_who_lacks_the_libraries_is_told_which_extra_brings_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
    monkeypatch.delitem(sys.modules, "simulator.realism.assess", raising=False)
    monkeypatch.delitem(sys.modules, "simulator.realism.classifier", raising=False)
    monkeypatch.setattr("contract.extras.find_spec", lambda _: None)
    with pytest.raises(SystemExit) as ended:
        realism(folder, "alike")
    assert ended.value.code == 2
    assert "pip install 'telecare[realism]'" in capsys.readouterr().err


def test_a_page_without_a_place_for_results_is_told_before_minutes_are_spent(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("simulator.realism.assess.assess", None)
    page = tmp_path / "page.md"
    assert realism(folder, "alike", "--into", str(page)) == 2
    assert "page.md" in capsys.readouterr().err
    page.write_text("# Words\n")
    assert realism(folder, "alike", "--into", str(page)) == 2
    assert "no line <!-- results -->" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [page], "and no pictures"
