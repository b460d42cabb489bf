"""A report goes to a commissioner's desk: it must open there, and point at nobody."""

import csv
import io
from typing import Any

import httpx
import pytest

from api.cohorts.criteria import Criteria
from api.cohorts.views import NewCohort, NewContact
from api.refusals import Invalid, NotAllowed
from api.services import Services
from api.store.reach import CENTRE
from contract import Outcome
from tests.api.alerts.test_anew import CALL, presses
from tests.api.support import PASSWORD, SettableClock, add_alert, add_device, add_user

pytestmark = pytest.mark.network


@pytest.fixture
async def boss(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> httpx.AsyncClient:
    """A supervisor who has signed in, beside one home with one alert that was a false alarm."""
    keeper = await add_user(services, "sue", role="supervisor", organisations=[1])
    alert = await add_alert(services, await add_device(services, "h1", label="Flat <1>"))
    await services.alerts.claim(alert, keeper)
    await services.alerts.resolve(alert, keeper, Outcome.FALSE_ALARM)
    asked = NewCohort(name="All of it", criteria=Criteria(alerts=["fall_risk"]))
    cohort = (await services.cohorts.add(keeper, 1, asked)).cohort
    fall = await add_device(services, "h2")
    await add_alert(services, fall, condition="fall_risk")
    await services.cohorts.called(keeper, cohort, NewContact(home="h2", outcome="action"))
    clock.move(minutes=1)
    answer = await client.post("/sign-in", data={"username": "sue", "password": PASSWORD})
    assert answer.status_code == httpx.codes.SEE_OTHER
    return client


async def test_one_home_is_not_pointed_at_unless_who_may_see_it_asks(
    boss: httpx.AsyncClient,
) -> None:
    where = "/v1/organisations/1/report?since=2026-03-01"
    row = (await boss.get(where)).json()["conditions"][1]
    assert row["withheld"]
    assert row["alerts"] is row["homes"] is row["predictive_value"] is None
    row = (await boss.get(f"{where}&small_numbers=true")).json()["conditions"][1]
    assert (row["alerts"], row["not_confirmed"]) == (1, 1)
    assert row["predictive_value"]["value"] == 0
    calls = (await boss.get(f"{where}&small_numbers=true")).json()["calls"]
    assert [(one["outcome"], one["calls"], one["homes"]) for one in calls] == [("action", 1, 1)]
    assert row["predictive_value"]["high"] == pytest.approx(0.7935, abs=1e-4)


async def test_the_table_to_take_along_has_every_figure_of_the_report(
    boss: httpx.AsyncClient,
) -> None:
    where = "/v1/organisations/1/report"
    answer = await boss.get(f"{where}.csv?since=2026-03-01&small_numbers=true")
    assert answer.headers["content-disposition"].endswith('.csv"')
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    made = (await boss.get(f"{where}?since=2026-03-01&small_numbers=true")).json()
    found = {(row["section"], row["row"], row["measure"]): row for row in rows}
    times = made["answer_times"][2]
    assert found["answer_times", "advisory 1", "in_time"]["value"] == str(times["in_time"]) == "1"
    assert found["answer_times", "advisory 1", "kept"]["value"] == "yes"
    share = found["answer_times", "advisory 1", "share"]
    assert float(share["low"]) == pytest.approx(times["share"]["low"])
    assert {row["section"] for row in rows} == {
        "report", "uptime", "answer_times", "hours", "shifts", "roles", "conditions", "outcomes",
        "calls",
    }  # fmt: skip


async def test_the_printed_page_has_the_words_and_withholds_what_points_at_somebody(
    boss: httpx.AsyncClient,
) -> None:
    page = (await boss.get("/reports?organisation=1&since=2026-03-01&until=2026-03-10")).text
    assert "Toileting pattern changed" in page
    assert ">withheld<" in page
    assert "Flat" not in page
    shown = (await boss.get("/reports?since=2026-03-01&small=yes")).text
    assert "0.0% (0.0% to 79.3%)" in shown
    assert "do not pass this page on" in shown


@pytest.mark.parametrize(
    "query", ["since=nonsense", "organisation=x", "organisation=7", "since=2027-01-01"]
)
async def test_a_report_that_cannot_be_made_says_why_and_keeps_the_form(
    boss: httpx.AsyncClient, query: str
) -> None:
    answer = await boss.get(f"/reports?{query}")
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "The report was not made." in answer.text
    assert 'id="make"' in answer.text


async def test_reading_a_report_is_noted_and_not_for_everybody(
    services: Services, boss: httpx.AsyncClient, clock: SettableClock
) -> None:
    await boss.get("/v1/organisations/1/report")
    admin = await add_user(services, "adi", role="administrator", organisations=[1])
    log = await services.audit.newest(admin.reach, 1, [1], before=2**63 - 1, limit=50)
    assert "report.read" in {entry.action for entry in log}
    operator = await add_user(services, "olu", organisations=[1])
    with pytest.raises(NotAllowed):
        await services.reports.of(operator, 1)
    with pytest.raises(Invalid, match="at most 366"):
        await services.reports.of(admin, 1, since=clock().date().replace(year=2024))


async def test_what_came_of_calls_outlives_the_list_that_they_were_on(
    boss: httpx.AsyncClient, services: Services
) -> None:
    keeper = await services.staff.sign_in("sue", PASSWORD, "192.0.2.7")
    (cohort,) = [
        one for one in await services.cohorts.all(keeper.session.user) if one.name == "All of it"
    ]
    await services.cohorts.remove(keeper.session.user, cohort.cohort)
    where = "/v1/organisations/1/report?since=2026-03-01&small_numbers=true"
    calls = (await boss.get(where)).json()["calls"]
    assert [(one["outcome"], one["calls"]) for one in calls] == [("action", 1)]


async def test_a_call_pressed_anew_counts_again_against_its_duty(
    boss: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    keeper = (await services.staff.sign_in("sue", PASSWORD, "192.0.2.7")).session.user
    device = await add_device(services, "h3")
    found = await add_alert(services, device, 1, id="a", **CALL, evidence=presses(1))
    await services.alerts.claim(found, keeper)
    await services.alerts.resolve(found, keeper, Outcome.TRUE_CONCERN)
    clock.move(minutes=5)
    again = device.alert(2, id="a", version=2, **CALL, evidence=presses(2))
    await services.ingest.store(device.batch([again]), device.home)
    clock.move(minutes=5)
    await services.alerts.claim(found, keeper)
    await services.alerts.resolve(found, keeper, Outcome.FALSE_ALARM)
    clock.move(minutes=1)
    where = "/v1/organisations/1/report?since=2026-03-01&small_numbers=true"
    report = (await boss.get(where)).json()
    (within,) = [
        one for one in report["answer_times"] if (one["priority"], one["level"]) == ("urgent", 1)
    ]
    assert (within["in_time"], within["late"]) == (1, 1)
    (called,) = [one for one in report["conditions"] if one["condition"] == "help_button"]
    assert (called["alerts"], called["confirmed"], called["not_confirmed"]) == (2, 1, 1)


async def test_a_button_that_was_pressed_again_and_again_does_not_count_as_pressed_once(
    boss: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    keeper = (await services.staff.sign_in("sue", PASSWORD, "192.0.2.7")).session.user
    device = await add_device(services, "h3")

    async def say(seq: int, **more: Any) -> None:
        more = {"evidence": presses(seq), "updated_at": clock().isoformat(), **more}
        told = device.alert(seq, id="a", version=seq, **{**CALL, **more})
        await services.ingest.store(device.batch([told]), device.home)
        clock.move(minutes=1)

    for seq in (1, 2, 3):
        await say(seq)
    await say(4, phase="cleared")  # that it is over asks nobody to look again
    (found,) = await services.alerts.of_home(CENTRE, device.home)
    await services.alerts.claim(found.id, keeper)
    await services.alerts.resolve(found.id, keeper, Outcome.TRUE_CONCERN)
    clock.move(minutes=1)
    await say(5)  # which raises it anew
    await say(6)
    where = "/v1/organisations/1/report?since=2026-03-01"
    conditions = (await boss.get(f"{where}&small_numbers=true")).json()["conditions"]
    (called,) = [one for one in conditions if one["condition"] == "help_button"]
    assert (called["alerts"], called["further"]) == (2, 3)
    assert {one["further"] for one in conditions if one != called} == {0}
    (called, *_) = (await boss.get(where)).json()["conditions"]
    assert called["further"] is None
    page = (await boss.get("/reports?organisation=1&since=2026-03-01&small=yes")).text
    assert "Heard of again" in page
