"""A desk sees what it looks for, and is told at every moment what it does not see."""

import re
from datetime import UTC, datetime

import httpx
import pytest
from playwright.async_api import expect

from api.alerts.views import Queue
from api.console.views.narrowing import CONDITIONS, MINE, NOBODY, Narrow, asked, narrowed
from api.console.views.queue import queue_page
from api.services import Services
from contract import Condition, Severity
from tests.api.console import scenes
from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks
from tests.api.console.test_access import tab_to
from tests.api.console.test_evening import _SMALL_TARGETS, SMALL, sticking_out
from tests.api.console.test_views import NOW, TEXT, summary
from tests.api.support import PASSWORD, add_alert, add_device, add_user

pytestmark = pytest.mark.network
browsing = pytest.mark.asyncio(loop_scope="package")


@pytest.mark.parametrize(
    "typed",
    [
        {"lane": "<b>"}, {"handler": "dana"}, {"condition": "csrf_token"}, {"organisation": "2"},
        {"organisation": "9" * 5000}, {"else": "x"}, {},
    ],
)  # fmt: skip
def test_an_address_that_means_nothing_here_hides_nothing(typed: dict[str, str]) -> None:
    assert asked(typed, [1]) == Narrow()
    assert asked(typed, [1]).address == "/queue"


@pytest.mark.parametrize("lane", ["", *Severity])
@pytest.mark.parametrize("handler", ["", MINE, NOBODY])
@pytest.mark.parametrize("condition", ["", *sorted(CONDITIONS)[:2]])
@pytest.mark.parametrize("organisation", [0, 1])
def test_the_address_that_is_kept_shows_the_same(
    lane: str, handler: str, condition: str, organisation: int
) -> None:
    narrow = Narrow(str(lane), handler, str(condition), organisation)
    assert asked(httpx.URL(narrow.address).params, [1]) == narrow


def test_what_waits_beyond_those_read_is_not_passed_off_as_not_there() -> None:
    queue = Queue(urgent=[summary()], advisory=[], technical=[], total={"urgent": 41})
    whole = queue_page(queue, NOW, TEXT)
    page, left_out = narrowed(whole, whole, Narrow(condition="battery_low"), TEXT)
    assert left_out is not None
    assert left_out.urgent == page.lanes[0].left_out == 41
    assert (page.waiting, page.urgent) == (whole.waiting, whole.urgent)


async def test_who_looks_at_one_of_two_organisations_is_told_what_the_other_has(
    services: Services, client: httpx.AsyncClient
) -> None:
    await services.organisations.add("North")
    for number, home in ((1, "ours"), (2, "theirs")):
        device = await add_device(services, home, label=f"Flat {home}", organisation=number)
        await add_alert(services, device, severity="urgent")
    await add_user(services, "ann", organisations=[1, 2])
    await add_user(services, "bob", organisations=[1])
    await client.post("/sign-in", data={"username": "ann", "password": PASSWORD, "next": "/"})
    page = (await client.get("/queue?organisation=2")).text
    assert "Flat theirs" in page
    assert "Flat ours" not in page
    assert "Only these are shown: North" in page
    assert "1 urgent alert is not shown." in page
    assert 'data-urgent="2"' in page
    assert '<option value="2" selected>North' in page
    await client.post("/sign-in", data={"username": "bob", "password": PASSWORD, "next": "/"})
    page = (await client.get("/queue?organisation=2")).text
    assert "Flat ours" in page, "an organisation that is not theirs is no filter"
    assert "Flat theirs" not in page
    assert "North" not in page


async def two_alerts(centre: Centre) -> None:
    hub = await centre.hub("h1")
    await hub.send([scenes.alert("h1", Condition.POSSIBLE_FALL, datetime.now(UTC))])
    hub = await centre.hub("h2")
    await hub.send([scenes.alert("h2", Condition.BATTERY_LOW, datetime.now(UTC))])


@browsing
async def test_a_filter_holds_through_news_and_tells_of_each_urgent_alert_that_it_hides(
    centre: Centre, desks: Desks
) -> None:
    await two_alerts(centre)
    dana = await desks()
    page = dana.page
    await page.click("#filter-open")
    await page.select_option("#filter-lane", "technical")
    await page.click("#filter-look")
    await expect(page.locator("#alert-2")).to_be_visible()
    await expect(page.locator("#alert-1")).to_have_count(0)
    narrowed = page.locator("#narrowed")
    await expect(narrowed).to_contain_text("Only these are shown: Technical")
    await expect(narrowed.get_by_role("status")).to_contain_text("1 urgent alert is not shown.")
    await expect(page.locator("#lane-urgent .count")).to_have_text("1")
    await expect(page.locator("#lane-urgent")).not_to_contain_text("No urgent alerts")
    await expect(page).to_have_title(re.compile(r"^\(2\)"))

    await dana.live()
    hub = await centre.hub("h3")
    await hub.send([scenes.alert("h3", Condition.HELP_BUTTON, datetime.now(UTC))])
    await expect(narrowed).to_contain_text("2 urgent alerts are not shown.")
    await expect(page).to_have_title(re.compile(r"^\(3\)"))
    await expect(page.locator("#live")).to_have_attribute("data-urgent", "2")
    await expect(page.locator("#alert-3")).to_have_count(0)

    await page.click("#show-all")
    await expect(page.locator("#alert-1")).to_be_visible()
    await expect(page.locator("#alert-3")).to_be_visible()
    await expect(narrowed).to_have_count(0)


