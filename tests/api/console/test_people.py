"""Staff put people on record and let go of them in any browser, also one that runs no script."""

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, ViewportSize, expect

from contract import Condition
from tests.api.console import scenes
from tests.api.console.centre import PASSWORD, Centre
from tests.api.console.conftest import Desks

pytestmark = [pytest.mark.network, pytest.mark.asyncio(loop_scope="package")]

PHONE: ViewportSize = {"width": 390, "height": 844}


async def add_peggy(page: Page, centre: Centre) -> None:
    await page.goto(f"{centre.url}/people/h1")
    await page.fill("#name-new", "Margaret Lee")
    await page.fill("#preferred-new", "Peggy")
    await page.fill("#born-new", "1946-03-11")
    await page.click("#add-new")
    await expect(page.locator("#notice")).to_contain_text("It is on record")
    await page.get_by_text("Record a consent").click()
    await page.locator("input[name=condition_possible_fall]").check()
    await page.locator("input[name=purpose_care_team]").check()
    await page.get_by_role("button", name="Record it").click()
    await expect(page.locator("tbody")).to_contain_text("Care team")


@pytest.mark.slow
async def test_people_are_put_on_record_and_shown_with_the_alert(
    centre: Centre, desks: Desks, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    key.write_text(base64.b64encode(b"k" * 32).decode())
    await centre.change(secret_key_file=str(key))
    async with centre._services() as services:
        await services.staff.add("boss", PASSWORD, name="Third Person", role="administrator")
    hub = await centre.hub("h1", "3 Mill Lane")
    await hub.send([scenes.alert("h1", Condition.DEHYDRATION_RISK, datetime.now(UTC))])
    plain = (await desks("boss", java_script_enabled=False)).page
    await add_peggy(plain, centre)
    await plain.goto(f"{centre.url}/absences/h1")
    until = datetime.now(UTC) + timedelta(days=2)
    await plain.fill("#until", f"{until:%Y-%m-%dT%H:%M}")
    await plain.select_option("#kind", "hospital")
    await plain.click("#set")
    await expect(plain.locator("#spells")).to_contain_text("Set by Third Person")

    seat = await desks("boss", "/alerts/1")
    await expect(seat.page.locator(".alert-names")).to_contain_text("Peggy")
    wrong: list[str] = []
    for path in ("people/h1", "absences/h1", "people", "erase/h1", "record/h1", "homes/h1"):
        await seat.go(f"/{path}")
        for fold in await seat.page.locator("summary").all():
            await fold.click()
        wrong += await seat.axe(path)
        await seat.page.set_viewport_size(PHONE)
        wide = await seat.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], path
        await seat.page.set_viewport_size({"width": 1366, "height": 768})
    assert wrong == []
