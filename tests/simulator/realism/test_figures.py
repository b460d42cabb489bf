"""Pictures: labelled, readable in light and dark, and the same on every day."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

from simulator.realism.assess import Depth, assess
from simulator.realism.figures import draw
from simulator.realism.observed import observe_real, observe_simulated
from tests.simulator.realism.people import town


def test_pictures_are_labelled_and_the_same_every_time(tmp_path: Path) -> None:
    real, made_up = town(5, seed=1, name="r"), town(8, seed=2, name="s")
    depth = Depth(seeds=0, splits=0)
    report = assess(observe_real(real), observe_simulated(made_up), depth=depth)
    silence = [row for row in report.all.rows if row.family == "silence"]
    report = replace(report, all=replace(report.all, rows=silence))
    texts = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        assert draw(report, tmp_path / name) == ["realism-silence.svg", "realism-by-hour.svg"]
        texts.append((tmp_path / name / "realism-silence.svg").read_text())
    assert texts[0] == texts[1]
    letters = " ".join(ET.fromstring(texts[0]).itertext())  # noqa: S314 - our own picture
    for label in ("real (TIHM) above", "real, n=5", "made up, n=8", "longest silence by day"):
        assert label in letters
    assert "currentColor" in texts[0]
    assert "prefers-color-scheme: dark" in texts[0]
    assert "#24292f" not in texts[0].replace("svg{color:#24292f}", "")
    assert "dc:date" not in texts[0]
