"""An administrator lets people in and go by the console alone, and whoever is invited comes in."""

import re
from pathlib import Path

import asyncpg
import httpx
import pytest
from playwright.async_api import expect

from api.services import Services
from tests.api.console.browser import Desk
from tests.api.console.centre import PASSWORD as STAFF_PASSWORD
from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks
from tests.api.support import PASSWORD, add_alert, add_device, add_user

pytestmark = pytest.mark.network

CHOSEN = "four words nobody said"


async def choose(desk: Desk, again: str = CHOSEN) -> None:
    """Fills in the form for a new password."""
    await desk.page.fill("#password", CHOSEN)
    await desk.page.fill("#password-again", again)
    await desk.page.click("#choose")


@pytest.mark.asyncio(loop_scope="package")
async def test_somebody_is_invited_and_comes_in_by_a_password_that_they_chose(
    centre: Centre, desks: Desks, tmp_path: Path
) -> None:
    await centre.add_staff_as("administrator", boss="Ines Boss")
    boss = await desks("boss", "/staff")
    page = boss.page
    found = await boss.axe("staff")
    await page.screenshot(path=tmp_path / "staff.png", full_page=True)
    await page.fill("#username", "Ann B")
    await page.fill("#name", "Ann Brook")
    await page.check("#organisation-1")
    await page.click("#make-link")
    await expect(page.locator("#notice")).to_contain_text("A username has from 1 to 64")
    await expect(page.locator("#name")).to_have_value("Ann Brook")
    await expect(page.locator("#organisation-1")).to_be_checked()
    found += await boss.axe("staff, a name that will not do")
    await page.fill("#username", "ann.b")
    await page.select_option("#role", "supervisor")
    await page.click("#make-link")
    link = await page.inner_text("#invitation-link")
    assert re.fullmatch(rf"{centre.url}/invitation#[\w-]{{43}}", link)
    found += await boss.axe("a link")
    await page.screenshot(path=tmp_path / "link.png", full_page=True)

    ann = await desks(None, viewport={"width": 390, "height": 844})
    asked: list[str] = []
    ann.page.on("request", lambda one: asked.append(f"{one.url} {one.headers}"))
    await ann.page.goto(link)
    await expect(ann.page.locator("#invitation")).to_be_hidden()
    found += await ann.axe("invitation")
    assert ann.page.url == f"{centre.url}/invitation"
    await ann.page.screenshot(path=tmp_path / "invitation.png", full_page=True)
    await choose(ann, "something else")
    await expect(ann.page.locator("#problem")).to_contain_text("differ")
    found += await ann.axe("invitation, the two differ")
    await choose(ann)
    await expect(ann.page.locator("#notice")).to_contain_text("Your password is set")
    assert not [one for one in asked if link.partition("#")[2] in one], "in no address or header"
    await ann.page.fill("#username", "ann.b")
    await ann.page.fill("#password", CHOSEN)
    await ann.page.click("#sign-in")
    await expect(ann.page.locator("h1")).to_have_text("Queue")
    assert found == []
    boss.forgive("422")
    ann.forgive("422")


@pytest.mark.asyncio(loop_scope="package")
async def test_somebody_is_changed_and_let_go_and_their_open_page_ends_at_once(
    centre: Centre, desks: Desks, tmp_path: Path
) -> None:
    await centre.add_staff_as("administrator", boss="Ines Boss")
    dana, boss = await desks("dana"), await desks("boss", "/staff")
    await dana.live()
    page, found = boss.page, []
    await page.click("a:has-text('Change')[aria-label='Change First Operator']")
    found += await boss.axe("one of staff")
    await page.screenshot(path=tmp_path / "one.png", full_page=True)
    await page.fill("#name", "Dana Reeve")
    await page.click("#save")
    await expect(page.locator("#notice")).to_contain_text("Saved")
    await page.click("#stop")
    found += await boss.axe("before somebody is let go")
    await page.screenshot(path=tmp_path / "stop.png", full_page=True)
    await page.click("#disable")
    await expect(page.locator("#notice")).to_contain_text("Their access is stopped")
    found += await boss.axe("one who was let go")
    # The open page hears of it at once, not at its next beat.
    await expect(dana.page.locator("h1")).to_have_text("Sign in", timeout=8000)
    await page.click("#enable")
    await expect(page.locator("#notice")).to_contain_text("They have access again")
    assert found == []
    dana.forgive("401", "ERR_")


@pytest.mark.asyncio(loop_scope="package")
async def test_without_scripts_an_invited_person_types_the_code_of_the_link(
    centre: Centre, desks: Desks
) -> None:
    await centre.add_staff_as("administrator", boss="Ines Boss")
    boss = await desks("boss", "/staff", java_script_enabled=False)
    await boss.page.fill("#username", "ann")
    await boss.page.fill("#name", "Ann")
    await boss.page.check("#everywhere")
    await boss.page.click("#make-link")
    secret = (await boss.page.inner_text("#invitation-link")).partition("#")[2]
    ann = await desks(None, java_script_enabled=False)
    await ann.go(f"/invitation#{secret}")
    await ann.page.fill("#invitation", secret)
    await choose(ann)
    await expect(ann.page.locator("#notice")).to_contain_text("Your password is set")


