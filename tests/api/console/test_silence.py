"""In an outage staff see which homes they cannot see, and are not buried in alerts."""

from datetime import UTC, datetime

import pytest
from playwright.async_api import expect

from contract import SensorEvent
from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks

pytestmark = [pytest.mark.network, pytest.mark.asyncio(loop_scope="package")]


def motion(home: str) -> SensorEvent:
    return SensorEvent(
        home=home, sensor="pir", kind="motion", place="kitchen", at=datetime.now(UTC), value=1.0
    )


async def test_an_outage_is_one_card_and_its_page_lists_each_home(
    centre: Centre, desks: Desks
) -> None:
    hubs = {}
    for number in range(1, 7):
        home = f"h{number}"
        hubs[home] = await centre.hub(home, f"Flat {number}")
        await hubs[home].send([motion(home)])
    await centre.fall_silent(20)
    await hubs["h4"].send([motion("h4")])
    await centre.fall_silent(0)

    dana = await desks()
    page = dana.page
    await dana.live()
    cards = page.locator("#lane-technical .card")
    await expect(cards).to_have_count(1)
    await expect(cards).to_contain_text("Several homes")
    await expect(cards).to_contain_text("All 6 hubs were last heard")
    await cards.get_by_role("link").click()
    await expect(page.locator("h1")).to_have_text("Hub not heard from: check the hub first")
    await dana.live()
    rows = page.locator("#scroll-silent tbody tr")
    await expect(rows).to_have_count(6)
    await expect(rows.first).to_contain_text("Not heard")
    await expect(rows.last).to_contain_text("Flat 4")
    await expect(rows.last).to_contain_text("Heard again")
    await expect(page.locator(".timeline")).to_contain_text("Raised by the centre")
    assert await dana.axe("outage") == []

    await rows.first.get_by_role("link").click()
    await expect(page.locator("h1")).to_have_text("Flat 1")
    await expect(page.locator(".open-list")).to_contain_text("Hub not heard from")


async def test_a_single_hub_s_silence_is_its_home_s_alert(centre: Centre, desks: Desks) -> None:
    hub = await centre.hub("h1", "12 Ashgrove Court")
    await hub.send([motion("h1")])
    await centre.fall_silent(20)
    dana = await desks()
    await dana.live()
    card = dana.page.locator("#lane-technical .card")
    await expect(card).to_contain_text("12 Ashgrove Court")
    await card.get_by_role("button", name="Claim").click()
    await expect(dana.page.locator(".story")).to_contain_text("what happens there is not seen")
    await expect(dana.page.locator(".todo")).to_contain_text("whether the hub's power")
    assert await dana.axe("hub silent") == []
