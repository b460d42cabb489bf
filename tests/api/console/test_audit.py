"""An administrator finds who looked at a home, and learns where the log was touched."""

import asyncpg
import httpx
import pytest
from playwright.async_api import expect

from api.services import Services
from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks
from tests.api.support import PASSWORD, SettableClock, add_alert, add_device, add_user

pytestmark = pytest.mark.network


async def sign_in(client: httpx.AsyncClient, services: Services, role: str) -> str:
    await add_user(services, "boss", role=role)
    await client.post("/sign-in", data={"username": "boss", "password": PASSWORD, "next": "/"})
    csrf: str = (await client.get("/v1/session")).json()["csrf"]
    return csrf


async def test_it_is_narrowed_by_home_person_and_time(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    device = await add_device(services, "h1")
    ann = await add_user(services, "ann")
    await services.alerts.one(ann.reach, await add_alert(services, device))
    clock.move(days=2)
    await services.homes.one(ann.reach, "h1")
    await services.homes.one(ann.reach, (await add_device(services, "h2")).home)
    await sign_in(client, services, "administrator")

    async def found(**narrow: str) -> set[tuple[str, str]]:
        answer = await client.get("/v1/organisations/1/audit", params=narrow)
        assert answer.status_code == 200, answer.text
        return {(one["action"], one["subject"]) for one in answer.json()}

    of_home = await found(home="h1")
    assert ("home.read", "h1") in of_home
    assert {action for action, _ in of_home} >= {"alert.read", "hub.add", "hub.claim", "home.read"}
    assert ("home.read", "h2") not in of_home
    assert await found(home="h1", username="Ann", since="2026-03-12T00:00:00Z") == {
        ("home.read", "h1"), ("alerts.read", "h1"),
    }  # fmt: skip
    by_ann = await found(username="ann")
    assert all(action not in {"hub.add", "hub.claim"} for action, _ in by_ann)
    assert ("home.read", "h1") not in await found(until="2026-03-11T00:00:00Z")
    assert await found(username="nobody") == set()
    for wrong in ({"since": "0001-01-01T00:00:00+14:00"}, {"since": "yesterday"}):
        assert (await client.get("/v1/organisations/1/audit", params=wrong)).status_code == 422

    shown = await client.get("/audit", params={"home": "h1", "username": "ann"})
    assert "alert.read" in shown.text
    assert "hub.claim" not in shown.text
    assert (
        "content-encoding" not in shown.headers or shown.headers["content-encoding"] == "identity"
    )
    assert (await client.get("/audit", params={"since": "x"})).status_code == 422
    assert (await client.get("/audit", params={"until": "9999-12-31"})).status_code == 422


async def test_an_entry_that_was_changed_is_named_on_the_page(
    client: httpx.AsyncClient, services: Services, connection: asyncpg.Connection
) -> None:
    await add_device(services, "h1")
    csrf = await sign_in(client, services, "administrator")
    fields = {"csrf_token": csrf, "organisation": "1"}
    well = await client.post("/audit/verify", data=fields)
    assert 'id="head">1 ' in well.text
    await connection.execute("alter table audit disable trigger append_only")
    await connection.execute("update audit set actor = 'staff:9' where chain = 1 and number = 2")
    ill = await client.post("/audit/verify", data=fields)
    assert "1 entry is not as it was written" in ill.text
    assert "chain 1, entry 2: changed after it was written" in ill.text
    assert (
        await client.post("/audit/verify", data={**fields, "organisation": "9"})
    ).status_code == (404)


async def test_nobody_else_sees_it_or_a_way_to_it(
    client: httpx.AsyncClient, services: Services
) -> None:
    csrf = await sign_in(client, services, "supervisor")
    assert 'href="/audit"' not in (await client.get("/homes")).text
    assert (await client.get("/audit")).status_code == 403
    answer = await client.post("/audit/verify", data={"csrf_token": csrf, "organisation": "1"})
    assert answer.status_code == 403


@pytest.mark.asyncio(loop_scope="package")
async def test_axe_finds_nothing_on_the_audit_log(centre: Centre, desks: Desks) -> None:
    await centre.hub("h1")
    await centre.add_staff_as("administrator", ada="An Administrator")
    ada = await desks("ada", "/homes", viewport={"width": 390, "height": 844})
    await ada.page.click("nav >> text=Audit log")
    await expect(ada.page.locator("#scroll-entries")).to_contain_text("hub.claim")
    found = await ada.axe("audit")
    await ada.page.click("#verify")
    await expect(ada.page.locator("#verdict")).to_contain_text("as they were written")
    found += await ada.axe("audit, checked")
    wide = await ada.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert (found, wide) == ([], False)
