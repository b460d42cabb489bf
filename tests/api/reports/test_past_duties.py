"""A promise that is made easier today does not make last month's figures better."""

from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from api.alerts.duties import Duty
from api.identity.people import Member
from api.reports.views import AnswerTimes
from api.services import Services
from tests.api.support import NOON, PASSWORD, SettableClock, add_alert, add_device, add_user

pytestmark = pytest.mark.network

EASY = Duty(priority="urgent", kind="seconds", within_s=3600, share=0.5, escalates=True)


@pytest.fixture
async def sue(services: Services) -> Member:
    return await add_user(services, "sue", role="supervisor", organisations=[1])


async def urgent(services: Services, by: Member, since: date, until: date) -> list[AnswerTimes]:
    made = await services.reports.of(by, 1, since=since, until=until)
    return [one for one in made.answer_times if one.priority == "urgent"]


async def answered_late(services: Services, sue: Member, clock: SettableClock) -> None:
    """A call for help at noon on 10 March, looked at after two and a half minutes."""
    device = await add_device(services, "h1")
    alert = await add_alert(services, device, 1, condition="help_button", severity="urgent")
    clock.move(seconds=150)
    await services.alerts.claim(alert, sue)
    await services.alerts.resolve(alert, sue, "true_concern")


async def test_a_month_is_judged_by_what_was_promised_then(
    services: Services, sue: Member, clock: SettableClock
) -> None:
    await answered_late(services, sue, clock)
    clock.now = datetime(2026, 4, 5, 9, tzinfo=UTC)
    march = date(2026, 3, 1), date(2026, 3, 31)
    before = await urgent(services, sue, *march)
    assert [(one.within_s, one.late, one.kept) for one in before] == [
        (60, 1, False), (180, 0, True),
    ]  # fmt: skip
    await services.duties.put(sue, 1, [EASY])
    clock.move(minutes=1)
    after = await urgent(services, sue, *march)
    assert [(one.within_s, one.late, one.kept, one.until) for one in after] == [
        (60, 1, False, datetime(2026, 4, 5, 9, tzinfo=UTC)),
        (180, 0, True, datetime(2026, 4, 5, 9, tzinfo=UTC)),
    ]


async def test_in_the_month_of_a_change_each_alert_counts_for_what_held_when_it_came_in(
    services: Services, sue: Member, clock: SettableClock, client: httpx.AsyncClient
) -> None:
    await answered_late(services, sue, clock)
    clock.move(hours=1)
    await services.duties.put(sue, 1, [EASY])
    await services.duties.put(sue, 1, [EASY])  # the same again is no change
    clock.move(hours=1)
    device = await add_device(services, "h2")
    alert = await add_alert(services, device, 1, condition="help_button", severity="urgent")
    clock.move(seconds=150)
    await services.alerts.claim(alert, sue)
    clock.now = NOON + timedelta(days=2)
    changed = NOON + timedelta(hours=1, seconds=150)
    found = await urgent(services, sue, date(2026, 3, 1), date(2026, 3, 12))
    assert [(one.within_s, one.in_time, one.late, one.since, one.until) for one in found] == [
        (60, 0, 1, None, changed), (180, 1, 0, None, changed), (3600, 1, 0, changed, None),
    ]  # fmt: skip
    await client.post("/sign-in", data={"username": "sue", "password": PASSWORD})
    page = (await client.get("/reports?since=2026-03-01&until=2026-03-12")).text
    assert "Urgent: within 60 s, as promised until" in page
    table = (await client.get("/v1/organisations/1/report.csv?since=2026-03-01")).text
    rows = [line.split(",")[1] for line in table.splitlines() if ",in_time," in line]
    assert len(rows) == len(set(rows)), "each duty has a line of its own"
