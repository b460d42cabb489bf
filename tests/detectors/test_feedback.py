"""What staff record tunes the next alert: within bounds, fading, and undone without a trace."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import SEVERITY, Condition, Outcome
from detectors.feedback import BOUNDS, HALF_LIFE_DAYS, Recorded, factor, reason

FIRST = date(2026, 1, 1)
DAYS = st.integers(FIRST.toordinal(), FIRST.toordinal() + 900)
RECORDED = st.builds(
    Recorded,
    condition=st.sampled_from([Condition.UTI_RISK, Condition.POSSIBLE_FALL]),
    outcome=st.sampled_from(list(Outcome)),
    on=DAYS.map(date.fromordinal),
)
MANY = st.lists(RECORDED, max_size=30)
CONDITIONS = st.sampled_from([Condition.UTI_RISK, Condition.POSSIBLE_FALL, Condition.NO_MOVEMENT])


def of(outcome: Outcome, on: date = FIRST, condition: Condition = Condition.UTI_RISK) -> Recorded:
    return Recorded(condition=condition, outcome=outcome, on=on)


@given(CONDITIONS, MANY, DAYS)
def test_no_number_of_outcomes_silences_an_alert_or_lets_it_run_wild(
    condition: Condition, outcomes: list[Recorded], day: int
) -> None:
    bounds = BOUNDS[SEVERITY[condition]]
    assert bounds.least <= factor(condition, outcomes, day) <= bounds.most


@given(CONDITIONS, MANY, RECORDED, DAYS, st.integers(0, 30))
def test_an_outcome_taken_back_leaves_no_trace(
    condition: Condition, outcomes: list[Recorded], one: Recorded, day: int, place: int
) -> None:
    before = factor(condition, outcomes, day)
    with_it = [*outcomes[:place], one, *outcomes[place:]]
    with_it.remove(one)
    assert factor(condition, with_it, day) == before


@given(CONDITIONS, MANY.flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))), DAYS)
def test_the_order_in_which_staff_record_does_not_matter(
    condition: Condition, orders: tuple[list[Recorded], list[Recorded]], day: int
) -> None:
    one, other = orders
    assert factor(condition, one, day) == factor(condition, other, day)


@given(CONDITIONS, MANY, RECORDED, DAYS)
def test_a_false_alarm_never_brings_the_next_alert_forward_nor_a_real_concern_puts_it_off(
    condition: Condition, outcomes: list[Recorded], one: Recorded, day: int
) -> None:
    before, after = factor(condition, outcomes, day), factor(condition, [*outcomes, one], day)
    if one.outcome in {Outcome.FALSE_ALARM, Outcome.KNOWN_REASON}:
        assert after <= before
    elif one.outcome == Outcome.TRUE_CONCERN:
        assert after >= before
    else:
        assert after == before


@given(CONDITIONS, MANY, DAYS)
def test_what_is_recorded_later_changes_no_day_before_it(
    condition: Condition, outcomes: list[Recorded], day: int
) -> None:
    known = [one for one in outcomes if one.on.toordinal() <= day]
    assert factor(condition, outcomes, day) == factor(condition, known, day)


@given(st.integers(0, 900), st.integers(0, 900))
def test_an_outcome_says_less_as_time_goes_by(some: int, more: int) -> None:
    early, late = sorted((some, more))
    one, day = [of(Outcome.FALSE_ALARM)], FIRST.toordinal()
    fresh = factor(Condition.UTI_RISK, one, day)
    assert fresh <= factor(Condition.UTI_RISK, one, day + early)
    assert factor(Condition.UTI_RISK, one, day + early) <= factor(
        Condition.UTI_RISK, one, day + late
    )
    assert factor(Condition.UTI_RISK, one, day + late) < 1


def test_a_false_alarm_takes_a_quarter_and_half_of_its_say_is_gone_in_three_months() -> None:
    one, day = [of(Outcome.FALSE_ALARM)], FIRST.toordinal()
    assert factor(Condition.UTI_RISK, one, day) == pytest.approx(0.75)
    assert factor(Condition.UTI_RISK, one, day + HALF_LIFE_DAYS) == pytest.approx(0.75**0.5)


def test_an_urgent_alert_is_put_off_less_than_an_advisory_one() -> None:
    day = FIRST.toordinal()
    rare = {
        condition: factor(condition, [of(Outcome.FALSE_ALARM, FIRST, condition)] * 20, day)
        for condition in (Condition.UTI_RISK, Condition.POSSIBLE_FALL)
    }
    assert rare[Condition.POSSIBLE_FALL] > rare[Condition.UTI_RISK]


def test_a_broken_sensor_is_what_a_technical_alert_is_for() -> None:
    day = FIRST.toordinal()
    technical = of(Outcome.EQUIPMENT, condition=Condition.SENSOR_SILENT)
    assert factor(Condition.SENSOR_SILENT, [technical], day) > 1
    assert factor(Condition.UTI_RISK, [of(Outcome.EQUIPMENT)], day) == 1


@given(CONDITIONS, MANY, DAYS)
def test_staff_are_told_whenever_their_records_moved_an_alert_and_which_way(
    condition: Condition, outcomes: list[Recorded], day: int
) -> None:
    found, said = factor(condition, outcomes, day), reason(condition, outcomes, day)
    if said:
        assert ("later" in said) == (found < 1)
        assert ("sooner" in said) == (found > 1)
    else:
        assert found == pytest.approx(1, abs=0.03)


def test_the_sentence_names_what_was_recorded_and_when() -> None:
    outcomes = [
        of(Outcome.FALSE_ALARM, date(2026, 5, 3)),
        of(Outcome.FALSE_ALARM, date(2026, 4, 9)),
        of(Outcome.NO_CONTACT, date(2026, 5, 9)),
    ]
    day = date(2026, 6, 1).toordinal()
    assert reason(Condition.UTI_RISK, outcomes, day) == (
        "Alerts later than usual: staff recorded 2 false alarms, the last on 3 May 2026."
    )
    assert reason(Condition.UTI_RISK, outcomes[:1], day) == (
        "Alerts later than usual: staff recorded a false alarm, on 3 May 2026."
    )
