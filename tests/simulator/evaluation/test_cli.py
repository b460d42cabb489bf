"""`telecare-simulator evaluate`: anyone can make the published figures again, to the byte."""

import json
from pathlib import Path

import msgspec
import pytest

from contract.recordings import write_recording
from detectors.conformance.lifelike import lifelike_home
from detectors.parameters import Parameters
from simulator.cli import main
from simulator.evaluation.blocks import as_markdown
from simulator.evaluation.cards import blocks, read_figures
from simulator.evaluation.floors.registry import FLOORS
from simulator.evaluation.subjects import ASKED


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("evaluation") / "homes.jsonl"
    homes = [
        msgspec.structs.replace(event, home=f"home{seed}")
        for seed in (1, 2)
        for event in lifelike_home(31, seed=seed)
    ]
    write_recording(path, sorted(homes, key=lambda event: event.at))
    return path


def test_it_writes_tables_and_figures_and_gives_the_same_again(
    recording: Path, tmp_path: Path
) -> None:
    names = [tmp_path / "one", tmp_path / "two"]
    for name, jobs in zip(names, ("1", "2"), strict=True):
        arguments = ["evaluate", str(recording), "--subject", "uti_risk", "--quick", "--jobs", jobs]
        assert main([*arguments, "--out", str(name)]) == 0
    markdown = (names[0] / "report.md").read_text()
    assert "### uti_risk" in markdown
    assert "negative-binomial Shiryaev-Roberts" in markdown
    found = json.loads((names[0] / "results.json").read_text())
    assert found["about"]["quick"]
    contest = found["results"]["uti_risk"]
    assert {one["budget"] for one in contest["ours"].values()} >= set(ASKED)
    assert len(contest["against"][next(iter(contest["ours"]))]) == len(FLOORS)
    (ours,) = (one for one in contest["ours"].values() if one["default"])
    assert ours["homes"] == 2
    assert ours["sensitivity"]["strong"]["share"]["value"] > 0.8
    assert set(found["parameters"]) == {"home1", "home2"}
    for file in ("report.md", "results.json"):
        one, two = ((name / file).read_bytes() for name in names)
        assert one == two


def test_learning_writes_a_module_that_the_detectors_can_read(
    recording: Path, tmp_path: Path
) -> None:
    path = tmp_path / "learned.py"
    assert main(["evaluate", str(recording), "--learn", str(path)]) == 0
    found: dict[str, Parameters] = {}
    exec(path.read_text(), found)  # noqa: S102 - our own output
    assert found["LEARNED"].caution["uti_risk"] > 0


def test_a_recording_that_is_too_short_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "short.jsonl"
    write_recording(path, lifelike_home(3))
    assert main(["evaluate", str(path)]) == 1
    assert capsys.readouterr().err.strip() == "no home in the recordings has three weeks of events"


def test_pages_cards_pictures_and_labels_are_written_together(
    recording: Path, tmp_path: Path
) -> None:
    page, labels = tmp_path / "page.md", tmp_path / "labels.csv"
    page.write_text("# Words\n\n<!-- results -->\nWords of last year.\n")
    labels.write_text("patient_id,date,type\nx,2025-03-20 12:00:00,Agitation\n")
    arguments = ["evaluate", str(recording), "--subject", "fall_risk", "--quick", "--as-shipped"]
    arguments += ["--jobs", "1", "--agitation", str(labels), "--page", str(page)]
    assert main([*arguments, "--cards", str(tmp_path), "--out", str(tmp_path)]) == 0
    text = page.read_text()
    assert text.startswith("# Words")
    assert "last year" not in text
    assert "### Agitation (TIHM)" in text
    figures = read_figures(tmp_path)
    assert {one.condition for one in figures.measured} == {"fall_risk"}
    assert as_markdown(blocks(figures)) in text
    drawn = (tmp_path / "report.html").read_text()
    assert drawn.count("<svg") == drawn.count('role="img"') == 2
    assert "sensitivity and delay against severity" in drawn


@pytest.mark.parametrize(
    ("option", "word"),
    [("--page", "results"), ("--cards", "figures.json"), ("--agitation", "labels.csv")],
)
def test_what_would_make_the_work_useless_is_told_before_it(
    recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, word: str
) -> None:
    assert main(["evaluate", str(recording), option, str(tmp_path / "none")]) == 2
    assert word in capsys.readouterr().err
