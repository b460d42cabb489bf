"""Everybody can use every page: axe in the plain states, the keyboard alone, no motion."""

import base64
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from api.identity.totp import code, step_of
from contract import Condition
from tests.api.console import scenes, worlds
from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks

pytestmark = [pytest.mark.network, pytest.mark.asyncio(loop_scope="package")]


async def test_axe_finds_nothing_before_signing_in(desks: Desks) -> None:
    somebody = await desks(None)
    await somebody.go("/sign-in")
    found = await somebody.axe("sign in")
    await somebody.page.click("#sign-in")
    found += await somebody.axe("sign in, nothing typed")
    await somebody.page.fill("#username", "dana")
    await somebody.page.fill("#password", "a wrong guess")
    await somebody.page.click("#sign-in")
    found += await somebody.axe("sign in, wrong")
    await somebody.go("/no-such-page")
    found += await somebody.axe("no such page")
    assert found == []
    somebody.forgive("422", "404")


async def test_axe_finds_nothing_while_a_second_factor_is_set_up(
    centre: Centre, desks: Desks, tmp_path: Path
) -> None:
    dana = await desks()
    await dana.go("/second-factor")
    found = await dana.axe("second factor, off")
    await dana.page.click("#begin")
    found += await dana.axe("second factor, no key at the centre")
    (tmp_path / "key").write_bytes(base64.b64encode(bytes(32)))
    await centre.change(
        secret_key_file=f"{tmp_path / 'key'}", second_factor_roles="operator, supervisor"
    )
    await dana.go("/queue")
    await expect(dana.page).to_have_url(re.compile("/second-factor$"))
    await dana.page.click("#begin")
    found += await dana.axe("second factor, begun")
    secret = (await dana.page.inner_text("#secret")).replace(" ", "")
    await dana.page.fill("#code-confirm", "1")
    await dana.page.click("#confirm")
    found += await dana.axe("second factor, a wrong code")
    shown = code(base64.b32decode(secret), step_of(datetime.now(UTC)))
    await dana.page.fill("#code-confirm", shown)
    await dana.page.click("#confirm")
    found += await dana.axe("second factor, recovery codes")
    await dana.page.click("#go-on")
    await expect(dana.page).to_have_url(re.compile("/queue$"))
    assert found == []
    dana.forgive("422", "ERR_")


async def test_axe_finds_nothing_on_an_empty_centre(centre: Centre, desks: Desks) -> None:
    await centre.hub("h1")
    dana = await desks()
    found = []
    for path in ("/queue", "/homes", "/homes/h1"):
        await dana.go(path)
        await dana.live()
        found += await dana.axe(f"empty {path}")
    await dana.go("/queue")
    await dana.live()
    await centre.stop()
    await dana.page.wait_for_selector("html[data-link=lost]")
    found += await dana.axe("stale")
    assert found == []
    dana.forgive("ERR_")


async def test_axe_finds_nothing_in_a_storm(centre: Centre, desks: Desks) -> None:
    await worlds.storm(centre, 9)
    dana = await desks()
    await dana.live()
    assert await dana.axe("storm") == []


async def test_axe_finds_nothing_on_the_other_steps_nor_on_what_they_leave(
    centre: Centre, desks: Desks
) -> None:
    hub = await centre.hub("h1")
    await hub.send([scenes.alert("h1", Condition.UTI_RISK, datetime.now(UTC))])
    dana = await desks()
    await dana.go("/alerts/1")
    await dana.live()
    await dana.page.click("#claim")
    await dana.page.click("#steps")
    found = await dana.axe("steps")
    await dana.page.fill("#escalate-reason", " ")
    await dana.page.click("#escalate")
    await expect(dana.page.locator("#notice")).to_be_focused()
    found += await dana.axe("steps, without a reason")
    await dana.page.fill("#suspend-reason", "Her daughter rings back.")
    await dana.page.click("#suspend")
    await dana.live()
    found += await dana.axe("queue, suspended")
    await dana.go("/alerts/1")
    await dana.live()
    found += await dana.axe("suspended")
    await dana.page.click("#resume")
    await dana.page.click("#steps")
    await dana.page.fill("#escalate-reason", "I am alone.")
    await dana.page.click("#escalate")
    await dana.live()
    found += await dana.axe("queue, escalated")
    await dana.go("/alerts/1")
    await dana.live()
    found += await dana.axe("escalated")
    await dana.page.click("#claim")
    await dana.page.click("#steps")
    await dana.page.fill("#shelve-reason", "The sensor hangs loose.")
    await dana.page.click("#shelve")
    await dana.live()
    found += await dana.axe("queue, shelved")
    await dana.go("/alerts/1")
    await dana.live()
    found += await dana.axe("shelved")
    assert found == []
    dana.forgive("422")


async def test_the_keyboard_alone_handles_an_alert(centre: Centre, desks: Desks) -> None:
    hub = await centre.hub("h1")
    await hub.send([scenes.alert("h1", Condition.POSSIBLE_FALL, datetime.now(UTC))])
    somebody = await desks(None)
    await somebody.go("/sign-in")
    page = somebody.page
    await expect(page.locator("#username")).to_be_focused()
    await page.keyboard.type("dana")
    await page.keyboard.press("Tab")
    await page.keyboard.type(worlds.PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Queue")
    await somebody.live()

    await page.keyboard.press("Tab")
    await expect(page.locator(".skip")).to_be_focused()
    await page.keyboard.press("Enter")
    await tab_to(page, "open-1")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_contain_text("Possible fall")
    await tab_to(page, "claim")
    await page.keyboard.press("Enter")
    await expect(page.locator("#notice")).to_be_focused()
    await tab_to(page, "outcome-true_concern")
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("#outcome-known_reason")).to_be_checked()
    await tab_to(page, "resolve")
    await page.keyboard.press("Enter")
    await expect(page.locator("#notice")).to_have_text("This alert is ended")


async def tab_to(page: Page, element: str, *, most: int = 30) -> None:
    """Goes on by Tab until `element` has the focus; each stop on the way must be visible."""
    for _ in range(most):
        await page.keyboard.press("Tab")
        stop: dict[str, Any] = await page.evaluate(_STOP)
        assert stop["outline"], f"the focus cannot be seen on {stop['id'] or stop['tag']}"
        assert stop["inside"], f"the focus is out of sight on {stop['id'] or stop['tag']}"
        if stop["id"] == element:
            return
    raise AssertionError(f"{element} was not reached in {most} steps")


_STOP = """() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  return {
    id: at.id, tag: at.tagName,
    outline: at === document.body
      || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2),
    inside: at === document.body || (box.bottom > 0 && box.top < innerHeight && box.width > 0),
  };
}"""


async def test_nothing_moves_for_those_who_ask_for_calm(centre: Centre, desks: Desks) -> None:
    hub = await centre.hub("h1")
    dana = await desks(reduced_motion="reduce")
    await dana.live()
    await hub.send([scenes.alert("h1", Condition.POSSIBLE_FALL, datetime.now(UTC))])
    await expect(dana.page.locator("#alert-1[data-fresh]")).to_be_visible()
    moving: int = await dana.page.evaluate("document.getAnimations().length")
    assert moving == 0
