"""Every action works in a browser that runs no script."""

import re
from datetime import UTC, datetime

import pytest
from playwright.async_api import expect

from contract import Condition
from tests.api.console import scenes
from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks

pytestmark = [pytest.mark.network, pytest.mark.asyncio(loop_scope="package")]


async def test_the_whole_of_an_alert(centre: Centre, desks: Desks) -> None:
    hub = await centre.hub("h1")
    await hub.send([scenes.alert("h1", Condition.DEHYDRATION_RISK, datetime.now(UTC))])
    dana = await desks("dana", java_script_enabled=False)
    page = dana.page
    await expect(page.locator("#link")).to_have_text(re.compile(r"As it was at \d\d:\d\d:\d\d UTC"))
    await expect(page.get_by_text("does not update itself")).to_be_visible()

    await page.click("#claim-1")
    await expect(page.locator("#notice")).to_have_text("You have this alert now")
    await expect(page.locator(".chart-side").first).to_be_hidden()
    await expect(page.locator("#table-kettle_uses")).to_be_visible()
    await page.fill("#note", "Rang; she will have a drink.")
    await page.click("#add-note")
    await expect(page.locator("#notice")).to_have_text("Your note was added")
    await expect(page.locator(".timeline")).to_contain_text("Rang; she will have a drink.")

    await page.reload()  # nothing is done twice, and the notice was for once
    await expect(page.locator("#notice")).to_have_count(0)
    await expect(page.get_by_text("Rang; she will have a drink.")).to_have_count(1)

    await page.check("#outcome-known_reason")
    await page.click("#resolve")
    await expect(page.locator("#notice")).to_have_text("This alert is ended")
    await page.click("#sign-out")
    await expect(page.locator("#notice")).to_have_text("You are signed out.")
    await dana.go("/alerts/1")
    await expect(page.locator("h1")).to_have_text("Sign in")


async def test_who_comes_second_is_told_who_has_it(centre: Centre, desks: Desks) -> None:
    hub = await centre.hub("h1")
    await hub.send([scenes.alert("h1", Condition.POSSIBLE_FALL, datetime.now(UTC))])
    sam = await desks("sam", "/queue", java_script_enabled=False)
    await centre.act("dana", "claim", 1)
    await sam.page.click("#claim-1")
    await expect(sam.page.locator("#notice")).to_contain_text("First Operator has had it since")


async def test_a_wrong_password_keeps_what_was_typed(desks: Desks) -> None:
    somebody = await desks(None, java_script_enabled=False)
    page = somebody.page
    await somebody.go("/sign-in")
    await page.fill("#username", "dana")
    await page.click("#sign-in")
    await expect(page.get_by_text("Type your password.")).to_be_visible()
    await page.fill("#password", "a wrong guess")
    await page.click("#sign-in")
    await expect(page.locator("#problem")).to_contain_text("do not match")
    await expect(page.locator("#username")).to_have_value("dana")
    somebody.forgive("422")
