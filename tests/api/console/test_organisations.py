"""A new client of the centre waits for no command at a machine; nobody sees another's."""

from pathlib import Path

import asyncpg
import httpx
import pytest
from playwright.async_api import expect

from api.refusals import Conflict, NotAllowed, NotFound
from api.services import Services
from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks
from tests.api.support import PASSWORD, add_device, add_user

pytestmark = pytest.mark.network


async def sign_in(client: httpx.AsyncClient, username: str) -> dict[str, str]:
    await client.post("/sign-in", data={"username": username, "password": PASSWORD, "next": "/"})
    return {"csrf_token": (await client.get("/v1/session")).json()["csrf"]}


@pytest.mark.asyncio(loop_scope="package")
@pytest.mark.parametrize("scripts", [True, False])
async def test_an_administrator_adds_an_organisation_and_corrects_its_name(
    centre: Centre, desks: Desks, tmp_path: Path, scripts: bool
) -> None:
    await centre.add_staff_as("administrator", boss="Ines Boss")
    boss = await desks("boss", "/organisations", java_script_enabled=scripts)
    page, found = boss.page, []
    if scripts:
        found += await boss.axe("organisations")
    await page.fill("#name", "x" * 80)
    await page.click("#add-organisation")
    await expect(page.locator("h1")).to_have_text("x" * 80)
    await page.click("#back")
    await page.fill("#name", "x" * 80)
    await page.click("#add-organisation")
    await expect(page.locator("#notice")).to_contain_text("There is already an organisation")
    await expect(page.locator("#name")).to_have_value("x" * 80)
    if scripts:
        found += await boss.axe("organisations, a name that is taken")
    await page.fill("#name", "Nordseite Care")
    await page.click("#add-organisation")
    await expect(page.locator("#notice")).to_contain_text("The organisation is added")
    await expect(page.locator("main")).to_contain_text("0 homes, hubs at work: 0")
    await page.screenshot(path=tmp_path / "organisation.png", full_page=True)
    await page.fill("#name", "Northside Care")
    await page.click("#save")
    await expect(page.locator("#notice")).to_contain_text("The name is changed")
    await expect(page.locator("h1")).to_have_text("Northside Care")
    if scripts:
        found += await boss.axe("one organisation")
    for way in ("#to-homes", "#to-staff", "#to-duties", "#to-plans"):
        await boss.go("/organisations")
        await page.click("a:has-text('Northside Care')")
        await page.click(way)
        await expect(page.locator("main")).not_to_contain_text("There is no such page")
    assert found == []
    boss.forgive("409")


async def test_a_supervisor_sees_what_hangs_on_their_own_and_changes_nothing(
    client: httpx.AsyncClient, services: Services
) -> None:
    await services.organisations.add("Acme Care")
    await add_device(services)
    await add_user(services, "sue", role="supervisor", organisations=[1])
    await add_user(services, "ann")
    csrf = await sign_in(client, "sue")
    page = (await client.get("/organisations")).text
    assert "Acme Care" not in page
    assert 'id="add-organisation"' not in page
    one = await client.get("/organisations/1")
    assert "1 home, hubs at work: 1" in one.text
    assert 'id="save"' not in one.text
    assert (await client.get("/organisations/2")).status_code == 404
    assert (await client.get("/organisations/x")).status_code == 404
    for path in ("/organisations", "/organisations/1"):
        answer = await client.post(path, data={**csrf, "name": "Mine"})
        assert answer.status_code == 403
    await sign_in(client, "ann")
    assert (await client.get("/organisations")).status_code == 403
    assert 'href="/organisations"' not in (await client.get("/queue")).text


async def test_every_post_needs_the_form_s_own_token(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services, "boss", role="administrator")
    await sign_in(client, "boss")
    for path in ("/organisations", "/organisations/1"):
        assert (await client.post(path, data={"name": "Mine"})).status_code == 403


async def test_what_is_refused_keeps_what_was_typed(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services, "boss", role="administrator")
    await services.organisations.add("Acme Care")
    csrf = await sign_in(client, "boss")
    first = next(one.name for one in await services.organisations.all() if one.organisation == 1)
    for path, data, status in (
        ("/organisations", {"name": " "}, 422),
        ("/organisations", {"name": "Acme Care"}, 409),
        ("/organisations/1", {"name": "Acme Care", "seen": first}, 409),
        ("/organisations/1", {"name": "Other", "seen": "as it once was"}, 409),
        ("/organisations/1", {"name": "x" * 81, "seen": first}, 422),
    ):
        answer = await client.post(path, data={**csrf, **data})
        assert answer.status_code == status, (path, data)
        assert f'value="{data["name"]}"' in answer.text
    assert {one.name for one in await services.organisations.all()} == {first, "Acme Care"}


async def test_who_looks_after_some_alone_adds_none_and_renames_no_other(
    services: Services, connection: asyncpg.Connection
) -> None:
    other = (await services.organisations.add("Acme Care")).organisation
    boss = await add_user(services, "boss", role="administrator", organisations=[1])
    with pytest.raises(NotAllowed, match="every organisation"):
        await services.organisations.add("Third", boss)
    with pytest.raises(NotFound):
        await services.organisations.rename(other, "Third", boss, seen="Acme Care")
    assert [one.organisation for one in await services.organisations.standing(boss)] == [1]
    name = (await services.organisations.standing(boss))[0].name
    await services.organisations.rename(1, "Third", boss, seen=name)
    with pytest.raises(Conflict, match="meanwhile"):
        await services.organisations.rename(1, "Fourth", boss, seen=name)
    said = await connection.fetch(
        "select chain, actor from audit where action = 'organisation.rename'"
    )
    assert [(row["chain"], row["actor"]) for row in said] == [(1, boss.actor)]
