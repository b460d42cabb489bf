"""Staff who are away from the queue are shown that an alert waits, by a browser that they chose.

Chromium, its worker, the centre and the encryption are real. But Chromium's push service is on the
internet, and without it there is no subscription. So `PushManager` answers with one whose push
service is a receiver of ours on loopback. What that receives is decrypted as RFC 8291 says and
handed to the worker by the browser's own debugging interface.
"""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import CDPSession, Page, expect

from contract import Condition
from tests.api.channels.browser import Browser
from tests.api.channels.receiver import Receiver, answer, receiver
from tests.api.console import scenes
from tests.api.console.browser import Desk
from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks

pytestmark = [pytest.mark.network, pytest.mark.asyncio(loop_scope="package")]
HERE = "/account/notifications"
PHONE = {"width": 320, "height": 700}
_SUBSCRIPTION = """
  const made = %s;
  const kept = () => localStorage.getItem("subscribed");
  const one = {endpoint: made.endpoint, toJSON: () => made,
    unsubscribe: async () => { localStorage.removeItem("subscribed"); return true; }};
  PushManager.prototype.getSubscription = async () => kept() ? one : null;
  PushManager.prototype.subscribe = async function ({userVisibleOnly, applicationServerKey}) {
    if (!userVisibleOnly || applicationServerKey.length !== 65 || applicationServerKey[0] !== 4)
      throw new TypeError("no key of P-256");
    localStorage.setItem("subscribed", "1");
    return one;
  };
"""
_NOTIFICATIONS = f"""async () => {{
  const registration = await navigator.serviceWorker.getRegistration("{HERE}/");
  return (await registration.getNotifications()).map(
    (one) => ({{title: one.title, body: one.body, tag: one.tag, data: one.data}}));
}}"""
# Chromium opens a window for a person's click alone: what would be opened is written down.
_CLICK = """async (tag) => {
  const led = [];
  self.clients.openWindow = async (path) => led.push(["opens", path]);
  const shows = async function () { led.push(["shows", new URL(this.url).pathname]); };
  WindowClient.prototype.focus = shows;
  const [notification] = await self.registration.getNotifications({tag});
  self.dispatchEvent(new NotificationEvent("notificationclick", {notification}));
  while (!led.length) await new Promise((done) => setTimeout(done, 10));
  return led;
}"""


@pytest_asyncio.fixture(loop_scope="package")
async def service() -> AsyncIterator[Receiver]:
    """A push service on loopback."""
    async with receiver() as one:
        one.reply = lambda _: answer(201)
        yield one


@dataclass
class Seat:
    """A desk whose browser has a push service on loopback."""

    desk: Desk
    service: Receiver
    keys: Browser
    wire: CDPSession
    registration: str = ""

    @classmethod
    async def take(cls, desk: Desk, service: Receiver) -> "Seat":
        keys = Browser.new()
        made = {"endpoint": f"{service.url}/dana", "expirationTime": None, "keys": keys.keys}
        await desk.context.grant_permissions(["notifications"])
        await desk.context.add_init_script(_SUBSCRIPTION % json.dumps(made))
        one = cls(desk, service, keys, await desk.context.new_cdp_session(desk.page))
        one.wire.on("ServiceWorker.workerRegistrationUpdated", one._know)
        await one.wire.send("ServiceWorker.enable")
        return one

    def _know(self, told: dict[str, Any]) -> None:
        for one in told["registrations"]:
            self.registration = one["registrationId"]

    async def sent(self, number: int) -> str:
        """What the push service was given, as the browser decrypts it; waits for that many."""
        until = monotonic() + 20
        while len(self.service.got) < number:
            assert monotonic() < until, "the push service was given nothing"
            await asyncio.sleep(0.05)
        return self.keys.opened(self.service.got[number - 1].body).decode()

    async def shown(self, sent: str) -> list[dict[str, Any]]:
        """All notifications that stand there once the browser has this one, too."""
        origin = self.desk.url
        await self.wire.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": origin, "registrationId": self.registration, "data": sent},
        )
        await asyncio.sleep(0.3)
        found: list[dict[str, Any]] = await self.desk.page.evaluate(_NOTIFICATIONS)
        return found


