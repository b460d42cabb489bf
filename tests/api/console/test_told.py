"""Who handles an alert sees whether others were told of it, as soon as they took it."""

import pytest
from playwright.async_api import expect

from api.outbox.service import Wanted
from api.services import Services
from contract import Condition
from tests.api.channels.receiver import Receiver, answer, receiver
from tests.api.console import scenes
from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks

pytestmark = [pytest.mark.network, pytest.mark.asyncio(loop_scope="package")]

PHONE = {"width": 390, "height": 844}


async def tell(services: Services, name: str, to: Receiver) -> None:
    settings = {
        "url": to.url, "to": "+441632960001", "format": "json", "fields": {"say": "{text}"},
        "allow_private": True,
    }  # fmt: skip
    await services.outbox.set(1, Wanted(name=name, channel="sms", settings=settings))


async def test_the_page_of_an_alert_says_by_itself_who_took_it_and_who_did_not(
    centre: Centre, desks: Desks
) -> None:
    hub = await centre.hub("h1", "12 Ashgrove Court")
    async with receiver() as well, receiver() as away, centre._services() as services:
        now = services.clock()
        await hub.send([scenes.alert("h1", Condition.UTI_RISK, now)])
        dana = await desks("dana", "/alerts/1")
        told = dana.page.locator("section[aria-labelledby=told]")
        await expect(told).to_contain_text("No other system was to be told of this alert.")

        await tell(services, "receiving centre", well)
        await tell(services, "warden", away)
        away.reply = lambda _: answer(503)
        await hub.send([scenes.alert("h1", Condition.POSSIBLE_FALL, now)])
        await dana.go("/alerts/2")
        await dana.live()
        lines = told.locator("li")
        await expect(lines).to_have_count(2)
        await expect(told).to_contain_text("after 1 try: it answered 503.")
        taken = lines.filter(has_text="receiving centre: new alert")
        await expect(taken).to_contain_text("Taken ")
        await expect(taken).to_contain_text("Known there as ")
        late = lines.filter(has_text="warden: new alert")
        await expect(late).not_to_contain_text("Taken ")
        away.reply = lambda _: answer(410)  # nothing of the alert itself changes
        await expect(late).to_contain_text("Not delivered, ", timeout=30_000)
        await expect(late).to_contain_text("it answered 410.")
    assert await dana.axe("an alert that others were told of") == []
    await dana.page.set_viewport_size({"width": 390, "height": 844})
    width = await dana.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
