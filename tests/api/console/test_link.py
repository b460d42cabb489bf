"""A page that cannot be confirmed says so, takes no action, and comes back by itself."""

import re
from datetime import UTC, datetime

import pytest
from playwright.async_api import Request, expect

from contract import Condition
from tests.api.console import scenes
from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks

pytestmark = [pytest.mark.network, pytest.mark.asyncio(loop_scope="package")]

AWAY = ("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_EMPTY_RESPONSE")


async def test_while_the_centre_is_away_nothing_looks_live_and_nothing_is_done(
    centre: Centre, desks: Desks
) -> None:
    hub = await centre.hub("h1")
    await hub.send([scenes.alert("h1", Condition.POSSIBLE_FALL, datetime.now(UTC))])
    dana = await desks()
    page = dana.page
    await dana.live()
    await expect(page.locator("#banner")).to_be_hidden()
    posts: list[Request] = []
    page.on("request", lambda asked: posts.append(asked) if asked.method == "POST" else None)

    await centre.stop()
    banner = page.locator("#banner")
    await expect(banner).to_be_visible()
    await expect(banner).to_have_text(re.compile(r"last confirmed at \d\d:\d\d:\d\d (GMT|BST)"))
    await expect(page.locator("#say-now")).to_contain_text("This page is not live.")
    await expect(page.locator("#link")).to_have_text("Not live")
    await expect(page.locator("#claim-1")).to_have_attribute("aria-disabled", "true")
    await page.focus("#claim-1")
    await page.keyboard.press("Enter")
    await expect(page.locator("#say-now")).to_contain_text("Not done.")
    await expect(banner).to_be_focused()
    assert posts == []

    await centre.act("sam", "claim", 1)
    await centre.start()
    await dana.live()
    await expect(banner).to_be_hidden()
    await expect(page.locator("#say")).to_contain_text("The link is back.")
    # What happened meanwhile is there, and news comes again.
    await expect(page.locator("#alert-1 .handler")).to_contain_text("Second Operator")
    await (await centre.hub("h2")).send(
        [scenes.alert("h2", Condition.HELP_BUTTON, datetime.now(UTC))]
    )
    await page.click("#claim-2")
    await expect(page.locator("#notice")).to_have_text("You have this alert now")
    dana.forgive(*AWAY)


async def test_while_the_database_cannot_be_heard_the_page_says_so(
    centre: Centre, desks: Desks
) -> None:
    dana = await desks()
    await dana.live()
    centre.live.lost()
    await expect(dana.page.locator("#banner")).to_be_visible()
    centre.live.heard()
    await dana.live()
    await expect(dana.page.locator("#banner")).to_be_hidden()


async def test_a_silent_link_is_a_lost_one(centre: Centre, desks: Desks) -> None:
    """Half-open connections end in no error: only the missing beat tells."""
    dana = await desks(None)
    await dana.page.clock.install()
    await dana.sign_in("dana")
    await dana.live()
    centre.live.listening = False  # the server stays connected and beats no more
    await dana.page.clock.run_for(15_000)
    await expect(dana.page.locator("#banner")).to_be_visible()
