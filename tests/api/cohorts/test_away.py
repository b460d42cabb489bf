"""Noughts of an empty home neither put somebody on a list nor hide that they drink less."""

from datetime import date, timedelta
from typing import Any

import pytest

from api.cohorts.criteria import Criteria, Trend, judge
from api.identity.people import Member
from api.people.spell import SpellKind, SpellRequest
from api.services import Services
from tests.api.cohorts.test_criteria import TODAY, facts, used
from tests.api.cohorts.test_service import HOT, START, TRIPS, boil, homes, send, sue, trip, warm
from tests.api.support import SettableClock, add_device, add_user

__all__ = ["sue"]
pytestmark = pytest.mark.network
DRY = Criteria(trend=Trend(measure="intake", way="less", by=0.25))
TOO_FEW = "Too few days are left to tell a trend: days away or paused do not count."


def days(*back: int) -> frozenset[date]:
    return frozenset(TODAY - timedelta(days=one) for one in back)


def test_who_has_enough_days_at_home_on_both_sides_is_judged_by_these_alone() -> None:
    counts = {**used(6, 2), **dict.fromkeys(days(*range(8, 18)), 0.0)}
    assert judge(DRY, facts(counts=counts, away=days(*range(8, 18)))).why == [
        (
            "Intake 67% less than in the four weeks before: 2.0 a day, usually 6.0; 10 days away "
            "or paused left out."
        )
    ]
    one = {**used(6, 6), **dict.fromkeys(days(2), 0.0)}
    assert judge(DRY, facts(counts=one)).belongs is True
    assert judge(DRY, facts(counts=one, away=days(2))).belongs is False


@pytest.mark.parametrize(("home_days", "known"), [(7, True), (6, False)])
def test_with_too_few_days_at_home_it_is_not_known_and_says_why(
    home_days: int, known: bool
) -> None:
    gone = days(*range(4, 25 - home_days))
    found = judge(DRY, facts(counts=used(6, 2), away=gone))
    assert (found.belongs, found.missing) == ((True, "") if known else (None, TOO_FEW))
    lately = judge(DRY, facts(counts=used(6, 0), away=days(1, 2, 3)))
    assert (lately.belongs, lately.missing) == (None, TOO_FEW)


async def stayed(
    services: Services, by: Member, clock: SettableClock, home: str, kind: SpellKind,
    *, gone: float, back: float, boils: list[dict[str, Any]],
) -> None:  # fmt: skip
    """A hot home of which somebody was away, in days ago; its thermometer tells all the while."""
    device = await add_device(services, home, label=home.title())
    clock.now = START - timedelta(days=gone)
    asked = SpellRequest(kind=kind, until=START + timedelta(days=1))
    number = await services.people.spells.set(home, asked, by)
    clock.now = START - timedelta(days=back)
    await services.people.spells.end(home, number, by)
    clock.now = START
    await send(services, device, *boils, *(warm(29, 24 * day + 1) for day in range(32)))


async def test_who_is_back_from_a_holiday_and_drinks_as_ever_is_not_rung_in_the_heat(
    services: Services, sue: Member, clock: SettableClock
) -> None:
    boils = [boil(day, n) for day in (1, *range(9, 27)) for n in range(6)]
    await stayed(
        services, sue, clock, "back", SpellKind.HOLIDAY, gone=8.1, back=1.2, boils=boils
    )  # fmt: skip
    found = await services.cohorts.people(sue, HOT)
    assert (homes(found), found.unknown) == (set(), {})


async def test_who_came_home_from_hospital_and_drinks_a_third_is_rung(
    services: Services, sue: Member, clock: SettableClock
) -> None:
    usual = [boil(day, n) for day in range(26, 32) for n in range(6)]
    less = [boil(day, n) for day in range(1, 7) for n in range(2)]
    await stayed(
        services, sue, clock, "ill", SpellKind.HOSPITAL, gone=25, back=7, boils=usual + less
    )  # fmt: skip
    found = await services.cohorts.people(sue, HOT)
    assert homes(found) == {"ill"}
    assert found.people[0].why[1] == (
        "Intake 57% less than in the four weeks before: 2.0 a day, usually 4.7; 19 days away or "
        "paused left out."
    )


async def test_who_was_in_hospital_is_not_taken_to_have_slept_through_there(
    services: Services, sue: Member, clock: SettableClock
) -> None:
    for home, gone, back, nights in (("ward", 8, 0.9, 1), ("lately", 8, 4, 1), ("minded", 1, 0, 2)):
        trips = [trip(hour, night) for night in range(nights) for hour in (1, 2, 3)]
        await stayed(
            services, sue, clock, home, SpellKind.HOLIDAY, gone=gone, back=back, boils=trips
        )  # fmt: skip
    found = await services.cohorts.people(sue, TRIPS)
    few = "Too few nights are left to count trips in: nights away or paused do not count."
    assert (homes(found), found.unknown) == (set(), {few: 1})


async def test_who_is_just_back_is_neither_rung_for_noughts_nor_taken_for_well(
    services: Services, sue: Member, clock: SettableClock
) -> None:
    usual = [boil(day, n) for day in range(9, 32) for n in range(6)]
    await stayed(services, sue, clock, "new", SpellKind.RESPITE, gone=8.1, back=0.2, boils=usual)
    ann = await add_user(services, "ann", organisations=[1])
    found = await services.cohorts.people(ann, HOT)
    assert (homes(found), found.unknown) == (set(), {TOO_FEW: 1})
