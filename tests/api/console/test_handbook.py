"""A handbook that names a button which is not there leaves its reader alone."""

import re
from pathlib import Path

import pytest

from api.console.text import catalogue

FOLDER = Path(__file__).parent.parent.parent.parent / "docs" / "handbook"
PAGES = sorted(FOLDER.glob("*.md"))
_PICTURE = re.compile(r"!\[[^\]]{10,}\]\(([^)]+\.png)\)")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")


def words() -> set[str]:
    """All that the console says, with what is filled in left out."""
    text = catalogue("en")
    found = set()
    for key in text.all_keys():
        said = text._find(key)
        found |= set(said.values()) if isinstance(said, dict) else {said}
    return {" ".join(re.sub(r"\{\w+\}", "", one).split()).rstrip(".") for one in found}


def test_there_is_a_page_for_each_who_uses_it_daily() -> None:
    assert {page.stem for page in PAGES} == {"README", "operators", "supervisors", "installers"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_says_to_press_stands_on_the_screen(page: Path) -> None:
    known = words()
    named = {" ".join(one.split()) for one in _BOLD.findall(page.read_text("utf-8"))}
    assert named
    assert sorted(named - known) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_what_it_tells_of(page: Path) -> None:
    pictures = _PICTURE.findall(page.read_text("utf-8"))
    assert pictures
    assert [one for one in pictures if not (FOLDER / one).is_file()] == []


def test_the_front_page_leads_to_every_other() -> None:
    front = (FOLDER / "README.md").read_text("utf-8")
    assert [
        page.name for page in PAGES if page.stem != "README" and f"]({page.name})" not in front
    ] == []
