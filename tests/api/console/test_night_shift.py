"""The worst night: 40 people alert, a network is down, the centre dies, a colleague goes home.

Three operators work at three browsers through the pages alone, each with what the queue puts first.
In the end nobody was called by two, nobody was forgotten, and what was urgent came first.
"""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime

import asyncpg
import pytest
from playwright.async_api import Locator, expect
from playwright.async_api import TimeoutError as NotInTime

from contract import Condition
from tests.api.console import scenes
from tests.api.console.browser import Desk
from tests.api.console.centre import Centre, Hub
from tests.api.console.conftest import Desks
from tests.api.console.test_link import AWAY

pytestmark = [pytest.mark.network, pytest.mark.asyncio(loop_scope="package")]

QUIET = 8
TWICE = "home-000"
"""Whose button is pressed while somebody else's alert about the same home is open."""
BANNER_MS, BACK_MS = 15_000, 5_000
MINE = ".card.held:has(.handler.mine)"


class Operator:
    """Works as the pages say: takes the first that waits, calls unless somebody has, ends it."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.page = desk, desk.page

    async def queue(self) -> None:
        await self.desk.go("/queue")
        await self.desk.live()

    async def take(self) -> bool:
        """Claims the first that waits; whether anything did. A colleague may be quicker."""
        while True:
            await self.queue()
            first = self.page.locator(".card.waiting button").first
            if not await first.count():
                return False
            try:
                await first.click(timeout=2000, trial=True)
                # What is pressed is waited for: a busy centre may take longer than to find a card.
                await first.click(timeout=20_000)
            except NotInTime:
                continue  # somebody has it now, and the page shows that
            if "You have this alert now" in await self.page.inner_text("#notice"):
                return True

    async def call(self, result: str) -> None:
        """Writes down a call, unless the page says that there was one."""
        if "Next" not in await self.page.inner_text("#step-1"):
            return
        await self.page.select_option("#attempt-result", result)
        await self.page.click("#attempt")
        await expect(self.page.locator("#notice")).to_have_text("That is written down")

    async def end(self) -> None:
        if await self.page.locator("#look").count():
            await self.page.click("#look")
        await self.call("answered")
        await self.page.get_by_label("A real concern").check()
        await self.page.click("#resolve")
        await expect(self.page.locator("#notice")).to_have_text("This alert is ended")

    async def work(self, alerts: int | None = None) -> None:
        """Until nothing waits, or so many are ended."""
        ended = 0
        while ended != alerts and await self.take():
            await self.end()
            ended += 1
        await self.finish()

    async def finish(self) -> None:
        """Ends what came along with another alert of the same home."""
        while True:
            await self.queue()
            mine = self.page.locator(f"{MINE} .card-title a").first
            if not await mine.count():
                return
            await mine.click()
            await self.end()

    async def go_home(self, mates: list[str]) -> None:
        """Offers what is in hand to the colleagues in turn, and gives the last back."""
        await self.queue()
        mine = await self.page.locator(f"{MINE} .card-title a").evaluate_all(
            "links => links.map((link) => link.getAttribute('href'))"
        )
        *offered, last = mine
        for number, alert in enumerate(offered):
            await self.desk.go(f"{alert}/steps")
            await self.page.select_option("#offer-to", label=mates[number % len(mates)])
            await self.page.click("#offer")
            await expect(self.page.locator("#notice")).to_have_text("That is done")
        await self.desk.go(last)
        await self.page.click("#release")
        await self.page.get_by_role("button", name="Sign out").click()

    async def accept(self) -> None:
        """Takes over what a colleague who goes home offers."""
        await self.queue()
        offers = self.page.locator(".card.held", has_text="offered").locator(".card-title a")
        for address in await offers.evaluate_all("all => all.map((a) => a.getAttribute('href'))"):
            await self.desk.go(address)
            if await self.page.locator("#accept").count():
                await self.page.click("#accept")
                await self.end()


async def network_down(centre: Centre) -> list[Hub]:
    """Several homes are not heard any more, all at once."""
    hubs = [await centre.hub(f"quiet-{number}") for number in range(QUIET)]
    await together(*(hub.beat() for hub in hubs))
    await centre.fall_silent(20)
    return hubs


async def together(*doing: Awaitable[object]) -> None:
    await asyncio.gather(*doing)


async def hears_nothing(one: Operator) -> None:
    """The page says so, and nothing that is pressed on it is done."""
    await expect(one.page.locator("#banner")).to_be_visible(timeout=BANNER_MS)
    button: Locator = one.page.locator(".card.waiting button").first
    await expect(button).to_have_attribute("aria-disabled", "true")
    await button.focus()
    await one.page.keyboard.press("Enter")
    await expect(one.page.locator("#say-now")).to_contain_text("Not done.")


async def is_back(one: Operator) -> None:
    await one.page.wait_for_selector("html[data-link=live]", state="attached", timeout=BACK_MS)
    await expect(one.page.locator("#banner")).to_be_hidden()


@pytest.mark.parametrize("people", [15, pytest.param(40, marks=pytest.mark.slow)])
async def test_on_the_worst_night_nobody_is_called_twice_and_nobody_is_forgotten(
    centre: Centre, desks: Desks, migrated_url: str, people: int
) -> None:
    quiet = await network_down(centre)
    now = datetime.now(UTC)
    for alert in scenes.storm(now, people):
        pressed = [scenes.alert(TWICE, Condition.HELP_BUTTON, now)] * (alert.home == TWICE)
        await (await centre.hub(alert.home, alert.home)).send([alert, *pressed])
    await centre.add_staff(kim="Third Operator")
    dana, sam, kim = [Operator(await desks(name)) for name in ("dana", "sam", "kim")]
    three = (dana, sam, kim)

    await expect(
        dana.page.locator("#lane-technical .card", has_text="Several homes")
    ).to_have_count(1)
    await together(*(one.work(people // 10) for one in three))

    await together(*(one.queue() for one in three))
    await centre.stop()
    await together(*map(hears_nothing, three))
    await centre.start()
    await together(*map(is_back, three))
    await together(*(hub.beat() for hub in quiet))  # or each would be told once theirs is ended
    await centre.look_for_silence()

    for _ in range(3):  # and then it is the end of Sam's shift
        assert await sam.take()
        await sam.call("no_answer")
    await dana.desk.go("/hand-over")
    await expect(dana.page.locator("main")).to_contain_text("Second Operator")
    await sam.go_home(["First Operator", "Third Operator"])
    await together(dana.accept(), kim.accept())
    await together(dana.work(), kim.work())

    await dana.queue()
    await expect(dana.page.locator(".card")).to_have_count(0)
    for one in three:
        one.desk.forgive(*AWAY)
    sam.desk.forgive("401")  # of a page that asked for news while he signed out
    await check(migrated_url, people)


async def check(migrated_url: str, people: int) -> None:
    """What became of it, by what the database kept."""
    connection = await asyncpg.connect(migrated_url)
    try:
        left = await connection.fetchval("select count(*) from alert where state <> 'resolved'")
        assert left == 0, "somebody was forgotten"
        alerts = await connection.fetchval("select count(*) from alert")
        assert alerts == people + 2, "one pressed a button as well, and the network is one alert"
        called = await connection.fetch(
            "select coalesce(a.home, 'the network') as whom, count(distinct t.staff) as by, "
            "count(*) - count(distinct a.id) as again, count(distinct a.id) as alerts "
            "from response_attempt t join alert a on a.id = t.alert group by 1"
        )
        assert sum(row["alerts"] for row in called) == alerts, "somebody was not called"
        assert [dict(row) for row in called if row["by"] > 1 or row["again"]] == []
        ended = await connection.fetch(
            "select alert, count(*) as n from alert_history where action = 'resolve' group by alert"
        )
        assert {row["n"] for row in ended} == {1}
        late = await connection.fetch(
            "select u.id as urgent, v.id as other from alert u, alert v "
            "where u.severity = 'urgent' and v.severity <> 'urgent' and "
            "(select min(at) from alert_history where alert = u.id and after = 'claimed') > "
            "(select min(at) from alert_history where alert = v.id and after = 'claimed')"
        )
        assert late == [], "what was urgent came first"
    finally:
        await connection.close()
