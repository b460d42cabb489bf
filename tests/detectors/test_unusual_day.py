"""Days unlike the usual: told within the budget, explained, and never a lost sensor's doing."""

from collections import Counter

import pytest

from contract import Assessment, SensorEvent, State
from detectors.budgets import BUDGETS
from detectors.conformance.lifelike import event, profile
from detectors.models.change import DAYS_A_MONTH
from detectors.profile import UnusualDay
from detectors.protocol import NEVER
from detectors.scorers.named import SCORERS
from detectors.unusual_day import WARM_UP_DAYS, UnusualDayWatch, Unwatched
from gateway.engine import Engine
from tests.detectors.people import (
    alone,
    also,
    day_of,
    gone,
    instant,
    life,
    more_bathroom,
    raised,
    said,
    states_on,
    when,
)

DAYS = 60
ODD = range(40, 46)
Events = list[SensorEvent]


def laid_low(events: Events, days: range) -> Events:
    """Up late, little in the kitchen, often in the bathroom: not one measure alone."""
    less = when(
        events,
        lambda one: not (day_of(one) in days and one.at.hour < 11 and one.place != "bathroom"),
    )
    return more_bathroom(less, days, a_day=6, a_night=3)


def told(answers: list[Assessment], days: range) -> list[Assessment]:
    return [one for one in raised(answers) if one.state == State.RAISED and day_of(one) in days]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_days_that_differ_in_many_things_are_told_within_three(seed: int) -> None:
    answers = said(UnusualDayWatch(profile()), laid_low(life(DAYS, seed), ODD))
    assert told(answers, range(ODD.start, ODD.start + 4))


def test_an_alert_names_the_few_measures_that_moved_beside_their_usual() -> None:
    answers = said(UnusualDayWatch(profile()), laid_low(life(DAYS), ODD))
    alert = told(answers, ODD)[0]
    assert 1 <= len(alert.evidence) <= 3
    shares = [one.share or 0 for one in alert.evidence]
    assert shares == sorted(shares, reverse=True)
    for one in alert.evidence:
        assert one.label[1:] in alert.text
        assert "usually" in one.text
        assert len(one.days) == 14
        assert (one.low or 0) <= (one.usual or 0) <= (one.high or 0)
    moved = {one.measure for one in alert.evidence}
    touched = ("bathroom", "bedroom", "first", "morning", "night", "gap")
    assert all(any(part in name for part in touched) for name in moved)


def test_ordinary_lives_keep_the_budget_of_false_alerts() -> None:
    alerts = [len(raised(said(UnusualDayWatch(profile()), life(70, seed)))) for seed in range(1, 7)]
    assert sum(alerts) <= BUDGETS["unusual_day"] * 6 * 70 / DAYS_A_MONTH


def test_a_home_that_has_not_asked_hears_nothing_and_pays_nothing() -> None:
    watch = UnusualDayWatch(alone(unusual_day=None))
    assert isinstance(watch, Unwatched)
    assert watch.kinds == frozenset()
    assert watch.due() == NEVER
    assert said(watch, life(30)) == []
    assert len(watch.snapshot()) < 1024


def test_a_home_that_no_longer_asks_is_rid_of_an_open_alert() -> None:
    events = laid_low(life(DAYS), ODD)
    raised_on = day_of(told(said(UnusualDayWatch(profile()), events), ODD)[0])
    engine = Engine(profile(), [UnusualDayWatch])
    for one in when(events, lambda one: day_of(one) <= raised_on):
        engine.process(one)
    later = Engine(alone(unusual_day=None), [UnusualDayWatch])
    later.restore(engine.snapshot())
    outputs = later.advance(instant(raised_on + 2, 12))
    assert [one.phase for one in outputs if not isinstance(one, Assessment)] == ["cleared"]
    assert later.advance(instant(raised_on + 9, 12)) == []


def test_three_weeks_are_learned_and_the_count_is_told() -> None:
    answers = said(UnusualDayWatch(profile()), life(WARM_UP_DAYS + 6))
    assert states_on(answers, WARM_UP_DAYS - 1) == {State.LEARNING}
    assert states_on(answers, WARM_UP_DAYS + 3) <= {State.NORMAL, State.RAISED}
    assert f"of {WARM_UP_DAYS}" in answers[5].reason