@pytest.mark.asyncio(loop_scope="package")
async def test_one_s_own_password_is_changed_and_this_desk_stays_signed_in(
    desks: Desks, tmp_path: Path
) -> None:
    dana, elsewhere = await desks("dana", "/account"), await desks("dana", "/account")
    page = dana.page
    await page.click("summary:has-text('Change the password')")
    found = await dana.axe("a new password")
    await page.screenshot(path=tmp_path / "account.png", full_page=True)
    for present, again, said in (
        ("a wrong guess", CHOSEN, "not right"),
        (STAFF_PASSWORD, "another one", "differ"),
    ):
        await page.fill("#present", present)
        await page.fill("#password", CHOSEN)
        await page.fill("#password-again", again)
        await page.click("#change-password")
        await expect(page.locator("#notice")).to_contain_text(said)
        await page.click("summary:has-text('Change the password')")
    found += await dana.axe("a new password, not taken")
    await page.fill("#present", STAFF_PASSWORD)
    await page.fill("#password", CHOSEN)
    await page.fill("#password-again", CHOSEN)
    await page.click("#change-password")
    await expect(page.locator("#notice")).to_have_text("Your password is changed")
    await dana.go("/queue")
    await expect(page.locator("h1")).to_have_text("Queue")
    await elsewhere.go("/queue")
    await expect(elsewhere.page.locator("h1")).to_have_text("Sign in")
    assert found == []
    dana.forgive("422")
    elsewhere.forgive("401", "ERR_")


async def sign_in(client: httpx.AsyncClient, username: str) -> dict[str, str]:
    await client.post("/sign-in", data={"username": username, "password": PASSWORD, "next": "/"})
    return {"csrf_token": (await client.get("/v1/session")).json()["csrf"]}


async def test_the_page_is_for_administrators_alone(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services, "ann", role="supervisor")
    csrf = await sign_in(client, "ann")
    assert 'href="/staff"' not in (await client.get("/queue")).text
    for path in ("/staff", "/staff/1", "/staff/1/disable"):
        assert (await client.get(path)).status_code == 403
    for path in ("/staff", "/staff/1", "/staff/1/disable", "/staff/1/enable",
                 "/staff/1/invitation", "/staff/1/second-factor"):  # fmt: skip
        assert (await client.post(path, data=csrf)).status_code == 403


async def test_every_post_needs_the_form_s_own_token(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services, "boss", role="administrator")
    await sign_in(client, "boss")
    for path in ("/staff", "/staff/1", "/staff/1/disable", "/staff/1/enable", "/account/password",
                 "/staff/1/invitation", "/staff/1/second-factor"):  # fmt: skip
        assert (await client.post(path, data={})).status_code == 403


async def test_what_a_form_shows_and_what_it_refuses(
    client: httpx.AsyncClient, services: Services, connection: asyncpg.Connection
) -> None:
    await add_user(services, "boss", role="administrator", organisations=[1])
    await add_user(services, "ann", organisations=[1])
    await add_user(services, "whole")
    await connection.execute("insert into staff_identity values ('https://id', 'a', 2, now())")
    csrf = await sign_in(client, "boss")
    shown = (await client.get("/staff")).text
    assert "Whole B" not in shown
    assert 'id="everywhere"' not in shown, "nobody gives what they have not"
    ann = (await client.get("/staff/2")).text
    assert "organisation&#39;s sign-in" in ann
    assert 'id="save"' not in ann
    assert "Nobody changes what they may do themselves" in (await client.get("/staff/1")).text
    assert (await client.get("/staff/3")).status_code == 404
    for path, data, said in (
        ("/staff/2", {"version": "1", "name": "A", "role": "operator"}, "come in by the provider"),
        ("/staff/2/invitation", {}, "no password here"),
        ("/staff/2/second-factor", {}, "no second factor"),
        ("/staff/1/disable", {}, "That is yourself"),
        ("/staff/1/enable", {}, "That is yourself"),
        ("/staff", {"username": "b", "name": "B", "role": "king"}, "role must be one of"),
        ("/staff", {"username": "b", "role": "operator"}, "Say whose homes"),
        ("/staff", {"username": "b", "role": "operator", "everywhere": "yes"}, "Only who looks"),
        ("/staff", {"username": "b", "role": "operator", "organisation-9": "1"}, "organisation 9"),
    ):
        answer = await client.post(path, data={**csrf, **data})
        assert answer.status_code == 422, path
        assert said in answer.text.replace("&#39;", "'"), path


async def test_an_operator_s_alert_is_back_in_the_queue_of_the_next(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services, "boss", role="administrator")
    ann = await add_user(services, "ann")
    alert = await add_alert(services, await add_device(services))
    await services.alerts.claim(alert, ann)
    csrf = await sign_in(client, "boss")
    await client.post(f"/staff/{ann.id}/disable", data=csrf)
    shown = (await client.get(f"/alerts/{alert}")).text
    assert "Its holder may not look after it any more." in shown
    assert 'id="claim"' in shown
