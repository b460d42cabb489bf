"""The report as a whole: what is alike is near, a shift is found, what is missing is said."""

import numpy as np
import pytest

from simulator.realism.assess import (
    QUICK,
    Depth,
    assess,
    common_sensors,
    steps,
)
from simulator.realism.calibration import calibration_homes
from simulator.realism.hearing import Heard
from simulator.realism.homes import observe
from simulator.realism.observed import observe_real, observe_simulated
from simulator.realism.report import Report, failures
from simulator.realism.text import as_markdown, as_text
from tests.simulator.realism.people import at, town

SMALL = Depth(seeds=1, splits=1, repeats=1)
MEASURES_ALONE = Depth(seeds=0, splits=0)
REAL = town(12, seed=1, name="r")
NAMES = [home.name for home in REAL]


@pytest.fixture(scope="module")
def progress() -> list[int]:
    """A one for each step that was told."""
    return []


@pytest.fixture(scope="module")
def alike(progress: list[int]) -> Report:
    """Two halves of one population."""
    return assess(
        observe_real(REAL),
        observe_simulated(town(12, seed=2, name="s")),
        calibrated_on=calibration_homes(NAMES),
        depth=SMALL,
        advance=lambda: progress.append(1),
    )


def test_two_halves_of_a_population_are_alike(alike: Report) -> None:
    p = [row.p for row in alike.all.rows if row.p is not None]
    assert np.mean(np.array(p) < 0.05) < 0.15
    assert np.median([row.distance for row in alike.all.rows if row.distance]) < 0.7
    assert alike.all.verdict is not None
    assert 0.3 < alike.all.verdict.auc < 0.7
    assert len(alike.all.outside()) < len(alike.all.rows) / 3


def test_a_shifted_population_is_found_by_each_measure_that_moved() -> None:
    made_up = observe_simulated(town(12, seed=3, busy=2.5, name="s"))
    report = assess(observe_real(REAL), made_up, depth=QUICK)
    rows = {row.name: row for row in report.all.rows}
    for name in (
        "bathroom visits",
        "kitchen activations",
        "activations",
        "fridge opened or closed",
    ):
        assert not rows[name].inside, name
        assert rows[name].p == 0.001
    hours = rows["activations from 08 to 12 h"].p
    assert hours is not None
    assert hours > 0.01  # the hours did not move
    assert report.all.verdict is not None
    assert report.all.verdict.auc > 0.95
    found = failures(report, 0.75)
    assert any(sentence.startswith("bathroom visits: made up") for sentence in found)
    assert any("AUC" in sentence for sentence in found)


def test_homes_that_calibration_never_saw_are_judged_apart(alike: Report) -> None:
    assert alike.unseen is not None
    assert alike.unseen.names == NAMES[1::2]
    assert alike.all.names == NAMES
    assert {len(row.real.values) for row in alike.unseen.rows} <= {4, 5, 6}


@pytest.mark.slow
def test_while_calibrating_the_other_homes_change_nothing() -> None:
    """Whoever tunes must not be able to look at them, not even by accident."""
    made_up = observe_simulated(town(8, seed=4, name="s"))
    seen = calibration_homes(NAMES)
    one = assess(observe_real(REAL), made_up, calibrated_on=seen, depth=QUICK)
    mine = [home for home in REAL if home.name in seen]
    other = [Heard(home.name, town(1, seed=9, busy=4)[0].streams) for home in REAL[1::2]]
    two = assess(observe_real(mine + other), made_up, calibrated_on=seen, depth=QUICK)
    assert as_text(one) == as_text(two)
    assert one.unseen is None
    assert one.all.names == seen


def test_every_other_home_is_kept_for_judging() -> None:
    assert calibration_homes(["d", "b", "a", "c", "e"]) == ["a", "c", "e"]


def test_real_against_real_says_what_chance_gives(alike: Report) -> None:
    assert alike.chance is not None
    assert alike.chance.homes == (6, 6)
    assert len(alike.chance.aucs) == 1
    assert all(0.1 < auc < 0.9 for auc in alike.chance.aucs)
    assert all(0.5 < share <= 1 for share in alike.chance.inside)


def test_a_sensor_that_one_side_lacks_is_said_and_gives_nobody_away() -> None:
    sensors = ("bathroom", "kitchen", "back_door")
    real, lacking = town(12, seed=1, sensors=sensors), town(12, seed=2, sensors=sensors[:2])
    assert common_sensors(observe(real), observe(lacking)) == sensors[:2]
    report = assess(observe_real(real), observe_simulated(lacking), depth=QUICK)
    assert any("back door: in 12 of 12 real homes and in 0 of 12" in note for note in report.notes)
    assert "back door opened or closed" in report.all.untold
    assert report.all.verdict is not None
    assert report.all.verdict.auc < 0.75


def boiling(name: str, days: int) -> Heard:
    rng = np.random.default_rng(days)
    rows = [(at(d, h), 100.0, 150.0) for d in range(days) for h in sorted(rng.uniform(7, 22, 5))]
    return Heard(name, {"kettle": np.array(rows)})


def test_kettles_are_compared_by_the_month_and_without_rooms() -> None:
    real = observe_real(kettle=[boiling("a", 95), boiling("b", 90)])
    made_up = observe_simulated([boiling("s", 100), boiling("t", 98)])
    report = assess(real, made_up)
    assert {row.family for row in report.all.rows} == {"kettle"}
    assert {row.per for row in report.all.rows} == {"home-months"}
    assert report.all.verdict is None
    assert report.chance is None
    assert any("two real homes" in note for note in report.notes)
    assert any("rooms, doors and rhythms are not judged" in note for note in report.notes)


def test_nothing_on_either_side_is_an_empty_report() -> None:
    for real, made_up in (([], []), (REAL[:6], []), ([], REAL[:6])):
        report = assess(observe_real(real), observe_simulated(made_up), depth=SMALL)
        assert report.all.rows == []
        assert report.all.verdict is None
        assert any("no measure could be compared" in found for found in failures(report, 0.5))
        assert as_text(report)
        assert as_markdown(report)


def test_progress_comes_to_its_end(alike: Report, progress: list[int]) -> None:
    assert alike.unseen is not None
    assert len(progress) == steps(SMALL)


def test_without_a_learner_the_measures_alone_are_told() -> None:
    sides = observe_real(REAL), observe_simulated(town(6, seed=5))
    report = assess(*sides, depth=MEASURES_ALONE)
    assert report.all.rows
    assert report.all.verdict is None
    assert "What the learner goes by" not in as_text(report)
