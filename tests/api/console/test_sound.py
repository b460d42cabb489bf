"""Who looks away from the queue hears that an urgent alert waits, or has read that they cannot."""

import asyncio
from datetime import UTC, datetime

import pytest
from playwright.async_api import Page, expect

from contract import Condition
from tests.api.console import scenes
from tests.api.console.browser import Desk
from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks
from tests.api.console.test_access import tab_to
from tests.api.console.test_evening import SMALL, sticking_out

pytestmark = [pytest.mark.network, pytest.mark.asyncio(loop_scope="package")]

# Hears what the page sends to the loudspeaker: when its level rose from silence.
_EAR = """
window.heard = 0;
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (to, ...rest) {
  if (to instanceof AudioDestinationNode) {
    const ear = new AnalyserNode(this.context, { fftSize: 2048 });
    connect.call(this, ear);
    const samples = new Float32Array(ear.fftSize);
    const listening = setInterval(() => {
      ear.getFloatTimeDomainData(samples);
      if (!samples.some((one) => Math.abs(one) > 0.05)) return;
      window.heard += 1;
      clearInterval(listening);
    }, 20);
  }
  return connect.call(this, to, ...rest);
};
"""
NOTES = 2
"""In each sounding."""
AWAY = ("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_EMPTY_RESPONSE")


async def heard(page: Page) -> int:
    notes: int = await page.evaluate("window.heard")
    return notes


async def hears(page: Page, more_than: int) -> None:
    async with asyncio.timeout(20):
        while await heard(page) <= more_than:
            await page.wait_for_timeout(100)


async def listen(seat: Desk) -> None:
    await seat.page.add_init_script(_EAR)
    await seat.page.reload()
    await seat.live()


async def an_urgent_alert(centre: Centre, home: str = "h1") -> None:
    hub = await centre.hub(home)
    await hub.send([scenes.alert(home, Condition.POSSIBLE_FALL, datetime.now(UTC))])


async def test_nothing_sounds_where_nobody_has_asked_for_it(centre: Centre, desks: Desks) -> None:
    dana = await desks()
    await listen(dana)
    await expect(dana.page.locator("#sound-on")).not_to_be_checked()
    await an_urgent_alert(centre)
    await expect(dana.page.locator("#alert-1")).to_be_visible()
    await dana.page.wait_for_timeout(1_500)
    assert await heard(dana.page) == 0


async def test_an_urgent_alert_sounds_again_and_again_until_somebody_claims_it(
    centre: Centre, desks: Desks
) -> None:
    dana = await desks()
    page = dana.page
    await listen(dana)
    await page.check("#sound-on")
    await expect(page.locator("#sound")).to_contain_text("Sound for urgent alerts: on")
    hub = await centre.hub("h1")
    await hub.send([scenes.alert("h1", Condition.DEHYDRATION_RISK, datetime.now(UTC))])
    await expect(page.locator("#alert-1")).to_be_visible()
    await page.wait_for_timeout(1_500)
    assert await heard(page) == 0, "what can wait for the day makes no sound"
    await an_urgent_alert(centre, "h2")
    await hears(page, 2 * NOTES - 1)
    await centre.act("sam", "claim", 2)
    await expect(page.locator("#alert-2 .handler")).to_be_visible()
    await page.wait_for_timeout(1_000)
    before = await heard(page)
    await page.wait_for_timeout(9_000)
    assert await heard(page) == before


async def test_a_filter_silences_no_alert_that_it_hides(centre: Centre, desks: Desks) -> None:
    dana = await desks()
    await dana.page.check("#sound-on")
    await dana.go("/queue?lane=technical")
    await listen(dana)
    await an_urgent_alert(centre)
    await hears(dana.page, NOTES - 1)
    await expect(dana.page.locator("#alert-1")).to_have_count(0)
    dana.forgive("AudioContext was not allowed to start")


async def test_where_the_browser_blocks_sound_the_page_says_so_until_a_key_is_pressed(
    centre: Centre, desks: Desks
) -> None:
    dana = await desks()
    await dana.page.check("#sound-on")
    await an_urgent_alert(centre)
    page = await dana.context.new_page()  # nobody has pressed anything on it
    await page.add_init_script(_EAR)
    await page.goto(f"{centre.url}/queue")
    await asyncio.sleep(2)  # whatever a test asks of a page counts as a press, so it waits unasked
    warning = page.locator("[data-warning=blocked]")
    await expect(warning).to_be_visible()
    await expect(warning).to_contain_text("Your browser holds the sound back.")
    assert await heard(page) == 0
    await page.keyboard.press("Shift")
    await hears(page, NOTES - 1)
    await expect(warning).to_be_hidden()


async def test_where_the_browser_cannot_play_the_page_says_so_before_anybody_waits(
    desks: Desks,
) -> None:
    dana = await desks()
    page = dana.page
    await page.add_init_script("delete window.AudioContext;")
    await page.reload()
    await dana.live()
    warning = page.locator("[data-warning=failed]")
    await expect(warning).to_be_hidden()
    await page.check("#sound-on")
    await expect(warning).to_contain_text("This browser cannot play sound now.")
    await expect(warning.locator(".icon")).to_be_visible()
    found = await dana.axe("sound that cannot be played")
    await page.set_viewport_size(SMALL)  # type: ignore[arg-type]  # a width and a height
    assert found + await sticking_out(page, "the warning") == []
    await page.uncheck("#sound-on")
    await expect(warning).to_be_hidden()
    await page.click("#sound-test")
    await expect(warning).to_be_visible()
    await expect(page.locator("[data-tested]")).to_be_hidden()


async def test_the_keyboard_alone_tests_the_sound_and_switches_it_on_for_this_browser(
    desks: Desks,
) -> None:
    dana, sam = await desks(), await desks("sam")
    page = dana.page
    await listen(dana)
    await tab_to(page, "sound-on")
    await page.keyboard.press("Space")
    await page.keyboard.press("Tab")
    await expect(page.locator("#sound-test")).to_be_focused()
    await page.keyboard.press("Enter")
    await hears(page, NOTES - 1)
    await expect(page.locator("#sound")).to_contain_text("Two notes were played.")
    assert await dana.axe("sound switched on and tested") == []
    await dana.go("/queue")
    await expect(page.locator("#sound-on")).to_be_checked()
    await sam.go("/queue")
    await expect(sam.page.locator("#sound-on")).not_to_be_checked()
    dana.forgive("AudioContext was not allowed to start")


async def test_who_listens_hears_that_the_page_is_no_longer_live(
    centre: Centre, desks: Desks
) -> None:
    dana = await desks()
    await listen(dana)
    await dana.page.check("#sound-on")
    await centre.stop()
    await hears(dana.page, NOTES - 1)
    dana.forgive(*AWAY)


async def test_without_script_nothing_is_offered_that_would_not_sound(desks: Desks) -> None:
    dana = await desks("dana", java_script_enabled=False)
    await expect(dana.page.locator("#sound")).to_be_hidden()
