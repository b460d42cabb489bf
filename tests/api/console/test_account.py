"""Staff come in by a passkey, and see and end what else lets somebody in as them."""

import re
from typing import Any

import httpx
import pytest
from playwright.async_api import CDPSession, expect

from api.services import Services
from tests.api.console.browser import Desk
from tests.api.console.centre import PASSWORD, Centre
from tests.api.console.conftest import Desks

pytestmark = pytest.mark.network


async def authenticator(desk: Desk, **other: Any) -> tuple[CDPSession, str]:
    """A security key in the desk's browser, which knows its owner."""
    wire = await desk.context.new_cdp_session(desk.page)
    await wire.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
        **other,
    }  # fmt: skip
    made = await wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return wire, made["authenticatorId"]


@pytest.mark.asyncio(loop_scope="package")
async def test_a_passkey_is_made_named_used_and_removed_in_a_real_browser(
    centre: Centre, desks: Desks
) -> None:
    dana = await desks(None, viewport={"width": 390, "height": 844})
    dana.url = centre.url.replace("127.0.0.1", "localhost")  # no browser has passkeys for numbers
    wire, key = await authenticator(dana)
    await dana.sign_in("dana", "/account")
    page = dana.page
    found = await dana.axe("account")
    await page.fill("#passkey-name", "Desk key")
    await page.click("#make-passkey")
    await expect(page.locator("#notice")).to_have_text("Your passkey is ready")
    found += await dana.axe("account with a passkey")
    assert (
        len((await wire.send("WebAuthn.getCredentials", {"authenticatorId": key}))["credentials"])
        == 1
    )

    await page.click("summary:has-text('Rename')")
    await page.fill("[id^=name-][name=name]", "My phone")
    await page.click("[id^=name-it-]")
    await expect(page.locator("#scroll-passkeys")).to_contain_text("My phone")

    await page.click("#sign-out")
    await page.fill("#username", "dana")
    await page.fill("#password", PASSWORD)
    await page.click("#sign-in")
    await expect(page.locator("#problem")).to_contain_text("Sign in with your passkey")
    found += await dana.axe("sign in, with a passkey")
    await page.click("#passkey")
    await expect(page.locator("h1")).to_have_text("Queue")
    await dana.go("/account")
    await expect(page.locator("#scroll-sessions")).to_contain_text("With a passkey")

    await wire.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    await page.click("#sign-out")
    await page.click("#passkey")  # somebody else's finger
    await expect(page.locator("[data-wrong]")).to_contain_text("No passkey was given")
    await wire.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": True})
    await page.click("#passkey")
    await expect(page.locator("h1")).to_have_text("Queue")

    await dana.go("/account")
    await page.click("[id^=remove-]")
    await expect(page.locator("#notice")).to_have_text("The passkey was removed")
    await page.click("#sign-out")
    await page.click("#passkey")  # the device still has it
    await expect(page.locator("[data-wrong]")).to_contain_text("nobody's here")
    assert found == []
    dana.forgive("422", "401")


@pytest.mark.asyncio(loop_scope="package")
async def test_what_a_passkey_signed_is_good_once_and_here_alone(
    centre: Centre, desks: Desks
) -> None:
    dana = await desks(None)
    dana.url = centre.url.replace("127.0.0.1", "localhost")
    await authenticator(dana)
    await dana.sign_in("dana", "/account")
    await dana.page.fill("#passkey-name", "Desk key")
    await dana.page.click("#make-passkey")
    await expect(dana.page.locator("#notice")).to_be_visible()
    await dana.page.click("#sign-out")
    async with dana.page.expect_request("**/v1/session/passkey") as sent:
        await dana.page.click("#passkey")
    body = (await sent.value).post_data_json
    await expect(dana.page.locator("h1")).to_have_text("Queue")
    async with httpx.AsyncClient(base_url=centre.url) as thief:
        again = await thief.post("/v1/session/passkey", json=body)
        assert again.status_code == 401
        assert "done before" in again.json()["detail"]
        for nonsense in (
            {},
            {"rawId": "x", "response": {}},
            {"response": {"clientDataJSON": "e30"}},
        ):
            answer = await thief.post("/v1/session/passkey", json={"credential": nonsense})
            assert answer.status_code == 401, nonsense
        # Signed for this centre by its name: by another address it is another's.
        async with dana.page.expect_request("**/v1/session/passkey/options"):
            pass_on = await dana.page.evaluate(_SHOW)
        answer = await thief.post("/v1/session/passkey", json={"credential": pass_on})
        assert answer.status_code == 401
        assert "not shown as it was asked for" in answer.json()["detail"]


_SHOW = """async () => {
  const asked = await (await fetch("/v1/session/passkey/options", {method: "POST"})).json();
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.public_key);
  return (await navigator.credentials.get({publicKey})).toJSON();
}"""


async def signed_in(client: httpx.AsyncClient, services: Services) -> str:
    await services.staff.add("dana", PASSWORD, role="operator")
    await client.post("/sign-in", data={"username": "dana", "password": PASSWORD, "next": "/"})
    csrf: str = (await client.get("/v1/session")).json()["csrf"]
    return csrf


async def test_a_session_left_open_elsewhere_is_ended_from_here(
    client: httpx.AsyncClient, services: Services
) -> None:
    csrf = await signed_in(client, services)
    left = await services.staff.sign_in("dana", PASSWORD, "192.0.2.9")
    shown = (await client.get("/account")).text
    assert "This one" in shown
    (number,) = re.findall('id="end-([0-9]+)"', shown)
    done = await client.post(f"/account/sessions/{number}/end", data={"csrf_token": csrf})
    assert done.status_code == 303
    assert await services.staff.session(left.token) is None
    assert (await client.get("/account")).status_code == 200


async def test_a_token_is_shown_once_does_what_was_ticked_and_is_taken_back(
    client: httpx.AsyncClient, services: Services
) -> None:
    csrf = await signed_in(client, services)
    fields = {"csrf_token": csrf, "name": "Wall screen", "days": "30", "scope-alerts:read": "on"}
    made = await client.post("/account/tokens", data=fields)
    (secret,) = re.findall('id="secret">(tct_[^<]+)<', made.text)
    shown = (await client.get("/account")).text
    assert secret not in shown
    assert "Wall screen" in shown
    header = {"Authorization": f"Bearer {secret}"}
    bare = httpx.AsyncClient(transport=client._transport, base_url="http://centre")
    assert (await bare.get("/v1/alerts", headers=header)).status_code == 200
    assert (await bare.get("/v1/homes", headers=header)).status_code == 403
    (number,) = re.findall('id="revoke-([0-9]+)"', shown)
    await client.post(f"/account/tokens/{number}/revoke", data={"csrf_token": csrf})
    assert (await bare.get("/v1/alerts", headers=header)).status_code == 401
    wrong = await client.post("/account/tokens", data={**fields, "days": "9999", "name": "<i>"})
    assert wrong.status_code == 422
    assert "days must be from 1 to 366" in wrong.text
    beyond = await client.post("/account/tokens", data={**fields, "scope-audit:read": "on"})
    assert "may read the audit log" in beyond.text


async def test_an_open_desk_cannot_be_made_somebody_s_own_for_good(
    client: httpx.AsyncClient, services: Services, clock: Any
) -> None:
    csrf = await signed_in(client, services)
    headers = {"X-CSRF-Token": csrf}
    assert (await client.post("/v1/passkeys/options", headers=headers)).status_code == 200
    clock.move(minutes=16)
    refused = await client.post("/v1/passkeys/options", headers=headers)
    assert (refused.status_code, "Sign out and in again" in refused.text) == (409, True)
