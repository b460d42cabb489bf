"""Who reads the documentation must find the life of an alert as it is."""

from pathlib import Path

import pytest

from api.alerts.diagram import diagram, main, table, written
from api.alerts.lifecycle import TABLE

PAGE = Path(__file__).parents[3] / "docs" / "centre.md"


def test_the_page_has_the_diagram_and_the_table_that_the_code_has() -> None:
    text = PAGE.read_text("utf-8")
    assert written(text) == text, "python -m api.alerts.diagram docs/centre.md writes it anew"


def test_each_step_is_drawn_or_leads_back_to_its_own_state() -> None:
    drawn = diagram().splitlines()
    for (state, action), found in TABLE.items():
        lines = [line for line in drawn if line.strip().startswith(f"{state} --> {found.to}:")]
        named = bool(lines) and action in lines[0].partition(": ")[2].split(", ")
        assert named == (found.to is not state)
    assert len(table().splitlines()) == 2 + len(TABLE)


def test_the_command_writes_the_page_and_leaves_the_rest(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE.read_text("utf-8").replace("| raised | note |", "| raised | shout |"))
    main([str(page)])
    assert page.read_text("utf-8") == PAGE.read_text("utf-8")
    with pytest.raises(ValueError, match="lifecycle: begin"):
        written("no markers")
