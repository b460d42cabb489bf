"""An operator's work with one alert, from its arrival to its end, in a real browser."""

import re
from datetime import UTC, datetime

import pytest
from playwright.async_api import Page, Route, expect

from contract import Condition
from tests.api.console import scenes
from tests.api.console.centre import Centre, Hub
from tests.api.console.conftest import Desks

pytestmark = [pytest.mark.network, pytest.mark.asyncio(loop_scope="package")]


async def raise_one(hub: Hub, home: str = "h1", kind: Condition = Condition.POSSIBLE_FALL) -> None:
    await hub.send([scenes.alert(home, kind, datetime.now(UTC))])


async def mark(page: Page) -> None:
    """Leaves a mark that only a reload would wipe away."""
    await page.evaluate("window.sameDocument = true")


async def unreloaded(page: Page) -> bool:
    found: bool = await page.evaluate("window.sameDocument === true")
    return found


async def test_an_alert_arrives_is_claimed_and_resolved(centre: Centre, desks: Desks) -> None:
    hub = await centre.hub("h1", "12 Ashgrove Court")
    dana = await desks()
    page = dana.page
    await expect(page.get_by_text("No urgent alerts")).to_be_visible()
    await dana.live()
    await mark(page)

    await raise_one(hub)
    card = page.locator("#lane-urgent .card")
    await expect(card).to_contain_text("12 Ashgrove Court")
    await expect(page).to_have_title("(1) Queue - telecare")
    await expect(page.locator("#say-now")).to_have_text(
        "New urgent alert: Possible fall, 12 Ashgrove Court."
    )
    assert await unreloaded(page)

    await card.get_by_role("button", name="Claim").click()
    await expect(page.locator("#notice")).to_have_text("You have this alert now")
    await expect(page.locator("#notice")).to_be_focused()
    await expect(page.locator("h1")).to_have_text(re.compile("Possible fall: call now"))

    await page.get_by_label("A real concern").check()
    await page.get_by_label("Anything to add").fill("Had slipped; helped up, no injury.")
    await page.get_by_role("button", name="End this alert").click()
    await expect(page.locator("#notice")).to_have_text("This alert is ended")
    await expect(page.get_by_text("No urgent alerts")).to_be_visible()

    await dana.go("/alerts/1")
    await expect(page.locator(".timeline")).to_contain_text("Had slipped; helped up, no injury.")
    await expect(page.locator(".timeline")).to_contain_text(
        "First Operator ended it: A real concern"
    )


async def test_who_comes_second_is_told_who_has_it(centre: Centre, desks: Desks) -> None:
    await raise_one(await centre.hub("h1"))
    dana = await desks("dana", "/alerts/1")
    sam = await desks("sam", "/alerts/1")
    await sam.live()
    # The news has not reached Sam's page when he presses the button.
    await sam.page.route(f"{centre.url}/alerts/1", hold_back_news)
    await dana.page.click("#claim")
    await expect(dana.page.locator("#notice")).to_be_visible()

    await sam.page.click("#claim")
    told = sam.page.locator("#notice")
    await expect(told).to_contain_text(
        re.compile(r"First Operator has had it since \d\d:\d\d [A-Z]{3}")
    )
    await expect(told).to_have_attribute("role", "alert")
    await expect(sam.page.locator("#claim")).to_have_count(0)


async def hold_back_news(route: Route) -> None:
    if route.request.headers.get("hx-request"):
        await route.fulfill(status=204)
    else:
        await route.continue_()


async def test_a_claim_shows_at_every_other_desk_at_once(centre: Centre, desks: Desks) -> None:
    await raise_one(await centre.hub("h1"))
    dana = await desks("dana", "/queue")
    sam_queue = await desks("sam", "/queue")
    sam_alert = await desks("sam", "/alerts/1")
    for waiting in (sam_queue, sam_alert):
        await waiting.live()
        await mark(waiting.page)

    await dana.page.get_by_role("button", name="Claim").click()
    await expect(sam_queue.page.locator(".card .handler")).to_contain_text("First Operator, since")
    await expect(sam_alert.page.locator(".holder")).to_contain_text(
        "First Operator has had this since"
    )
    assert await unreloaded(sam_queue.page)
    assert await unreloaded(sam_alert.page)


async def test_an_alert_given_back_waits_again(centre: Centre, desks: Desks) -> None:
    await raise_one(await centre.hub("h1"))
    dana = await desks("dana", "/alerts/1")
    await dana.page.click("#claim")
    await dana.page.click("#release")
    await expect(dana.page.locator("#notice")).to_have_text("You gave this alert back to the queue")
    await expect(dana.page.locator("#claim-1")).to_be_visible()


