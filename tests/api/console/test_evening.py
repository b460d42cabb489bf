"""Every page on an ordinary evening: axe in each state, zoom, small screens, targets."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page
from pytest_socket import enable_socket, socket_allow_hosts

from tests.api.console import worlds
from tests.api.console.browser import Desk
from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks
from tests.support.database import Postgres

pytestmark = [pytest.mark.network, pytest.mark.asyncio(loop_scope="package")]

PAGES = (
    "/queue",
    "/alerts/1",
    "/alerts/2",
    "/homes",
    "/homes/home-1",
    "/homes/home-1?days=28",
    "/homes/home-3",
    "/hub/home-1",
    "/wallboard",
    "/hand-over",
)
AS_MADE = {"/hand-over"}
"""Pages that stay as they were made."""
SMALL = {"width": 320, "height": 640}


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def centre(postgres: Postgres) -> AsyncIterator[Centre]:
    """One evening for all tests of this module: six homes, a week each, and their alerts."""
    enable_socket()
    socket_allow_hosts(["127.0.0.1", "localhost"], allow_unix_socket=True)
    running = Centre(postgres.create_database())
    await running.start()
    await running.add_staff(**worlds.STAFF)
    await worlds.evening(running)
    yield running
    await running.close()


async def look_at(dana: Desk, path: str) -> None:
    await dana.go(path)
    if path not in AS_MADE:
        await dana.live()


async def test_axe_finds_nothing_on_a_busy_evening(centre: Centre, desks: Desks) -> None:
    dana = await desks()
    found = []
    for path in PAGES:
        await look_at(dana, path)
        found += await dana.axe(path)
    found += await _acting(centre, dana)
    assert found == []
    dana.forgive("422")


async def _acting(centre: Centre, dana: Desk) -> list[str]:
    """The states that an alert's page goes through."""
    page = dana.page
    await dana.go("/alerts/4")
    await page.click("#claim")
    await page.wait_for_selector("#notice")
    found = await dana.axe("claimed")
    await page.click("#resolve")
    await page.wait_for_selector("#outcome-error")
    found += await dana.axe("outcome missing")
    await dana.go("/alerts/5")
    await dana.live()
    await centre.act("sam", "claim", 5)
    await page.wait_for_selector(".holder")
    return found + await dana.axe("somebody else's")


async def test_pages_reflow_at_320_pixels_and_at_twice_the_text(desks: Desks) -> None:
    dana = await desks()
    page = dana.page
    wide = []
    for path in PAGES:
        await page.set_viewport_size(SMALL)  # type: ignore[arg-type]  # a width and a height
        await look_at(dana, path)
        wide += await sticking_out(page, f"{path} at 320")
        await page.set_viewport_size({"width": 1366, "height": 768})
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide += await sticking_out(page, f"{path} at 200 %")
    assert wide == []


async def sticking_out(page: Page, where: str) -> list[str]:
    found: int = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{where}: {found} px too wide"] if found > 0 else []


async def test_the_mean_of_the_daily_counts_is_not_cut_off_beside_the_sensors(desks: Desks) -> None:
    dana = await desks()
    cut = []
    for width in (1279, 1280, 1300, 1366):
        await dana.page.set_viewport_size({"width": width, "height": 900})
        await look_at(dana, "/homes/home-1")
        cut += [f"{width}: {one}" for one in await dana.page.evaluate(_CUT_OFF)]
        cut += await sticking_out(dana.page, f"home at {width}")
    assert cut == []


_CUT_OFF = """() => Array.from(document.querySelectorAll(".scroll"))
    .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.id)"""


async def test_everything_to_press_is_large_enough(desks: Desks) -> None:
    dana = await desks(viewport={"width": 375, "height": 812})
    small = []
    for path in PAGES:
        await dana.go(path)
        small += [f"{path}: {each}" for each in await dana.page.evaluate(_SMALL_TARGETS)]
    assert small == []


# WCAG 2.2, 2.5.8: 24 by 24 px, or a link within a sentence or a cell.
_SMALL_TARGETS = """() => Array.from(document.querySelectorAll("a, button, input, textarea"))
  .filter((each) => each.checkVisibility() && each.type !== "hidden")
  .filter((each) => !each.matches(".skip, td a, th a, .without-script a"))
  .filter((each) => {
    const box = (each.closest("label") ?? each).getBoundingClientRect();
    return box.width < 24 || box.height < 24;
  })
  .map((each) => `${each.id || each.textContent.trim()}`)"""
