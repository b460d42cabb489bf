"""One bad line must not look like an outage, nor an outage like a hundred bad lines."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.silence import rules
from api.silence.rules import LEAST, WINDOW, Quiet
from tests.api.support import NOON

MINUTE = timedelta(minutes=1)
minutes = st.lists(st.integers(0, 120), max_size=30)


@pytest.mark.parametrize(
    ("every_s", "allowed"),
    [(None, 15), (60.0, 15), (300.0, 15), (3600.0, 180)],
)
def test_a_hub_may_miss_three_heartbeats_and_is_never_hurried(
    every_s: float | None, allowed: int
) -> None:
    assert rules.patience(15 * MINUTE, every_s) == allowed * MINUTE


def test_silence_while_the_centre_itself_was_away_is_not_the_hub_s() -> None:
    hub = Quiet("hub-1", NOON - timedelta(days=1), 15 * MINUTE)
    assert not rules.overdue(hub, NOON, NOON + 14 * MINUTE)
    assert rules.overdue(hub, NOON, NOON + 15 * MINUTE)


@pytest.mark.parametrize(
    ("silent", "others", "estate", "is_one"),
    [
        ([0] * 5, [], 5, True),
        ([0] * 4, [], 4, False),
        ([0], [5] * 4, 25, True),
        ([0], [5] * 4, 26, False),
        ([0], [11] * 4, 5, False),
        ([0], [20] * 9, 9, False),
        ([], [0] * 9, 9, False),
        ([30, 31], [0] * 3 + [33] * 3, 20, True),
        ([0] * 300, [], 2_000, True),  # a mast, of a large estate
        ([0] * 24, [], 2_000, False),
        ([0] * 25, [], 10_000, True),
        ([0] * 25, [], 100_000, False),  # so many fall silent by chance
        ([0] * 250, [], 100_000, True),
    ],
)
def test_an_outage_is_many_hubs_in_a_few_minutes(
    silent: list[int], others: list[int], estate: int, is_one: bool
) -> None:
    found = rules.outage(
        [NOON + n * MINUTE for n in silent], [NOON + n * MINUTE for n in others], estate
    )
    assert (found is not None) == is_one


@given(silent=minutes, others=minutes, estate=st.integers(1, 100))
def test_what_is_called_an_outage_always_is_one(
    silent: list[int], others: list[int], estate: int
) -> None:
    news = [NOON + n * MINUTE for n in silent]
    every = [*news, *(NOON + n * MINUTE for n in others)]
    found = rules.outage(news, every[len(news) :], estate)
    needed = max(LEAST, estate / 5)
    if found is not None:
        first, last = found
        assert last - first == WINDOW
        assert sum(first <= at <= last for at in every) >= needed
        assert any(first <= at <= last for at in news)
    elif news:
        assert all(
            sum(at <= other <= at + WINDOW for other in every) < needed
            or not any(at <= other <= at + WINDOW for other in news)
            for at in every
        )
