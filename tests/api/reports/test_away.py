"""A commissioner compares false alerts by the time in which there was somebody to be watched."""

from datetime import date, datetime, timedelta

import pytest

from api.identity.people import Member
from api.people.spell import SpellKind, SpellRequest
from api.reports.views import Report
from api.services import Services
from contract import Outcome
from tests.api.support import NOON, SettableClock, add_alert, add_device, add_user

pytestmark = pytest.mark.network
MONTH = timedelta(days=30.4375)
SINCE = date(2026, 3, 1)


@pytest.fixture
async def keeper(services: Services, clock: SettableClock) -> Member:
    """A supervisor beside one home, in which an alert of the first day was a false alarm."""
    keeper = await add_user(services, "sue", role="supervisor", organisations=[1])
    alert = await add_alert(services, await add_device(services, "h1"))
    await services.alerts.claim(alert, keeper)
    await services.alerts.resolve(alert, keeper, Outcome.FALSE_ALARM)
    assert clock.now == NOON
    return keeper


async def report(services: Services, by: Member) -> Report:
    return await services.reports.of(
        by, 1, since=SINCE, until=services.clock().date(), small_numbers=True
    )


def asked(kind: SpellKind, begins: datetime, *, days: float) -> SpellRequest:
    return SpellRequest(kind=kind, starts_at=begins, until=begins + timedelta(days=days))


@pytest.mark.parametrize("kind", [*SpellKind])
async def test_half_the_time_away_doubles_false_alerts_per_person_month(
    services: Services, keeper: Member, clock: SettableClock, kind: SpellKind
) -> None:
    await services.people.spells.set("h1", asked(kind, clock(), days=5), keeper)
    clock.move(days=10)
    found = await report(services, keeper)
    assert found.person_months == pytest.approx(timedelta(days=5) / MONTH)
    rate = found.conditions[0].false_per_month
    assert rate is not None
    assert rate.value == pytest.approx(MONTH / timedelta(days=5))
    assert found.homes == 1
    assert found.uptime.hub_share == 1, "the hub was heard all the while"


async def test_a_stay_that_ended_early_or_was_taken_back_takes_no_time_at_home(
    services: Services, keeper: Member, clock: SettableClock
) -> None:
    spells = services.people.spells
    stay = await spells.set("h1", asked(SpellKind.HOSPITAL, clock(), days=9), keeper)
    clock.move(days=2)
    await spells.end("h1", stay, keeper)
    planned = asked(SpellKind.HOLIDAY, clock() + timedelta(days=1), days=5)
    await spells.end("h1", await spells.set("h1", planned, keeper), keeper)
    await spells.set(
        "h1", asked(SpellKind.RESPITE, clock() + timedelta(days=9), days=5), keeper
    )  # not yet
    clock.move(days=8)
    found = await report(services, keeper)
    assert found.person_months == pytest.approx(timedelta(days=8) / MONTH)


async def test_who_was_away_all_the_while_is_no_person_month_and_no_rate(
    services: Services, keeper: Member, clock: SettableClock
) -> None:
    await services.people.spells.set("h1", asked(SpellKind.HOSPITAL, clock(), days=30), keeper)
    clock.move(days=10)
    found = await report(services, keeper)
    assert (found.person_months, found.conditions[0].false_per_month) == (0, None)
    assert found.conditions[0].not_confirmed == 1