async def with_key(centre: Centre, folder: Path) -> None:
    key = folder / "key"
    key.write_text(base64.b64encode(b"k" * 32).decode())
    await centre.change(secret_key_file=f"{key}")


def state(page: Page) -> Any:
    return expect(page.locator("#this-browser [data-state]:visible"))


async def test_who_leaves_the_desk_is_shown_an_alert_that_names_nobody_and_opens_it_by_a_click(
    centre: Centre, desks: Desks, service: Receiver, tmp_path: Path
) -> None:
    await with_key(centre, tmp_path)
    await centre.nudge_browsers()
    dana = await desks("dana", "/account", viewport=PHONE)
    page = dana.page
    seat = await Seat.take(dana, service)
    await page.click("#to-notifications")
    await state(page).to_have_text("Notifications are switched off in this browser.")
    found = await dana.axe("off")
    await page.fill("#browser-name", "Desk 3")
    await page.click("#switch-on")
    await state(page).to_have_text("Notifications are switched on in this browser.")
    await expect(page.locator("#scroll-browsers")).to_contain_text("Desk 3")
    await expect(page.locator("[data-this]")).to_be_visible()
    found += await dana.axe("on")
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    await page.click("[id^=test-]")
    await expect(page.locator("#notice")).to_contain_text("A test is on its way")
    found += await dana.axe("tested")
    (shown,) = await seat.shown(await seat.sent(1))
    assert shown["title"] == "This is a test."
    assert shown["data"]["path"] == HERE

    hub = await centre.hub("h1", "3 Mill Lane")
    await hub.send([scenes.alert("h1", Condition.POSSIBLE_FALL, datetime.now(UTC))])
    raised = await seat.sent(2)
    await seat.shown(raised)
    told = [one for one in await seat.shown(raised) if one["tag"] == "alert-1"]  # a try again
    assert [(one["title"], one["body"]) for one in told] == [("Urgent alert 1 raised.", "")]
    assert not any(word in str(told).lower() for word in ("mill lane", "h1", "fall"))

    (worker,) = dana.context.service_workers
    assert await worker.evaluate(_CLICK, "alert-1") == [["opens", "/alerts/1"]]
    await seat.shown(raised)
    await dana.go("/alerts/1")  # in a page that has it already, that is shown
    assert await worker.evaluate(_CLICK, "alert-1") == [["shows", "/alerts/1"]]

    await dana.go(HERE)
    await page.click("[id^=off-]")
    await expect(page.locator("#notice")).to_contain_text("switched off there")
    await state(page).to_have_text("Notifications are switched off in this browser.")
    await hub.send([scenes.alert("h1", Condition.HELP_BUTTON, datetime.now(UTC))])
    await asyncio.sleep(2.5)
    assert len(service.got) == 2
    assert found == []


async def test_nobody_is_told_that_it_is_on_where_nothing_would_ever_come(
    centre: Centre, desks: Desks, tmp_path: Path
) -> None:
    dana = await desks("dana", HERE)
    page = dana.page
    await expect(page.locator("#no-key")).to_contain_text("its operator must set secret_key_file")
    await expect(page.locator("#switch-on")).to_have_count(0)
    found = await dana.axe("no key")
    await with_key(centre, tmp_path)
    await dana.go(HERE)
    await expect(page.locator("#not-wired")).to_be_visible()
    await expect(page.locator("#switch-on")).to_have_count(0)
    found += await dana.axe("no destination")

    await centre.nudge_browsers()
    await dana.context.grant_permissions(["notifications"])
    await dana.go(HERE)
    await page.click("#switch-on")  # for real: here no browser reaches its push service
    await state(page).to_contain_text("could not reach its maker's push service")
    await expect(page.locator("#switch-on")).to_be_visible()
    found += await dana.axe("no push service")
    assert found == []
    dana.forgive("does not support the Push API in incognito mode")