async def test_ending_without_saying_what_it_was_is_pointed_out(
    centre: Centre, desks: Desks
) -> None:
    await raise_one(await centre.hub("h1"))
    dana = await desks("dana", "/alerts/1")
    page = dana.page
    await page.click("#claim")
    await page.fill("#resolve-note", "All is well.")
    await page.click("#resolve")
    await expect(page.get_by_text("Choose what it turned out to be.")).to_be_visible()
    await expect(page.locator("#outcome-true_concern")).to_be_focused()
    await expect(page.locator("#resolve-note")).to_have_value("All is well.")
    dana.forgive("422")


async def test_nobody_ends_an_alert_on_news_they_have_not_seen(
    centre: Centre, desks: Desks
) -> None:
    hub = await centre.hub("h1")
    first = scenes.alert("h1", Condition.POSSIBLE_FALL, datetime.now(UTC))
    await hub.send([first])
    dana = await desks("dana", "/alerts/1")
    page = dana.page
    await page.click("#claim")
    await dana.live()
    await page.route(f"{centre.url}/alerts/1", hold_back_news)
    await hub.send([scenes.cleared(first, datetime.now(UTC))])
    await page.get_by_label("A false alarm").check()
    await page.fill("#resolve-note", "She dropped a pan.")
    await page.click("#resolve")
    dana.forgive("409")
    await expect(page.locator("#notice")).to_contain_text("Something new was seen")
    await expect(page.locator("#resolve-note")).to_have_value("She dropped a pan.")
    await expect(page.get_by_label("A false alarm")).to_be_checked()
    await dana.live()
    await page.click("#resolve")
    await expect(page.locator("#notice")).to_have_text("This alert is ended")


async def test_focus_and_typing_outlive_live_updates(centre: Centre, desks: Desks) -> None:
    hub = await centre.hub("h1")
    await raise_one(hub)
    await raise_one(await centre.hub("h2"), "h2", Condition.NO_MOVEMENT)
    reading = await desks("dana", "/queue")
    await reading.live()
    await reading.page.focus("#claim-1")
    writing = await desks("dana", "/alerts/1")
    await writing.live()
    await writing.page.locator("#note").press_sequentially("Rang twi")

    sam = await desks("sam", "/alerts/1")
    await raise_one(await centre.hub("h3"), "h3", Condition.HELP_BUTTON)
    await expect(reading.page.locator("#alert-3")).to_be_visible()
    await expect(reading.page.locator("#claim-1")).to_be_focused()

    await sam.page.click("#claim")
    await expect(writing.page.locator(".holder")).to_contain_text("Second Operator")
    await expect(writing.page.locator("#note")).to_be_focused()
    await writing.page.keyboard.type("ce")
    await expect(writing.page.locator("#note")).to_have_value("Rang twice")
    # The button that had the focus is gone: its alert's heading has it now, not the page's top.
    await expect(reading.page.locator("#open-1")).to_be_focused()


async def test_evidence_stands_as_chart_and_as_table_of_the_same_numbers(
    centre: Centre, desks: Desks
) -> None:
    await raise_one(await centre.hub("h1"), "h1", Condition.UTI_RISK)
    dana = await desks("dana", "/alerts/1")
    page = dana.page
    await expect(page.locator("#chart-bathroom_visits_night canvas")).to_be_visible()
    table = page.locator("#table-bathroom_visits_night")
    await expect(table.locator("tbody tr")).to_have_count(28)
    newest = table.locator("tbody tr").first
    await expect(newest).to_contain_text("Above")
    assert await newest.get_attribute("data-value") == "6.0"
    unseen = table.locator("tr", has_text="Not seen")
    await expect(unseen).to_have_count(2)
    for row in await unseen.all():
        box = await row.bounding_box()
        assert box is not None
        assert box["width"] > 200, "a day that could not be seen has a row like any other"
    await expect(page.get_by_text("What was also considered")).to_be_visible()


async def test_a_home_shows_its_week_and_its_silent_hours(centre: Centre, desks: Desks) -> None:
    now = datetime.now(UTC)
    hub = await centre.hub("h1", "12 Ashgrove Court")
    await hub.send(scenes.week("h1", now, seed=3))
    dana = await desks("dana", "/homes/h1")
    page = dana.page
    await expect(page.locator(".strip")).to_have_count(7)
    await expect(page.locator(".strip").nth(3)).to_have_attribute(
        "aria-label", re.compile(r"Activity by room on .*Bathroom: \d+")
    )
    assert await page.locator(".strip .s1, .strip .s2, .strip .s3").count() > 100
    await expect(page.locator(".home-counts tbody tr")).to_have_count(7)
    await expect(page.locator(".home-sensors")).to_contain_text("11 % low")


async def test_a_session_that_ended_shows_no_more_of_anybody(centre: Centre, desks: Desks) -> None:
    hub = await centre.hub("h1")
    dana = await desks("dana", "/queue")
    await dana.live()
    other = await dana.context.new_page()
    await other.goto(f"{centre.url}/homes")
    await other.click("#sign-out")
    await raise_one(hub)
    await expect(dana.page.locator("h1")).to_have_text("Sign in")
    dana.forgive("401")
