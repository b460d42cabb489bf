"""Measures: what is published is what was counted, with the homes' own spread beside it."""

import numpy as np
import pytest

from simulator.evaluation.measures import (
    DAY_S,
    ELSE,
    LATE,
    OPEN,
    UNANSWERED,
    UNTOLD,
    HomeResult,
    Trial,
    merged,
    tally,
)
from simulator.evaluation.summary import Summary, summarise


def home(name: str, alerts: int, *delays: float | None, judged: int = 30) -> HomeResult:
    trials = [Trial("strong", delay, chance=False) for delay in delays]
    return HomeResult(name, alerts, judged, days=40, exposed=judged, trials=trials)


def summed(*homes: HomeResult) -> Summary:
    return summarise(homes, np.random.default_rng(1))


def test_alerts_within_three_days_of_one_another_are_one() -> None:
    assert merged([]) == 0
    assert merged([0, DAY_S, 2.9 * DAY_S]) == 1
    assert merged([0, 3.5 * DAY_S, 20 * DAY_S]) == 3


def test_figures_are_of_all_homes_together() -> None:
    summary = summed(home("a", 0, 3600.0, 7200.0), home("b", 2, None, 3600.0))
    assert summary.false_alerts.value == pytest.approx(2 / 60 * 30.44)
    assert summary.by_home == {"a": 0, "b": pytest.approx(2 / 30 * 30.44)}
    assert summary.coverage == pytest.approx(60 / 80)
    strong = summary.sensitivity["strong"]
    assert strong.share.value == 0.75
    assert strong.delay == pytest.approx(4800)
    assert strong.restricted == pytest.approx((3600 + 7200 + 3600 + 6 * DAY_S) / 4)
    assert strong.share.low <= strong.share.value <= strong.share.high


def test_one_bad_home_shows_in_the_interval_and_in_the_worst() -> None:
    summary = summed(*[home(str(n), 0) for n in range(9)], home("bad", 9))
    assert summary.false_alerts.low == 0
    assert summary.false_alerts.high > 2 * summary.false_alerts.value
    assert summary.worst == pytest.approx(9 / 30 * 30.44)


def test_a_home_that_was_never_judged_does_not_divide_by_nought() -> None:
    summary = summed(home("a", 0, None, judged=0))
    assert summary.coverage == 0
    assert summary.false_alerts.value == 0


def test_an_alert_after_the_deadline_is_no_hit() -> None:
    late = Trial("any", 3600.0, chance=False, deadline=1800.0)
    assert not late.hit
    assert Trial("any", 1200.0, chance=False, deadline=1800.0).hit


def test_what_could_not_be_judged_counts_against_us_but_is_shown_beside() -> None:
    blind = Trial("strong", None, chance=False, judged=0.2)
    seen = Trial("strong", 3600.0, chance=False, judged=1.0)
    one = HomeResult("a", 0, 30, 40, 30, trials=[blind, seen])
    strong = summed(one).sensitivity["strong"]
    assert strong.share.value == 0.5
    assert (strong.judged, strong.judged_share.value) == (1, 1.0)
    assert tally([one], judged=True).episodes["strong"].tolist() == [1]


@pytest.mark.parametrize(
    ("trial", "why"),
    [
        (Trial("any", 3600.0, chance=False, deadline=1800.0), LATE),
        (Trial("any", None, chance=False, judged=0.2, was_open=True), OPEN),
        (Trial("any", None, chance=False, judged=0.2, told=0.1), UNANSWERED),
        (Trial("any", None, chance=False, told=4.7), UNTOLD),  # log(30.44 / 0.25) is 4.8
        (Trial("any", None, chance=False, told=4.9), ELSE),
        (Trial("any", None, chance=False), ELSE),
    ],
)
def test_what_is_missed_is_counted_by_why_and_what_is_found_is_not(trial: Trial, why: str) -> None:
    found = Trial("any", 60.0, chance=False, deadline=1800.0)
    one = HomeResult("a", 0, 30, 40, 30, trials=[trial, found])
    summary = summarise([one], np.random.default_rng(1), budget=0.25)
    assert summary.sensitivity["any"].missed == {why: 1}