def test_a_week_away_is_no_odd_week() -> None:
    answers = said(UnusualDayWatch(profile()), gone(life(DAYS), instant(40, 9), instant(47, 15)))
    assert not told(answers, range(40, 49))
    assert states_on(answers, 43) == {State.BLIND}
    assert "seen" in next(one.reason for one in answers if day_of(one) == 44)


def test_a_lost_sensor_blinds_for_a_week_and_is_then_done_without() -> None:
    events = when(life(DAYS), lambda one: one.sensor != "lounge-pir" or day_of(one) < 40)
    answers = said(UnusualDayWatch(profile()), events)
    assert states_on(answers, 41) == {State.BLIND}
    reason = next(one.reason for one in answers if day_of(one) == 42)
    assert reason == "Nothing all day from: lounge-pir; a sensor may be lost."
    assert states_on(answers, 52) <= {State.NORMAL, State.RAISED}


def test_visitors_in_every_room_are_not_the_persons_odd_day() -> None:
    guests = [
        one
        for seed in range(20, 24)
        for one in life(ODD.stop, seed)
        if day_of(one) in ODD and one.kind == "motion" and 9 <= one.at.hour < 20
    ]
    answers = said(UnusualDayWatch(profile()), also(life(DAYS), *guests))
    assert states_on(answers, ODD.start + 2) == {State.BLIND}
    assert not told(answers, ODD)


def second_resident(events: Events, since: int, days: int) -> Events:
    other = [one for one in life(days, 77) if day_of(one) >= since and one.kind == "motion"]
    return also(events, *other)


def test_a_lasting_change_becomes_the_usual_and_is_told() -> None:
    answers = said(UnusualDayWatch(profile()), second_resident(life(90), 40, 90))
    notes = [note for one in answers for note in one.excluded]
    assert notes
    assert "The routine has been another since about" in notes[0]
    taken = next(day_of(one) for one in answers if one.excluded)
    assert 53 <= taken <= 75
    assert states_on(answers, 88) <= {State.NORMAL, State.RAISED}


def test_an_illness_of_a_week_is_not_swallowed() -> None:
    ill = range(40, 47)
    answers = said(UnusualDayWatch(profile()), laid_low(life(90), ill))
    assert not [note for one in answers for note in one.excluded]
    again = said(UnusualDayWatch(profile()), laid_low(laid_low(life(90), ill), range(70, 76)))
    assert told(again, range(70, 76))


@pytest.mark.parametrize("name", ["HalfSpaceTrees", "LocalOutlierFactor"])
def test_a_scorer_of_rivers_goes_on_from_a_snapshot_to_the_last_bit(name: str) -> None:
    home = alone(unusual_day=UnusualDay(scorer=name))
    events = life(50)
    through = said(UnusualDayWatch(home), events)
    watch, answers = UnusualDayWatch(home), list[Assessment]()
    for day in range(50):
        answers += said(watch, [one for one in events if day_of(one) == day])
        fresh = UnusualDayWatch(home)
        fresh.restore(watch.snapshot())
        watch = fresh
    assert answers == through


@pytest.mark.parametrize("name", sorted(SCORERS))
def test_a_scorer_that_warms_up_is_learning_and_not_calm(name: str) -> None:
    home = alone(unusual_day=UnusualDay(scorer=name))
    answers = said(UnusualDayWatch(home), life(DAYS))
    states = Counter(str(one.state) for one in answers)
    assert states["learning"] >= WARM_UP_DAYS
    assert all(one.score == 0 for one in answers if one.state == State.LEARNING)
    assert {one.score for one in answers if one.state == State.NORMAL}


def test_a_snapshot_of_another_scorer_is_learned_anew() -> None:
    watch = UnusualDayWatch(profile())
    said(watch, life(5))
    other = UnusualDayWatch(alone(unusual_day=UnusualDay(scorer="LODA")))
    with pytest.raises(ValueError, match="learn anew"):
        other.restore(watch.snapshot())


def test_a_smaller_budget_alerts_less() -> None:
    events = laid_low(life(DAYS), ODD)
    counts = [
        sum(
            one.state == State.RAISED
            for one in said(UnusualDayWatch(alone(budget={"unusual_day": budget})), events)
        )
        for budget in (3.0, 0.5, 0.05)
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_a_pendant_alone_tells_no_day_from_another() -> None:
    events = [event("pendant", instant(day, 12)) for day in range(30)]
    assert states_on(said(UnusualDayWatch(profile()), events), 20) == {State.BLIND}
