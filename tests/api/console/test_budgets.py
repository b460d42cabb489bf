"""How many false alerts are borne is chosen in words, and hubs run with what was chosen."""

import json
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.async_api import expect

from api.console.text import catalogue
from api.console.views.budgets import budget_of, form_of, in_words, rows_of, rows_of_all
from api.downlink.budgets import USUAL
from api.refusals import Invalid
from api.services import Services
from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks
from tests.api.support import PASSWORD, add_device, add_user


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


@pytest.mark.network
@pytest.mark.asyncio(loop_scope="package")
@pytest.mark.parametrize("scripts", [True, False])
async def test_a_supervisor_chooses_for_one_home_and_for_all(
    centre: Centre, desks: Desks, tmp_path: Path, *, scripts: bool
) -> None:
    await centre.hub("h1")
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
