"""Who is missed by a list is not called; who is on it wrongly takes another one's call."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cohorts.criteria import Criteria, Facts, Raised, Trend, Verdict, judge
from api.cohorts.criteria import given as asks
from api.cohorts.record import Record, _read

TODAY = date(2026, 1, 20)
FALLS = Raised(datetime(2026, 1, 19, tzinfo=UTC), "Moving about differently: consider a check.")
SOME = Record(age=(80, None), flags=frozenset({"earlier_falls"}), discharged=None, gone=False)


def facts(**known: Any) -> Facts:
    blank: dict[str, Any] = {
        "record": SOME, "celsius": None, "raised": {}, "counts": {}, "nights": None, "today": TODAY,
    }  # fmt: skip
    return Facts(**{**blank, **known})


def used(usual: float, now: float) -> dict[date, float]:
    return {TODAY - timedelta(days=back): now if back <= 3 else usual for back in range(1, 25)}


@pytest.mark.parametrize(
    ("age", "belongs"),
    [((80, None), True), ((65, 79), True), ((0, 64), False), (None, None)],
)
def test_a_cold_home_of_somebody_who_may_be_over_75_is_called(
    age: tuple[int, int | None] | None, belongs: bool | None
) -> None:
    cold = Criteria(colder_than_c=18, age_at_least=75)
    found = judge(cold, facts(celsius=16.24, record=SOME._replace(age=age)))
    assert found.belongs is belongs
    if belongs:
        assert "16.2 °C indoors on average over the last 3 days." in found.why
    assert judge(cold, facts(celsius=18.0)).belongs is False


def test_a_home_without_a_thermometer_is_neither_cold_nor_warm_but_unknown() -> None:
    found = judge(Criteria(colder_than_c=18), facts())
    assert found.belongs is None
    assert found.missing == "No thermometer was heard."


def test_heat_and_drinking_less_must_both_be_seen() -> None:
    hot = Criteria(warmer_than_c=26, trend=Trend(measure="intake", way="less", by=0.25))
    assert judge(hot, facts(celsius=28, counts=used(6, 3))).why == [
        "28.0 °C indoors on average over the last 3 days.",
        "Intake 50% less than in the four weeks before: 3.0 a day, usually 6.0.",
    ]
    assert judge(hot, facts(celsius=28, counts=used(6, 5))).belongs is False
    assert judge(hot, facts(celsius=24, counts=used(6, 3))).belongs is False
    assert judge(hot, facts(celsius=28, counts={})).belongs is None


def test_who_was_away_at_night_is_judged_by_the_nights_at_home_alone() -> None:
    trips = Criteria(night_trips=3)
    back = [TODAY - timedelta(days=one) for one in range(7)]
    twice = {back[0]: 3, back[1]: 5}
    assert judge(trips, facts(nights=twice, nights_away=frozenset(back[2:]))).why == [
        (
            "3 or more trips to the bathroom in 2 of the last 7 nights; 5 nights away or paused "
            "left out."
        )
    ]
    sitter = judge(trips, facts(nights=twice, nights_away=frozenset(back[:1])))
    assert sitter.belongs is False, "who minds the home makes trips of their own"
    gone = judge(trips, facts(nights={}, nights_away=frozenset(back[1:])))
    assert gone == Verdict(
        None, [], "Too few nights are left to count trips in: nights away or paused do not count."
    )
    assert judge(trips, facts(nights={}, nights_away=frozenset(back[2:]))).belongs is False


def test_an_alert_is_told_in_its_own_words_and_never_as_an_illness() -> None:
    words = "Toileting pattern changed: more bathroom visits than usual. Consider a UTI check."
    older = {"uti_risk": Raised(FALLS.at + timedelta(days=1), words), "fall_risk": FALLS}
    asked = Criteria(alerts=["uti_risk", "fall_risk"])
    assert judge(asked, facts(raised=older)).why == [f"Alert of 2026-01-20: {words}"]


def test_three_trips_in_one_night_alone_are_not_yet_a_reason_to_call() -> None:
    trips = Criteria(night_trips=3)
    once = {TODAY: 4, TODAY - timedelta(days=1): 2}
    assert judge(trips, facts(nights=once)).belongs is False
    twice = {**once, TODAY - timedelta(days=2): 3}
    assert judge(trips, facts(nights=twice)).why == [
        "3 or more trips to the bathroom in 2 of the last 7 nights."
    ]
    assert judge(trips, facts(nights=None)).belongs is None


@pytest.mark.parametrize(("ago", "belongs"), [(1, True), (42, True), (43, False)])
def test_somebody_is_called_for_six_weeks_after_hospital(ago: int, belongs: bool) -> None:
    record = SOME._replace(discharged=TODAY - timedelta(days=ago))
    assert judge(Criteria(discharged_within_days=42), facts(record=record)).belongs is belongs


def test_what_staff_put_into_the_configuration_is_what_is_on_record() -> None:
    read = _read(
        '{"age": "65_to_79", "earlier_falls": true, "catheter": false}',
        '[{"situation": "hospital", "since": "2026-01-01", "until": "2026-01-09"},'
        ' {"situation": "visitors", "since": "2026-01-18"}]',
        TODAY,
    )
    assert read == Record((65, 79), frozenset({"earlier_falls"}), date(2026, 1, 9), gone=False)
    still = _read(None, '[{"situation": "hospital", "since": "2026-01-15"}]', TODAY)
    assert still.gone
    assert still.discharged is None


parts = st.fixed_dictionaries(
    {},
    optional={
        "age_at_least": st.sampled_from([65, 75, 80]),
        "on_record": st.just(["earlier_falls"]),
        "colder_than_c": st.sampled_from([16.0, 20.0]),
        "alerts": st.just(["fall_risk"]),
        "night_trips": st.integers(2, 4),
        "discharged_within_days": st.integers(5, 60),
    },
)
known = st.fixed_dictionaries(
    {
        "record": st.sampled_from([None, SOME, SOME._replace(discharged=date(2026, 1, 1))]),
        "celsius": st.sampled_from([None, 15.0, 19.0]),
        "raised": st.sampled_from([{}, {"fall_risk": FALLS}]),
        "nights": st.sampled_from([None, {TODAY: 3, TODAY - timedelta(days=1): 4}]),
    }
)


@given(parts, known)
def test_a_list_is_what_holds_in_every_part_and_never_a_guess(
    asked: dict[str, Any], told: dict[str, Any]
) -> None:
    criteria = Criteria(**asked)
    found = judge(criteria, facts(**told))
    alone = [
        judge(Criteria(**{name: value}), facts(**told)).belongs for name, value in asked.items()
    ]
    if False in alone:
        assert found.belongs is False
    elif None in alone:
        assert found.belongs is None
        assert found.missing
    else:
        assert found.belongs is bool(asked)
        assert len(found.why) == len(asked)
    assert asks(criteria) is bool(asked)
    assert msgspec.json.decode(msgspec.json.encode(criteria), type=Criteria) == criteria
