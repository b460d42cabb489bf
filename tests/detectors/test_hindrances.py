"""Where nothing can be said, staff are told so, and why."""

import pytest

from detectors.features.presence import Absence
from detectors.hindrances import SetAside, keep, lost, told, too_little, unheard, unseen
from detectors.models.counts import CountModel
from detectors.models.usual import Prior

PRIOR = Prior(level=10.0, dispersion=1.0)


def of(*counts: float) -> CountModel:
    """What is learned of days with these counts, again and again."""
    model = CountModel()
    for _ in range(40 // len(counts)):
        for count in counts:
            model.learn_one(count, 1.0, PRIOR)
    return model


def test_whoever_went_out_by_the_door_is_told_from_whoever_is_not_seen() -> None:
    assert "Out of the home" in unseen(Absence(0.9, 0.8), 0.35, "day")
    assert unseen(Absence(0.9, 0.1), 0.35, "night") == "Nobody was seen for 90% of the night."
    assert not unseen(Absence(0.6, 0.6), 0.35, "day")


def test_a_sensor_that_says_nothing_all_day_is_named() -> None:
    assert unheard(("fridge-contact",)) == "Nothing all day from fridge-contact."
    assert not unheard(())


@pytest.mark.parametrize(
    ("silences", "is_lost"), [([13.0], True), ([13.0, 0.0], False), ([5.0], False), ([], False)]
)
def test_a_dead_sensor_is_suspected_where_all_are_silent_too_long(
    silences: list[float], is_lost: bool
) -> None:
    assert bool(lost(silences)) is is_lost


def test_a_bathroom_that_is_hardly_used_is_said_to_tell_too_little() -> None:
    rarely, often = of(0.3), of(12.0)
    assert too_little([((1.25, 1.5, 2.0), PRIOR, rarely)], 100.0)
    assert not too_little([((1.25, 1.5, 2.0), PRIOR, often)], 100.0)


def test_two_measures_that_say_little_each_may_say_enough_together() -> None:
    little = ((1.25, 1.5, 2.0), PRIOR, of(0.0, 2.0))
    assert too_little([little], 1000.0)
    assert not too_little([little] * 6, 1000.0)


def test_what_was_set_aside_is_told_for_a_week_the_latest_first() -> None:
    aside: list[SetAside] = []
    for day in range(739_000, 739_010):
        keep(aside, day, "Nobody was seen.")
        keep(aside, day, "Nobody was seen.")
    assert len(aside) == 7
    sentences = told(aside, 739_009)
    assert len(sentences) == 7
    assert sentences[0] == "Not counted, 3 May: Nobody was seen."
    assert not told(aside, 739_030)
