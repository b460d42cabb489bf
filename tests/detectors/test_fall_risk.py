"""Steadiness: staff hear when a person slows or nights break up, before a fall."""

from datetime import timedelta

import msgspec
import pytest

from contract import SensorEvent
from detectors.budgets import BUDGETS
from detectors.conformance.lifelike import event, profile
from detectors.fall_risk import FallRisk
from detectors.models.change import DAYS_A_MONTH
from tests.detectors.people import also, day_of, instant, life, raised, said

DAYS = 60
ILL = range(35, 55)


def slow(events: list[SensorEvent], seconds: float) -> list[SensorEvent]:
    """Whoever comes from the hall takes so much longer."""
    later = timedelta(seconds=seconds)
    return sorted(
        (
            msgspec.structs.replace(one, at=one.at + later)
            if one.kind == "motion" and one.place != "hallway" and day_of(one) in ILL
            else one
            for one in events
        ),
        key=lambda one: one.at,
    )


@pytest.mark.parametrize("seed", range(1, 4))
def test_slower_journeys_are_told_within_a_fortnight(seed: int) -> None:
    alerts = raised(said(FallRisk(profile()), slow(life(DAYS, seed), 5)))
    assert any(day_of(one) in range(ILL.start + 1, ILL.start + 14) for one in alerts)


def test_a_slower_gait_is_told_where_it_is_measured() -> None:
    walks = [
        event("hallway-gait", instant(day, 8 + n), (0.8 if day < ILL.start else 0.6) + n % 3 / 50)
        for day in range(DAYS)
        for n in range(8)
    ]
    alerts = raised(said(FallRisk(profile()), also(life(DAYS), *walks)))
    gait = [one for one in alerts if one.evidence[0].measure == "gait_speed"]
    assert gait
    assert day_of(gait[0]) in range(ILL.start + 1, ILL.start + 10)


def test_restless_nights_are_told() -> None:
    stirring = [
        event("bedroom-pir", instant(day, hour / 4))
        for day in range(ILL.start, ILL.start + 7)
        for hour in range(2, 24)
    ]
    alerts = raised(said(FallRisk(profile()), also(life(DAYS), *stirring)))
    assert any(one.evidence[0].measure == "restlessness_night" for one in alerts)


def test_ordinary_lives_keep_the_budget_of_false_alerts() -> None:
    alerts = [len(raised(said(FallRisk(profile()), life(60, seed)))) for seed in range(1, 9)]
    assert sum(alerts) <= BUDGETS["fall_risk"] * 8 * 60 / DAYS_A_MONTH
