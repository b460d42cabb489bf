"""Everybody can respond to an alert: axe and a narrow screen on each page that belongs to it."""

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from api.app import create_services
from api.clock import utc_now
from api.identity.passwords import Passwords
from api.response.follow_ups import AddFollowUp
from api.response.key_safe import PutKeySafe
from api.response.plan import BUILT_IN
from api.response.plans import PutPlan
from api.response.views import PutContact
from api.settings import Settings
from contract import Condition
from tests.api.console import scenes
from tests.api.console.centre import PASSWORD, Centre
from tests.api.console.conftest import Desks

pytestmark = [pytest.mark.network, pytest.mark.asyncio(loop_scope="package")]

_PAGES = (
    "/alerts/1", "/response/h1", "/contact/h1?contact=1", "/plan/h1?condition=possible_fall",
    "/plans", "/key-safe/h1", "/follow-ups?home=h1&alert=1",
)  # fmt: skip


async def _fill(url: str, key: str) -> None:
    """A home with everything that can be kept of it; Lee is a supervisor."""
    services = create_services(
        Settings(database_url=url, secret_key_file=key), utc_now, Passwords()
    )
    lee = await services.staff.add("lee", PASSWORD, name="Third Person", role="supervisor")
    room = services.response
    for contact in (
        PutContact(name="Resident", person=True, numbers=["+44 7700 900123"], position=0),
        PutContact(name="A relative", relation="son", keyholder=True, numbers=["01632 960001"]),
    ):
        await room.contacts.add(lee, "h1", contact)
    steps = list(BUILT_IN["urgent"])
    await room.plans.put(lee, PutPlan(seen=0, condition="possible_fall", steps=steps), home="h1")
    await room.key_safes.put(lee, "h1", PutKeySafe(place="Left of the door", code="4711"))
    today = datetime.now(UTC).date()
    await room.follow_ups.add(lee, AddFollowUp(home="h1", what="Ring again.", due_on=today))
    await services.database.close()


async def _fits(page: Page) -> bool:
    """Whether nothing runs over the side of the page."""
    wide: int = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wide <= 0


async def test_axe_finds_nothing_and_every_page_fits_a_telephone(
    centre: Centre, desks: Desks, migrated_url: str, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    key.write_bytes(base64.b64encode(bytes(32)))
    hub = await centre.hub("h1", "Flat 3")
    await hub.send([scenes.alert("h1", Condition.POSSIBLE_FALL, datetime.now(UTC))])
    await _fill(migrated_url, f"{key}")
    await centre.change(secret_key_file=f"{key}")
    lee = await desks("lee", "/alerts/1")
    page = lee.page
    await page.click("#claim")
    await page.select_option("#attempt-result", "no_answer")
    await page.click("#attempt")
    await expect(page.locator("#notice")).to_have_text("That is written down")
    await expect(page.locator("#step-2")).to_contain_text("Next")
    found = []
    for path in _PAGES:
        await lee.go(path)
        found += await lee.axe(path)
        await page.set_viewport_size({"width": 320, "height": 800})
        assert await _fits(page), path
        await page.set_viewport_size({"width": 1366, "height": 768})
    await lee.go("/key-safe/h1")
    await page.fill("#reason", "No answer at the door.")
    await page.click("#look")
    await expect(page.locator("#code")).to_have_text("4711")
    found += await lee.axe("a code")
    await lee.go("/key-safe-looks")
    found += await lee.axe("looks")
    assert found == []
