"""The rules about people by themselves: no day, mix of people or wish makes them say nonsense."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from api.people.consent import Agreed, switched_off
from api.people.identity import age_on, band_on, is_nhs_number
from api.people.risk import RiskRecord, together
from api.people.spell import LONGEST, SpellKind, SpellRequest, sort_of, times
from api.refusals import Invalid
from tests.api.support import NOON


def test_an_nhs_number_with_a_slip_is_noticed() -> None:
    assert is_nhs_number("9434765919")
    assert not is_nhs_number("9434765918")
    assert not is_nhs_number("943476591")


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 45_000))
def test_an_age_never_falls_as_days_go_by(born: date, days: int) -> None:
    day = born + timedelta(days=days)
    bands = [None, "under_65", "65_to_79", "80_or_more"]
    later = day + timedelta(days=1)
    assert age_on(born, day) <= age_on(born, later) <= age_on(born, day) + 1
    assert bands.index(band_on(born, day)) <= bands.index(band_on(born, later))


def test_what_raises_the_risk_of_one_counts_for_a_home_of_two() -> None:
    one = RiskRecord(age="65_to_79", sex="female", catheter=True, medicines=2)
    two = RiskRecord(age="80_or_more", sex="male", earlier_falls=True)
    assert together([one, two]) == {"age": "80_or_more", "earlier_falls": True, "medicines": 2}
    assert together([]) is None


agreements = st.builds(
    Agreed,
    state=st.sampled_from(["given", "withdrawn", "expired"]),
    conditions=st.lists(st.sampled_from(["uti_risk", "possible_fall", "no_movement"])),
    expires_on=st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)


@given(st.lists(agreements, max_size=3), agreements)
def test_another_person_s_word_never_switches_anything_on(
    before: list[Agreed], more: Agreed
) -> None:
    day = date(2026, 6, 1)
    assert set(switched_off(before, day)) <= set(switched_off([*before, more], day))


@given(st.sampled_from(list(SpellKind)), st.integers(-3000, 12_000), st.integers(-3000, 12_000))
def test_whatever_is_asked_for_lasts_no_longer_than_a_hub_would_take(
    kind: SpellKind, start: int, end: int
) -> None:
    asked = SpellRequest(
        kind=kind, until=NOON + timedelta(hours=end), starts_at=NOON + timedelta(hours=start)
    )
    try:
        starts_at, until = times(asked, NOON)
    except Invalid:
        return
    assert NOON <= starts_at < until <= starts_at + LONGEST[sort_of(kind)]
