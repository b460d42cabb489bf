"""`python -m simulator.realism.fit`: tells what came of it, and writes only what is better."""

import shutil
import sys
from pathlib import Path

import pytest

from contract.recordings import write_recording
from simulator.living import population
from simulator.realism.assess import Depth
from simulator.realism.fit.cli import main
from tests.simulator.realism.people import events, town

OWN = Path(str(population.__file__))


@pytest.fixture(scope="module")
def tihm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fit") / "tihm.jsonl.gz"
    write_recording(path, events(town(8, seed=1, days=19, busy=0.5, name="tihm")))
    return path


@pytest.fixture
def module(tmp_path: Path) -> Path:
    """A copy of the population, to be written into."""
    return Path(shutil.copy(OWN, tmp_path / "population.py"))


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """No learner: the report's own tests try it."""
    monkeypatch.setattr(
        "simulator.realism.fit.fitting.QUICK", Depth(seeds=0, splits=0, unseen=False)
    )


def fit(tihm: Path, *arguments: str) -> int:
    few = ["--homes", "8", "--days", "16", "--seeds", "5", "--only", "errands"]
    return main(["--tihm", str(tihm), *few, *arguments])


def test_a_better_population_is_told_and_written(
    tihm: Path, module: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fit(tihm, "--into", str(module)) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "fitted to 4 real homes: tihm00, tihm02, tihm04, tihm06"
    before, after = (
        float(line.split("loss ")[1].split(";")[0])
        for line in told
        if line.startswith(("before", "after"))
    )
    assert after < before
    middle = population.PEOPLE["errands"].middle
    assert any(line.startswith(f"  PEOPLE['errands']: middle {middle:g} to ") for line in told)
    changed = [
        (old, new)
        for old, new in zip(
            OWN.read_text().splitlines(), module.read_text().splitlines(), strict=True
        )
        if old != new
    ]
    assert len(changed) == 1
    assert '"errands": Trait(' in changed[0][1]


def test_where_no_step_is_better_nothing_is_written(
    tihm: Path, module: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("simulator.realism.fit.fitting.step", lambda here, *_: here)
    assert fit(tihm, "--into", str(module)) == 1
    assert "nothing is changed" in capsys.readouterr().out
    assert module.read_bytes() == OWN.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--only", "pase"], "no trait is called 'pase'"),
        (["--into", "nowhere.py"], "No such file"),
        (["--into", __file__], "there is no HOMES['bathroom']"),
        (["--seeds", "5,x"], "'x' is no whole number"),
        (["--days", "15"], "told by 16 days or more"),
    ],
)
def test_what_cannot_be_tried_is_said_before_an_hour_is_spent(
    tihm: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = fit(tihm, *arguments)
    except SystemExit as ended:  # argparse
        code = int(str(ended.code))
    assert code == 2
    assert told in capsys.readouterr().err.splitlines()[-1]


def test_help_teaches_by_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "--into simulator/living/population.py" in said
    assert "Every other home of TIHM" in said


def test_who_lacks_the_learner_is_told_which_extra_brings_it(
    tihm: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
    for name in ("simulator.realism.fit.fitting", "simulator.realism.assess"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.delitem(sys.modules, "simulator.realism.classifier", raising=False)
    monkeypatch.setattr("contract.extras.find_spec", lambda _: None)
    with pytest.raises(SystemExit) as ended:
        fit(tihm)
    assert ended.value.code == 2
    assert "pip install 'telecare[realism]'" in capsys.readouterr().err
