"""An installer gets a sheet that can be read by eye and by phone, and nobody else a hub's place."""

import re

import httpx
import numpy as np
import pytest
import segno
import zxingcpp
from playwright.async_api import expect

from api.services import Services
from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks
from tests.api.support import PASSWORD, add_device

pytestmark = pytest.mark.network


async def sign_in(client: httpx.AsyncClient, services: Services, role: str) -> str:
    await services.staff.add("dana", PASSWORD, name="First", role=role)
    await client.post("/sign-in", data={"username": "dana", "password": PASSWORD, "next": "/"})
    csrf: str = (await client.get("/v1/session")).json()["csrf"]
    return csrf


async def test_the_code_on_the_sheet_claims_the_place_and_is_read_by_a_phone_as_it_is_by_eye(
    client: httpx.AsyncClient, services: Services
) -> None:
    csrf = await sign_in(client, services, "installer")
    fields = {"csrf_token": csrf, "home": "h1", "label": "Flat 12", "time_zone": "Europe/Madrid"}
    sheet = await client.post("/places", data=fields)
    assert (sheet.status_code, sheet.headers["cache-control"]) == (200, "no-store")
    (code,) = re.findall('id="code">([0-9A-Z-]{14})<', sheet.text)
    assert "Good once, until Tue 17 Mar 2026, 13:00 CET" in sheet.text
    drawn = re.findall(r'<path[^>]* d="([^"]+)"', sheet.text)
    assert drawn, "the QR code is drawn in the page itself"
    sign = segno.make_qr(code, error="q", mode="alphanumeric")
    assert any(path in sign.svg_inline(scale=6, border=4, dark="#000", light="#fff")
               for path in drawn)  # fmt: skip
    pixels = np.array([[0 if dark else 255 for dark in row] for row in sign.matrix_iter(scale=6)])
    (read,) = zxingcpp.read_barcodes(pixels.astype(np.uint8))
    assert read.text == code
    asked = {"code": read.text, "public_key": "A" * 43}
    assert (await client.post("/v1/claims", json=asked)).json()["home"] == "h1"


async def test_a_hub_is_followed_or_let_go_from_the_page_of_its_home(
    client: httpx.AsyncClient, services: Services
) -> None:
    device = await add_device(services, "h1")
    csrf = await sign_in(client, services, "supervisor")
    fields = {"csrf_token": csrf, "home": "h1"}
    sheet = await client.post(f"/place/{device.hub}/replace", data=fields)
    assert f"takes the place of {device.hub}" in sheet.text
    again = await client.post(f"/place/{device.hub}/replace", data=fields)
    assert (again.status_code, "already" in again.text) == (422, True)
    unsure = await client.post(f"/place/{device.hub}/revoke", data=fields)
    assert (unsure.status_code, "Tick the box" in unsure.text) == (422, True)
    gone = await client.post(f"/place/{device.hub}/revoke", data={**fields, "sure": "yes"})
    assert gone.headers["location"] == "/places/h1"
    assert "Let go" in (await client.get("/places/h1")).text
    assert device.hub not in (await client.get("/hub/h1")).text


async def test_who_may_not_add_hubs_is_shown_no_way_to(
    client: httpx.AsyncClient, services: Services
) -> None:
    device = await add_device(services, "h1")
    csrf = await sign_in(client, services, "operator")
    assert "/places" not in (await client.get("/homes")).text
    assert (await client.get("/places/h1")).status_code == 403
    fields = {"csrf_token": csrf, "home": "h1", "sure": "yes"}
    assert (await client.post(f"/place/{device.hub}/revoke", data=fields)).status_code == 403
    assert (await client.post("/places", data=fields)).status_code == 403


@pytest.mark.asyncio(loop_scope="package")
async def test_who_is_new_comes_from_an_empty_centre_to_the_first_home_in_under_five_clicks(
    centre: Centre, desks: Desks
) -> None:
    await centre.add_staff_as("administrator", ada="An Administrator")
    ada = await desks("ada", "/homes")
    clicks = ("#first", "#add", "#done", "nav a[href='/homes']")
    assert await ada.axe("no homes") == []
    for number, click in enumerate(clicks):
        if number == 1:
            await ada.page.fill("#home", "h1")
        await ada.page.click(click)
    await expect(ada.page.locator("#home-h1")).to_be_visible()
    await expect(ada.page.locator("#first")).to_have_count(0)
    dana = await desks("dana", "/homes")
    await expect(dana.page.locator("#home-h1")).to_be_visible()


@pytest.mark.asyncio(loop_scope="package")
async def test_axe_finds_nothing_on_the_way_to_a_printed_code(centre: Centre, desks: Desks) -> None:
    await centre.add_staff_as("supervisor", sue="A Supervisor")
    sue = await desks("sue", "/homes", viewport={"width": 390, "height": 844})
    await sue.page.click("#add-place")
    found = await sue.axe("add")
    await sue.page.fill("#home", "a b")
    await sue.page.click("#add")
    await expect(sue.page.locator("#problem")).to_be_visible()
    found += await sue.axe("add, wrong")
    await sue.page.fill("#home", "h1")
    await sue.page.click("#add")
    await expect(sue.page.locator("#code")).to_be_visible()
    found += await sue.axe("sheet")
    await sue.page.emulate_media(media="print")
    await expect(sue.page.locator("#done")).to_be_hidden()
    await expect(sue.page.locator(".sheet-qr svg")).to_be_visible()
    await sue.page.emulate_media(media="screen")
    await sue.page.click("#done")
    await expect(sue.page.locator("h1")).to_have_text("Hubs of h1")
    found += await sue.axe("places")
    wide = await sue.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert (found, wide) == ([], False)
    sue.forgive("422")