@browsing
async def test_what_is_mine_and_what_is_nobodys_are_told_apart(
    centre: Centre, desks: Desks
) -> None:
    await two_alerts(centre)
    await centre.act("dana", "claim", 1)
    dana, sam = await desks(), await desks("sam")
    for desk, handler, shown in (
        (dana, "mine", ["alert-1"]), (sam, "mine", []),
        (dana, "nobody", ["alert-2"]), (sam, "nobody", ["alert-2"]),
    ):  # fmt: skip
        await desk.go(f"/queue?handler={handler}")
        found = await desk.page.eval_on_selector_all(".card", "all => all.map((one) => one.id)")
        assert found == shown, (desk, handler)
        await expect(desk.page.locator("#show-all")).to_be_visible()


@browsing
async def test_without_script_a_filter_works_and_no_view_is_offered(
    centre: Centre, desks: Desks
) -> None:
    await two_alerts(centre)
    dana = await desks("dana", java_script_enabled=False)
    page = dana.page
    await page.click("#filter-open")
    await expect(page.locator("#views")).to_be_hidden()
    await expect(page.locator("#show-keys")).to_be_hidden()
    await page.select_option("#filter-condition", "battery_low")
    await page.click("#filter-look")
    await expect(page.locator(".card")).to_have_count(1)
    await expect(page.locator("#again")).to_have_attribute("href", "/queue?condition=battery_low")
    await expect(page.locator("#narrowed")).to_contain_text("1 urgent alert is not shown.")


@browsing
async def test_a_desk_names_a_filter_comes_back_to_it_and_forgets_it(
    centre: Centre, desks: Desks
) -> None:
    await two_alerts(centre)
    dana = await desks()
    page = dana.page
    await dana.go("/queue?lane=technical&handler=nobody")
    await page.click("#filter-open")
    await page.fill("#view-name", "<i>Repairs</i>")
    await page.press("#view-name", "Enter")
    await expect(page.locator("#views")).to_contain_text("Saved in this browser.")
    await dana.go("/queue")
    await page.click("#view-links a")
    await expect(page).to_have_url(re.compile(r"/queue\?lane=technical&handler=nobody$"))
    await expect(page.locator("#view-links [aria-current=page]")).to_have_text("<i>Repairs</i>")
    await page.click("#filter-open")
    found = await dana.axe("a filter, a saved view")
    await page.set_viewport_size(SMALL)  # type: ignore[arg-type]  # a width and a height
    found += await sticking_out(page, "a filter")
    assert found + await page.evaluate(_SMALL_TARGETS) == []
    await page.get_by_role("button", name="Forget <i>Repairs</i>").click()
    await expect(page.locator("#filter-open")).to_be_focused()
    await expect(page.locator("#view-links a")).to_have_count(0)


@browsing
async def test_the_keys_are_shown_and_can_be_switched_off(centre: Centre, desks: Desks) -> None:
    await two_alerts(centre)
    dana = await desks()
    page = dana.page
    await dana.live()
    keys = page.locator("#keys")
    await page.keyboard.press("?")
    await expect(keys).to_be_visible()
    await expect(keys).to_contain_text("Goes to the next alert")
    assert await dana.axe("keys") == []
    await page.keyboard.press("Escape")
    await expect(keys).to_be_hidden()
    for key, at in (("j", "open-1"), ("j", "open-2"), ("j", "open-2"), ("k", "open-1")):
        await page.keyboard.press(key)
        await expect(page.locator(f"#{at}")).to_be_focused()
    await page.keyboard.press("f")
    await expect(page.locator("#filter-lane")).to_be_focused()
    await tab_to(page, "filter-look")

    await page.click("#show-keys")
    await page.uncheck("#keys-on")
    await page.click("#close-keys")
    await dana.go("/queue")
    await page.keyboard.press("?")
    await page.keyboard.press("j")
    await expect(keys).to_be_hidden()
    await expect(page.locator("#open-1")).not_to_be_focused()
