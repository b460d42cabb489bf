"""Long silences: limits follow the person's own, and no single strange day sets them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.models.longest import (
    KEPT,
    MEMORY_DAYS,
    LongestSilences,
    SilencePrior,
    limit,
    stretch,
)

HOUR = 3600.0
PRIOR = SilencePrior(usual=HOUR, days=7, least=HOUR / 2, most=4 * HOUR)
SILENCES = st.lists(st.tuples(st.floats(600, 1e6), st.integers(0, 400)), max_size=80)


@given(SILENCES)
def test_memory_stays_small_whatever_happens(silences: list[tuple[float, int]]) -> None:
    known = LongestSilences()
    for length, day in sorted(silences, key=lambda one: one[1]):
        known.learn_one(length, day)
    assert len(known.found) <= KEPT
    assert known.found == sorted(known.found, reverse=True)


@given(SILENCES, st.integers(0, 400))
def test_a_person_is_never_alerted_within_what_they_do_often(
    silences: list[tuple[float, int]], today: int
) -> None:
    known = LongestSilences()
    for length, day in sorted(silences, key=lambda one: one[1]):
        known.learn_one(length, day)
    recent = sorted((x for x, day in known.found if today - day <= MEMORY_DAYS), reverse=True)
    if len(recent) > 1:
        assert known.long(2, 30, today, PRIOR) >= recent[1]


def test_one_outage_does_not_make_a_person_wait_a_day_for_help() -> None:
    known = LongestSilences()
    for day in range(30):
        known.learn_one(HOUR / 2, day)
    known.learn_one(60 * HOUR, 30)
    assert known.long(2, 31, 31, PRIOR) < HOUR


def test_what_was_long_ago_is_forgotten() -> None:
    known = LongestSilences()
    for _ in range(KEPT):
        known.learn_one(3 * HOUR, 0)
    later = MEMORY_DAYS + 1
    known.learn_one(HOUR / 2, later)
    assert known.long(1, later, later, PRIOR) < HOUR


def test_a_new_home_waits_as_long_as_people_in_general_need() -> None:
    known = LongestSilences()
    known.learn_one(HOUR / 10, 0)
    assert known.long(2, 0, 0, PRIOR) == pytest.approx(HOUR)


def test_where_silences_are_long_anyway_none_is_out_of_the_ordinary() -> None:
    assert limit(2 * HOUR, 4 * HOUR, 2.5, PRIOR) == float("inf")
    assert limit(HOUR / 10, HOUR / 10, 2.5, PRIOR) == PRIOR.least
    assert PRIOR.least < limit(HOUR / 2, HOUR, 2.5, PRIOR) < PRIOR.most


def test_a_smaller_budget_waits_longer() -> None:
    assert stretch(2.5, 0.05, 0.2) > stretch(2.5, 0.2, 0.2) == 2.5 > stretch(2.5, 0.8, 0.2) >= 1
