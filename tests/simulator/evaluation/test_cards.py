"""Model cards: nobody fits a condition whose limits and hazards nobody has written down."""

import json
from pathlib import Path

import msgspec
import pytest

from detectors.profile import HomeProfile
from detectors.registry import DETECTORS
from simulator.evaluation.blocks import as_markdown
from simulator.evaluation.cards import (
    FIGURES,
    Figures,
    blocks,
    read_card,
    read_figures,
    write_figures,
)
from simulator.evaluation.subjects import SUBJECTS
from tests.conftest import ROOT

CONDITIONS = sorted({make(HomeProfile(home="h")).condition for make in DETECTORS})
FORBIDDEN = ("detects", "diagnos", "predicts")


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_condition_has_a_card_that_promises_no_diagnosis(condition: str) -> None:
    card = read_card(condition)
    text = msgspec.json.encode(card).decode().lower()
    assert not [word for word in FORBIDDEN if word in text]


def test_a_card_that_leaves_out_its_hazards_is_refused(tmp_path: Path) -> None:
    good = (ROOT / "detectors" / "cards" / "uti_risk.toml").read_text()
    (tmp_path / "one.toml").write_text(good.split("hazards")[0])
    with pytest.raises(msgspec.ValidationError, match="hazards"):
        read_card("one", tmp_path)
    (tmp_path / "two.toml").write_text(good + 'accuracy = "99 %"\n')
    with pytest.raises(msgspec.ValidationError, match="accuracy"):
        read_card("two", tmp_path)


def test_the_figures_of_the_cards_are_those_of_the_published_evaluation() -> None:
    figures = read_figures()
    page = (ROOT / "docs" / "evidence.md").read_text()
    assert as_markdown(blocks(figures)) in page


def test_every_condition_that_is_measured_has_its_figures() -> None:
    measured = {one.condition for one in read_figures().measured}
    assert {subject.condition for subject in SUBJECTS} <= measured


def test_figures_are_read_as_they_were_written(tmp_path: Path) -> None:
    figures = read_figures()
    write_figures(figures, tmp_path)
    assert read_figures(tmp_path) == figures
    assert json.loads((tmp_path / FIGURES).read_text())["digest"] == figures.digest


def test_a_first_look_is_never_taken_for_the_published_figures() -> None:
    quick = Figures(about={"quick": True}, digest="0", measured=read_figures().measured)
    assert "not for publishing" in as_markdown(blocks(quick))
    assert blocks(Figures(about={}, digest="0", measured=[])) == []