async def test_who_has_notifications_blocked_is_told_where_to_allow_them(
    centre: Centre, desks: Desks, tmp_path: Path
) -> None:
    await with_key(centre, tmp_path)
    await centre.nudge_browsers()
    dana = await desks("dana", HERE, permissions=[])
    wire = await dana.context.new_cdp_session(dana.page)
    blocked = {"permission": {"name": "notifications"}, "setting": "denied"}
    await wire.send("Browser.setPermission", {**blocked, "origin": dana.url})
    await dana.go(HERE)
    await state(dana.page).to_contain_text("This browser blocks notifications from here")
    await expect(dana.page.locator("#switch-on")).to_be_hidden()
    assert await dana.axe("blocked") == []


async def until_shown(desk: Desk, words: str) -> None:
    """Loads the page until they are there: it does not move by itself without a script."""
    async with asyncio.timeout(20):
        while words not in await desk.page.locator("#scroll-browsers").inner_text():
            await asyncio.sleep(0.2)
            await desk.go(HERE)


async def test_a_lost_phone_is_switched_off_from_any_browser_without_a_script(
    centre: Centre, desks: Desks, service: Receiver, tmp_path: Path
) -> None:
    await with_key(centre, tmp_path)
    await centre.nudge_browsers()
    phone = await desks(None)
    await Seat.take(phone, service)
    await phone.sign_in("dana", HERE)
    await phone.page.click("#switch-on")
    await expect(phone.page.locator("#scroll-browsers")).to_contain_text("Without a name")

    desk = await desks("dana", HERE, java_script_enabled=False)
    page = desk.page
    await expect(page.get_by_text("your browser must run scripts")).to_be_visible()
    await expect(page.locator("#switch-on")).to_be_hidden()
    await page.click("[id^=test-]")
    await expect(page.locator("#notice")).to_contain_text("A test is on its way")
    service.reply = lambda _: answer(400)
    await page.click("[id^=test-]")
    await until_shown(desk, "it answered 400. Switch it off")
    await page.click("[id^=off-]")
    await expect(page.locator("#notice")).to_contain_text("switched off there")
    await expect(page.locator("#scroll-browsers")).to_have_count(0)
    await phone.go(HERE)
    await state(phone.page).to_have_text("Notifications are switched off in this browser.")


async def test_in_a_shared_browser_nobody_takes_a_colleague_s_notifications_for_their_own(
    centre: Centre, desks: Desks, service: Receiver, tmp_path: Path
) -> None:
    await with_key(centre, tmp_path)
    await centre.nudge_browsers()
    shared = await desks(None)
    await Seat.take(shared, service)
    await shared.sign_in("dana", HERE)
    await shared.page.click("#switch-on")
    await state(shared.page).to_have_text("Notifications are switched on in this browser.")
    await shared.page.click("#sign-out")
    await shared.sign_in("sam", HERE)
    await state(shared.page).to_have_text("Notifications are switched off in this browser.")
    await shared.page.click("#switch-on")
    await state(shared.page).to_have_text("Notifications are switched on in this browser.")
    await shared.page.click("#sign-out")
    await shared.sign_in("dana", HERE)
    await state(shared.page).to_have_text("Notifications are switched off in this browser.")


async def test_a_browser_whose_subscription_was_ended_says_so_and_is_not_just_quiet(
    centre: Centre, desks: Desks, service: Receiver, tmp_path: Path
) -> None:
    await with_key(centre, tmp_path)
    await centre.nudge_browsers()
    dana = await desks(None)
    await Seat.take(dana, service)
    await dana.sign_in("dana", HERE)
    await dana.page.click("#switch-on")
    await state(dana.page).to_have_text("Notifications are switched on in this browser.")
    (worker,) = dana.context.service_workers
    await worker.evaluate('self.dispatchEvent(new ExtendableEvent("pushsubscriptionchange"))')
    await asyncio.sleep(0.3)
    (told,) = await dana.page.evaluate(_NOTIFICATIONS)
    assert told["title"].startswith("Alerts are no longer shown in this browser")
    assert told["data"]["path"] == HERE
