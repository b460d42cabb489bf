"""What docs/simulator-extending.md adds must run as it stands there, and do what it says."""

from pathlib import Path

import numpy as np
import pytest

from simulator.living import days
from simulator.living.episode_spec import parse_episode
from simulator.living.episodes.registry import KINDS
from simulator.living.habits import registry as habits
from simulator.living.senses.registry import MAKES, roles_of
from tests.simulator.living import measures as m
from tests.simulator.living.examples import bedside_mat, cold, evening_walk
from tests.simulator.living.people import EVERYTHING, Told, befalls, heard, home, street, well

PAGE = Path(__file__).parents[4] / "docs" / "simulator-extending.md"
DAYS, PEOPLE = 12, 40


def add_the_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry's line."""
    with_walk = (*habits.HABITS, evening_walk.EVENING_WALK)
    monkeypatch.setattr(habits, "HABITS", with_walk)
    monkeypatch.setattr(days, "HABITS", with_walk)


def out_at_eight(homes: tuple[Told, ...]) -> float:
    """Openings of the front door from half past seven to nine, a day."""
    found = [one.times("front-door-contact") % 1 * 24 for one in homes]
    evening = [int(((hour > 19.5) & (hour < 21)).sum()) for hour in found]
    return sum(evening) / (len(homes) * DAYS)


def test_a_new_habit_is_lived_on_most_evenings(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = out_at_eight(well(DAYS, people=PEOPLE))
    add_the_walk(monkeypatch)
    walkers = tuple(heard(home(seed), DAYS) for seed in range(1, PEOPLE + 1))
    assert usual + 0.7 < out_at_eight(walkers) < usual + 2.5
    walks = sum(len(one.did("evening walk")) for one in walkers) / (PEOPLE * DAYS)
    assert 0.4 < walks < 0.9


def test_a_new_habit_is_told_why(monkeypatch: pytest.MonkeyPatch) -> None:
    add_the_walk(monkeypatch)
    lived = home(1)
    list(lived.until(lived.start + 5 * 86_400))
    told = [str(why) for _, why in lived.reasons() if why.doing == "evening walk"]
    assert set(told) == {"evening walk: they liked some air before bed"}


def test_a_new_episode_befalls_people_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "cold", cold.KIND)
    ill = street(DAYS, befalls("cold", 2, days=9), people=PEOPLE)
    before = well(DAYS, people=PEOPLE)
    assert 1.2 < m.ratio(m.boils, ill, before, 3, DAYS) < 1.9
    assert 0.15 < m.ratio(m.garden, ill, before, 3, DAYS) < 0.7
    assert 1.2 < m.ratio(m.about_by_night, ill, before, 3, DAYS) < 3
    assert parse_episode("cold:home3:day40:severity=0.5").episode.severity == 0.5


def test_a_new_sensor_tells_what_it_is_there_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MAKES, "bedside-mat", lambda _chance: bedside_mat.BedsideMat())
    told = heard(home(1, sensors=(*EVERYTHING, "bedside-mat")), DAYS)
    assert np.array_equal(told.times("bedside-mat"), told.streams["bed-presence"][0])
    assert len(told.times("bedside-mat")) > 20
    assert roles_of(("bedside-mat",))[0].place == "bedside"
    usual = heard(home(1), DAYS)
    for name in EVERYTHING:
        assert np.array_equal(told.streams[name], usual.streams[name], equal_nan=True)


@pytest.mark.parametrize("module", ["evening_walk", "cold", "bedside_mat"])
def test_the_page_shows_the_files_that_run(module: str) -> None:
    source = Path(__file__).with_name(f"{module}.py").read_text("utf-8")
    assert f"```python\n{source}```" in PAGE.read_text("utf-8")


def test_the_page_shows_the_lines_of_the_registries_as_they_would_stand() -> None:
    page = PAGE.read_text("utf-8")
    for line in (
        "evening_walk.EVENING_WALK,",
        "cold.KIND,",
        '"bedside-mat": lambda _chance: BedsideMat(),',
    ):
        assert line in page
    for path in ("habits/registry.py", "episodes/registry.py", "senses/registry.py"):
        assert f"simulator/living/{path}" in page
        assert (PAGE.parents[1] / "simulator" / "living" / path).is_file()
