"""The documentation's results: made again by the command, never by hand."""

from pathlib import Path

import pytest

from simulator.realism.page import MARK, PICTURES, keep_pictures, put_results


def test_what_people_wrote_stays_and_the_results_are_replaced() -> None:
    once = put_results(f"# Words\n{MARK}old", "new\n")
    assert once == f"# Words\n{MARK}\nnew\n"
    assert put_results(once, "newer\n") == f"# Words\n{MARK}\nnewer\n"


def test_a_page_without_a_place_for_results_is_not_overwritten() -> None:
    with pytest.raises(ValueError, match="no line <!-- results -->"):
        put_results("# Words\n", "new")


def test_a_few_pictures_stay_and_nothing_of_others_is_touched(tmp_path: Path) -> None:
    names = [*PICTURES, "realism-kettle.svg"]
    for name in (*names, "queue.png"):
        (tmp_path / name).write_text("")
    assert keep_pictures(tmp_path, names) == list(PICTURES)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*PICTURES, "queue.png"])
