"""How many false alerts are borne is chosen in words, and hubs run with what was chosen."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.async_api import expect

from api.console.text import catalogue
from api.console.views.budgets import budget_of, form_of, in_words, rows_of, rows_of_all
from api.downlink.budgets import USUAL
from api.downlink.commands import IssueRequest
from api.refusals import Invalid
from api.services import Services
from api.store.reach import CENTRE
from contract.downlink import DryRunAnswer, WouldAlert
from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks
from tests.api.support import NOON, PASSWORD, Device, SettableClock, add_device, add_user


@given(st.dictionaries(st.sampled_from(sorted(USUAL)), st.floats(0.01, 30)))
def test_a_home_s_own_numbers_are_offered_and_come_back_as_they_were(
    budget: dict[str, float],
) -> None:
    rows = rows_of(budget, form_of(budget), catalogue())
    for row in rows:
        assert [one.value for one in row.choices].count(row.chosen) == 1
    back = budget_of({f"budget_{row.condition}": row.chosen for row in rows})
    assert {word for word, value in back.items() if value is not None} == budget.keys()
    assert back == {
        **dict.fromkeys(USUAL),
        **{w: pytest.approx(v, rel=0.03) for w, v in budget.items()},
    }
    again = form_of({word: value for word, value in back.items() if value is not None})
    assert again == form_of(budget), "to look and to keep changes nothing twice"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (2.0, "at most about 2 in a month"),
        (1.0, "at most about one in a month"),
        (0.25, "at most about one in 4 months"),
        (0.3, "at most about one in 3.3 months"),
        (0.1, "at most about one in 10 months"),
    ],
)
def test_a_number_is_said_in_words(value: float, said: str) -> None:
    assert in_words(value, catalogue()) == said


def test_of_all_homes_each_is_left_as_it_is_unless_chosen() -> None:
    rows = rows_of_all({}, catalogue())
    assert budget_of({f"budget_{row.condition}": row.chosen for row in rows}) == {}
    assert budget_of({"budget_uti_risk": "", "budget_fall_risk": "0.5"}) == {
        "uti_risk": None,
        "fall_risk": 0.5,
    }
    with pytest.raises(Invalid):
        budget_of({"budget_uti_risk": "few"})


def of_twelve_days() -> DryRunAnswer:
    """What a hub found: of three alerts with the change one is as now; another is no more."""
    now = datetime.now(UTC)
    return DryRunAnswer(
        heard_since=now - timedelta(days=12), since=now - timedelta(days=30), until=now, changed=3,
        now=2,
        alerts=[
            WouldAlert(
                at=now - timedelta(days=8 - 2 * n), condition="uti_risk", under=word,
                text="More visits to the bathroom at night than usual.",
            )
            for n, word in enumerate(("changed", "both", "now", "changed"))
        ],
    )  # fmt: skip


@pytest.mark.network
@pytest.mark.asyncio(loop_scope="package")
@pytest.mark.parametrize("scripts", [True, False])
async def test_a_supervisor_chooses_for_one_home_and_for_all(
    centre: Centre, desks: Desks, tmp_path: Path, *, scripts: bool
) -> None:
    hub = await centre.hub("h1")
    await centre.hub("h2")
    await centre.add_staff_as("supervisor", sue="Sue Super")
    sue = await desks("sue", "/organisations/1", java_script_enabled=scripts)
    page, found = sue.page, []

    async def look(state: str) -> None:
        if scripts:
            found.extend(await sue.axe(state))
            await page.screenshot(path=tmp_path / f"{state}.png", full_page=True)

    await page.click("#to-budgets")
    await expect(page.locator("#scroll-homes")).to_contain_text("All as usual")
    await page.click("#budget-h1")
    await look("the budget of a home")
    await page.select_option("#budget_uti_risk", label="at most about one in 10 months")
    await page.click("#keep")
    await expect(page.locator("#notice")).to_contain_text("The numbers are kept")
    await expect(page.locator("#budget_uti_risk")).to_have_value("0.1")
    await expect(page.locator("main")).to_contain_text("version 1")
    await look("the budget of a home, kept")
    await page.select_option("#budget_uti_risk", label="at most about one in a month")
    await page.click("#try")
    await expect(page.locator("#notice")).to_contain_text("The hub is asked")
    await expect(page.locator("#budget_uti_risk")).to_have_value("1")
    await look("a dry run, asked")
    await hub.answer("done", "Would have.", of_twelve_days())
    if not scripts:
        await page.reload()
    await expect(page.locator("#live")).to_contain_text("It would have alerted 3 times")
    await look("a dry run, answered")
    await sue.go("/budgets?organisation=1")
    await page.click("#keep")
    await expect(page.locator("#notice")).to_contain_text("Choose for one kind of alert")
    await look("budgets, nothing chosen")
    await page.select_option("#budget_possible_fall", label="at most about one in 2 months")
    await page.click("#keep")
    await expect(page.locator("#notice")).to_contain_text("The numbers are kept")
    homes = page.locator("#scroll-homes")
    await expect(homes).to_contain_text("Possible fall: at most about one in 2 months")
    await expect(homes).to_contain_text("at most about one in 10 months")
    await look("budgets")
    assert found == []
    sue.forgive("422")


async def sign_in(client: httpx.AsyncClient, username: str) -> dict[str, str]:
    await client.post("/sign-in", data={"username": username, "password": PASSWORD, "next": "/"})
    return {"csrf_token": (await client.get("/v1/session")).json()["csrf"]}


@pytest.mark.network
async def test_of_two_who_choose_at_once_the_second_is_told(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services, "sue", role="supervisor", organisations=[1])
    home = (await add_device(services)).home
    csrf = await sign_in(client, "sue")
    for data, status in (
        ({"seen": "0", "budget_uti_risk": "0.5"}, 303),
        ({"seen": "0", "budget_uti_risk": "0.1"}, 409),
        ({"seen": "1", "budget_uti_risk": "31"}, 422),
    ):
        answer = await client.post(f"/budgets/{home}", data={**csrf, **data})
        assert answer.status_code == status, data
    put = (await client.get(f"/v1/homes/{home}/configuration")).json()["settings"]
    assert put["budget"] == {"uti_risk": 0.5}
    assert (await client.post(f"/budgets/{home}", data={"seen": "1"})).status_code == 403
    assert (await client.get("/budgets/nowhere")).status_code == 404
    assert (await client.get("/budgets?organisation=99")).status_code == 404


@pytest.mark.network
async def test_a_home_that_is_added_later_begins_with_what_was_chosen_for_all(
    client: httpx.AsyncClient, services: Services
) -> None:
    sue = await add_user(services, "sue", role="supervisor", organisations=[1])
    other = await services.organisations.add("Others")
    csrf = await sign_in(client, "sue")
    for chosen in ({"budget_uti_risk": "0.5", "budget_fall_risk": "0.1"}, {"budget_fall_risk": ""}):
        answer = await client.post("/budgets", data={**csrf, "organisation": "1", **chosen})
        assert answer.status_code == httpx.codes.SEE_OTHER
    wrong = await client.post(
        "/budgets", data={**csrf, "organisation": "1", "budget_uti_risk": "31"}
    )
    assert wrong.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    device = await add_device(services)
    await add_device(services, "theirs", organisation=other.organisation)
    found = await services.configurations.of(sue.reach, device.home)
    assert found.settings is not None
    assert (found.settings.budget, found.version) == ({"uti_risk": 0.5}, 1)
    assert json.loads(bytes(found.content or b"{}"))["budget"] == {"uti_risk": 0.5}, "its hub, too"
    (home,) = await services.budgets.of(sue, 1)
    assert home.budget == {"uti_risk": 0.5}
    page = (await client.get("/budgets?organisation=1")).text
    assert "Homes that are added begin with" in page
    chief = await add_user(services, "chief", role="supervisor")
    (theirs,) = await services.budgets.of(chief, other.organisation)
    assert (theirs.budget, await services.budgets.of_all(chief, other.organisation)) == ({}, {})


@pytest.mark.network
async def test_an_operator_chooses_nothing(client: httpx.AsyncClient, services: Services) -> None:
    await add_user(services, "ann", organisations=[1])
    home = (await add_device(services)).home
    csrf = await sign_in(client, "ann")
    for path in ("/budgets", f"/budgets/{home}"):
        assert (await client.get(path)).status_code == 403
        assert (await client.post(path, data=csrf)).status_code == 403


def answered(device: Device, command: str, **other: Any) -> dict[str, Any]:
    """What a hub found: three alerts with the change, of which one is as now; one is no more."""
    day = [(NOON - timedelta(days=ago)).isoformat() for ago in (31, 30, 20, 9, 3, 2, 0)]
    would = [
        {"at": day[n + 2], "condition": "uti_risk", "under": under, "text": f"Seen on day {n}."}
        for n, under in enumerate(("changed", "both", "now", "changed"))
    ]
    found = {
        "heard_since": day[0], "since": day[1], "until": day[6], "changed": 3, "now": 2,
        "alerts": would,
    }  # fmt: skip
    body = {
        "v": 1, "hub": device.hub, "home": device.home, "at": NOON.isoformat(), "command": command,
        "state": "done", "text": "Would have.", "answer": {**found, **other},
    }  # fmt: skip
    return {"seq": 1, "kind": "command_result", "body": body}


async def tried(client: httpx.AsyncClient, services: Services) -> tuple[Device, str]:
    """A home of which a supervisor has asked what another number would have made."""
    await add_user(services, "sue", role="supervisor", organisations=[1])
    device = await add_device(services)
    csrf = await sign_in(client, "sue")
    data = {**csrf, "seen": "0", "do": "try", "budget_uti_risk": "1"}
    answer = await client.post(f"/budgets/{device.home}", data=data)
    assert answer.headers["location"] == f"/budgets/{device.home}?tried=yes"
    (line,) = await services.commands.of_hub(CENTRE, device.hub)
    assert bytes(line.body) == b'{"change":{"budget":{"uti_risk":1.0}}}'
    return device, line.id


@pytest.mark.network
async def test_before_a_number_is_kept_staff_see_what_it_would_have_raised(
    client: httpx.AsyncClient, services: Services
) -> None:
    device, command = await tried(client, services)
    page = (await client.get(f"/budgets/{device.home}?tried=yes")).text
    assert "The hub has not fetched this yet." in page
    assert '<option value="1" selected>' in page, "what was tried can be kept with one button"
    await services.ingest.store(device.batch([answered(device, command)]), device.home)
    page = (await client.get(f"/budgets/{device.home}")).text
    assert "It would have alerted 3 times" in page
    assert "As the home was set then: 2 times." in page
    assert [page.count(f"<td>{word}</td>") for word in ("As before", "Only with the change")] == [
        1,
        2,
    ]
    assert "Seen on day 2." in page
    assert "kept only" not in page
    put = (await client.get(f"/v1/homes/{device.home}/configuration")).json()
    assert put["settings"] is None, "nothing is changed by it"


@pytest.mark.network
@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"heard_since": (NOON - timedelta(days=12)).isoformat()}, "kept only 12 of these 30 days"),
        ({"changed": 30}, "tells of other alerts than it counts"),
        ({"since": (NOON + timedelta(days=1)).isoformat()}, "end before they begin"),
        ({"since": "0001-01-01T00:00:00+00:00"}, "other days than it was asked for"),
        ({"until": "9999-12-31T00:00:00+00:00"}, "other days than it was asked for"),
    ],
)
async def test_what_an_answer_cannot_tell_is_said_and_a_wrong_one_is_not_shown(
    client: httpx.AsyncClient, services: Services, other: dict[str, Any], said: str
) -> None:
    device, command = await tried(client, services)
    batch = device.batch([answered(device, command, **other)])
    receipt = await services.ingest.store(batch, device.home)
    page = (await client.get(f"/budgets/{device.home}")).text
    assert said in page
    wrong = "kept only" not in said
    assert len(receipt.refused) == wrong, "counted, and kept for who looks into it"
    assert ("Seen on day" in page) is not wrong


@pytest.mark.network
async def test_an_answer_of_another_day_or_to_nobody_s_question_is_refused(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    device, command = await tried(client, services)
    stranger = await services.ingest.store(
        device.batch([{**answered(device, "c99"), "seq": 2}]), device.home
    )
    assert "nobody asked" in stranger.refused[0].reason
    clock.move(hours=1)
    page = (await client.get(f"/budgets/{device.home}")).text
    assert "did not fetch this within the hour" in page
    clock.move(hours=24)
    late = await services.ingest.store(device.batch([answered(device, command)]), device.home)
    assert "more than a day after" in late.refused[0].reason


@pytest.mark.network
@pytest.mark.parametrize("state", ["done", "only", "newest"])
async def test_a_word_without_an_answer_leaves_the_page_on_which_to_ask_again(
    client: httpx.AsyncClient, services: Services, state: str
) -> None:
    device, command = await tried(client, services)
    record = answered(device, command)
    record["body"] = {**record["body"], "state": state, "answer": None}
    await services.ingest.store(device.batch([record]), device.home)
    page = (await client.get(f"/budgets/{device.home}")).text
    assert ("is lost. Ask again." if state == "done" else f"<span>{state}</span>") in page


@pytest.mark.network
async def test_who_asks_twice_sees_the_answer_and_not_that_the_hub_was_busy(
    client: httpx.AsyncClient, services: Services
) -> None:
    device, command = await tried(client, services)
    csrf = {"csrf_token": (await client.get("/v1/session")).json()["csrf"]}
    again = {**csrf, "seen": "0", "do": "try", "budget_uti_risk": "2"}
    answer = await client.post(f"/budgets/{device.home}", data=again)
    assert answer.status_code == httpx.codes.CONFLICT
    assert "Wait for its answer" in answer.text
    sue = await add_user(services, "sal", role="supervisor", organisations=[1])
    asked = IssueRequest(kind="dry_run", body={"change": {"budget": {"uti_risk": 2}}})
    second = await services.commands.issue(device.hub, asked, sue)  # in the same moment
    busy = answered(device, second.id)
    busy["body"] = {**busy["body"], "state": "refused", "text": "Busy.", "answer": None}
    await services.ingest.store(device.batch([busy]), device.home)
    assert "Busy." not in (await client.get(f"/budgets/{device.home}")).text
    first = {**answered(device, command), "seq": 2}
    await services.ingest.store(device.batch([first]), device.home)
    page = (await client.get(f"/budgets/{device.home}")).text
    assert "It would have alerted 3 times" in page
    assert all(
        "Would" not in line.said for line in await services.commands.of_hub(CENTRE, device.hub)
    )
