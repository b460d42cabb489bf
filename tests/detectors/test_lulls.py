"""Silences by place and hour: where one sits for hours, hours are let pass, and only there."""

import numpy as np
import pytest

from detectors.lulls import MOST_CONTEXTS, NIGHT, Lulls

HOUR = 3600.0


def lived(days: int, seed: int = 1) -> Lulls:
    """Long sits in the lounge of an afternoon, short stays in the bathroom of a morning."""
    rng, lulls = np.random.default_rng(seed), Lulls()
    lounge, bathroom = lulls.context("lounge", 14), lulls.context("bathroom", 8)
    for day in range(days):
        for _ in range(3):
            lulls.end(lounge, 1.5 * HOUR * rng.weibull(1.3), day)
        lulls.end(bathroom, 900 * rng.weibull(1.3), day)
        lulls.end_day()
    return lulls


def limit(lulls: Lulls, place: str, hour: int, a_month: float = 0.2) -> float:
    return lulls.limit(lulls.context(place, hour), 0, a_month, a_month, 1.0)


def test_a_long_sit_in_the_chair_is_let_pass_and_the_same_in_the_bathroom_is_not() -> None:
    lulls = lived(45)
    assert limit(lulls, "bathroom", 8) < 0.8 * limit(lulls, "lounge", 14)


def test_the_hours_before_and_after_share_what_is_usual() -> None:
    lulls = lived(45)
    assert limit(lulls, "lounge", 11) == limit(lulls, "lounge", 14)
    assert limit(lulls, "lounge", 7) != limit(lulls, "lounge", 14)


def test_a_smaller_budget_waits_longer() -> None:
    lulls = lived(45)
    limits = [limit(lulls, "lounge", 14, a_month) for a_month in (1.0, 0.5, 0.25, 0.1)]
    assert limits == sorted(limits)


def test_the_limit_of_a_day_does_not_hang_on_when_the_hub_was_restarted() -> None:
    lulls = lived(45)
    before = limit(lulls, "lounge", 14)
    lulls.end(lulls.context("lounge", 14), 5 * HOUR, 46)
    assert limit(lulls, "lounge", 14) == before
    lulls.end_day()
    assert limit(lulls, "lounge", 14) > before


def test_from_bedtime_to_morning_is_one_block() -> None:
    lulls = Lulls()
    assert {lulls.context("bedroom", hour) for hour in (21, 23, 0, 5)} == {f"bedroom/{NIGHT}"}
    assert lulls.context("bedroom", 6) != lulls.context("bedroom", 20)


def test_names_without_end_do_not_fill_the_memory() -> None:
    lulls = Lulls()
    for number in range(3 * MOST_CONTEXTS):
        lulls.end(f"room{number}/1", HOUR, 0)
    lulls.end_day()
    assert len(lulls.tails) == MOST_CONTEXTS
    assert np.isfinite(limit(lulls, "kitchen", 8))


def test_about_as_many_silences_are_too_long_as_the_budget_bears() -> None:
    rng, a_month, days = np.random.default_rng(3), 4.0, 5000
    found = []
    for seed in range(12):
        lulls = lived(200, seed)
        lounge = (
            1.5 * HOUR * rng.weibull(1.3, 3 * days) > limit(lulls, "lounge", 14, a_month)
        ).sum()
        bathroom = (900 * rng.weibull(1.3, days) > limit(lulls, "bathroom", 8, a_month)).sum()
        found.append((lounge + bathroom) / days * 30.44)
    assert np.mean(found) == pytest.approx(a_month, rel=0.25)
