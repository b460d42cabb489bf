"""An installer fits a home with a telephone: a real hub, and a line that is not always there."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
from playwright.async_api import Browser, Page, expect

from contract import SensorHealth
from tests.api.console.browser import Desk, desk
from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks
from tests.gateway.household import Household
from tests.support.broker import Mosquitto
from tests.support.program import run

pytestmark = [
    pytest.mark.network,
    pytest.mark.timeout(180),
    pytest.mark.asyncio(loop_scope="package"),
]

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
SLOW_MS = 30_000
"""A hub's process starts within this, also beside other tests."""


class Line:
    """A telephone's way to the centre, which drops as in a cellar."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: set[asyncio.StreamWriter] = set()
        self._down = False
        self.url = ""

    def drop(self) -> None:
        self._down = True
        for writer in self._open:
            writer.transport.abort()

    def back(self) -> None:
        self._down = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one connection to its end."""
        if self._down:
            writer.transport.abort()
            return
        there, on = await asyncio.open_connection("127.0.0.1", self._port)
        self._open |= {writer, on}
        try:
            await asyncio.gather(_pump(reader, on), _pump(there, writer))
        except ConnectionError:
            pass
        finally:
            self._open -= {writer, on}
            on.close()
            writer.close()


async def _pump(reader: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        to.write(data)
        await to.drain()
    to.close()


@asynccontextmanager
async def line_to(centre: Centre) -> AsyncIterator[Line]:
    line = Line(centre.port)
    async with await asyncio.start_server(line.serve, "127.0.0.1", 0) as server:
        line.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield line
        line.drop()


@pytest.fixture
def household(tmp_path: Path, broker: Mosquitto, centre: Centre) -> Iterator[Household]:
    """A hub fresh from its box; nobody has claimed it."""
    made = Household(tmp_path / "hub", port=broker.port, centre=centre.url, clock="wall")
    yield made
    made.program.stop()


async def claim(household: Household, hub: str, home: str, code: str) -> None:
    """Types the code on the hub and starts it, with what else stands on the sheet."""
    text = household.path.read_text().replace("hub-1", hub).replace('"h1"', f'"{home}"')
    household.path.write_text(text)
    await asyncio.to_thread(
        run, "telecare-gateway", "claim", code, "--settings", household.path
    )  # beside the centre, which answers from this loop
    household.program.start()


async def say(broker: Mosquitto, device: str, **said: Any) -> None:
    async with aiomqtt.Client(broker.host, broker.port) as devices:
        await devices.publish(f"zigbee2mqtt/{device}", json.dumps(said), qos=1)


async def sheet(seat: Desk, home: str) -> tuple[str, str]:
    """Has a place made for the home's hub; the hub's name and the code that is on the sheet."""
    await seat.go("/places")
    await seat.page.fill("#home", home)
    await seat.page.click("#add")
    title = await seat.page.inner_text("h1")
    return re.findall(r"hub-\w+", title)[0], await seat.page.inner_text("#code")


async def fits(page: Page) -> None:
    """Nothing stands out at the side, and whatever is pressed is as large as a thumb."""
    for width in (320, 390):
        await page.set_viewport_size({"width": width, "height": 700})
        wide: int = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
    small: list[str] = await page.evaluate(
        "Array.from(document.querySelectorAll('#live :is(a, button, select, summary, .choice)'))"
        ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43)"
        ".map(e => e.id || e.textContent)"
    )
    assert small == []


async def test_a_hub_is_claimed_and_walked_to_and_a_line_that_drops_costs_nothing(
    centre: Centre, browser: Browser, household: Household, broker: Mosquitto
) -> None:
    await centre.add_staff_as("installer", ivy="An Installer")
    async with line_to(centre) as line, desk(browser, line.url, **PHONE) as ivy:
        await ivy.sign_in("ivy", "/homes")
        found = await goes_online(ivy, household)
        found += await walks(ivy, broker, line)
        found += await tries(ivy)
        found += await signs_off(ivy)
        assert found == []
        ivy.forgive("ERR_")  # while the line was down
        assert ivy.complaints == []


async def goes_online(ivy: Desk, household: Household) -> list[str]:
    """From the sheet with the code to a hub that speaks; what axe finds on the way."""
    page = ivy.page
    hub, code = await sheet(ivy, "h17")
    await page.click("#fitting-link")
    await ivy.live()
    await expect(page.locator("#hub-step")).to_contain_text("Waits for its hub.")
    found = await ivy.axe("fitting, waits")
    await fits(page)
    await claim(household, hub, "h17", code)
    online = page.locator("#hub-step")
    await expect(online).to_contain_text("The hub came online", timeout=SLOW_MS)
    await expect(page.locator("#tick-front-door")).to_contain_text("Not heard yet")
    return found


async def walks(ivy: Desk, broker: Mosquitto, line: Line) -> list[str]:
    """Past the door and, while the telephone's line is down, into the bathroom."""
    page = ivy.page
    await ivy.live()
    await page.select_option("#minutes", "30")
    await page.click("#walk")
    await expect(page.locator("#notice")).to_be_focused()
    await expect(page.locator("#walk-said")).to_contain_text("goes on until", timeout=SLOW_MS)
    await say(broker, "front-door", contact=True)  # how it stands: nobody opened it yet
    await say(broker, "front-door", contact=False)
    await expect(page.locator("#tick-front-door")).to_contain_text("Heard once")
    found = await ivy.axe("fitting, walk test")
    await ivy.live()
    line.drop()
    await expect(page.locator("#banner")).to_be_visible()
    await expect(page.locator("#end")).to_have_attribute("aria-disabled", "true")
    found += await ivy.axe("fitting, not live")
    await say(broker, "bathroom-motion", occupancy=True)
    line.back()
    await ivy.live()
    await expect(page.locator("#tick-bathroom-motion")).to_contain_text("Heard once")
    await expect(page.locator("#walk-step")).to_have_attribute("data-state", "done")
    await page.click("#end")
    await expect(page.locator("#walk-said")).to_contain_text("goes on until")
    await expect(page.locator("#end")).to_have_count(0)
    await fits(page)
    return [*found, *await ivy.axe("fitting, walked")]


async def tries(ivy: Desk) -> list[str]:
    """A test alert of the real hub, seen to arrive; and a contact who answers."""
    page = ivy.page
    await ivy.live()
    await expect(page.locator("#sensors-step")).to_have_attribute("data-state", "done")
    await page.click("#test")
    arrived = page.locator("#test-said")
    await expect(arrived).to_contain_text("arrived at the centre", timeout=SLOW_MS)
    await ivy.live()
    await page.check("#answered-first")
    async with page.expect_response(re.compile("/fitting/")):
        await page.evaluate("htmx.trigger(document.getElementById('live'), 'telecare:refetch')")
    await expect(page.locator("#answered-first")).to_be_checked()
    await page.click("#call")
    await expect(page.locator("#call-said")).to_contain_text("The contact who is called first")
    return await ivy.axe("fitting, tried")


async def signs_off(ivy: Desk) -> list[str]:
    """What is chosen outlives what the hub says meanwhile; then the certificate."""
    page = ivy.page
    await ivy.live()
    await page.check("#sure")
    async with page.expect_response(re.compile("/fitting/")):
        await page.evaluate("htmx.trigger(document.getElementById('live'), 'telecare:refetch')")
    await expect(page.locator("#sure")).to_be_checked()
    await page.click("#sign")
    await expect(page.locator("#notice")).to_have_text("The fitting is signed off")
    await expect(page.locator("#progress")).to_have_text("Every step is done.")
    found = await ivy.axe("fitting, signed off")
    await fits(page)
    await page.click("#certificate")
    await expect(page.locator("h1")).to_have_text("Certificate of fitting: h17")
    found += await ivy.axe("certificate")
    await fits(page)
    await page.emulate_media(media="print")
    await expect(page.locator("#back")).to_be_hidden()
    await expect(page.locator(".top")).to_be_hidden()
    await expect(page.locator("#scroll-sensors")).to_contain_text("bathroom-motion")
    await page.emulate_media(media="screen")
    return found


async def test_a_hub_without_sensors_is_given_its_first_from_the_telephone_and_hears_it(
    centre: Centre, desks: Desks, household: Household, broker: Mosquitto
) -> None:
    await centre.add_staff_as("installer", ivy="An Installer")
    ivy = await desks("ivy", "/homes", **PHONE)
    page = ivy.page
    hub, code = await sheet(ivy, "h17")
    bare = household.path.read_text().partition("[[sensors]]")[0]
    household.path.write_text(bare)
    await claim(household, hub, "h17", code)
    await ivy.go("/fitting/h17")
    await page.click("#add-sensor summary", timeout=SLOW_MS)
    await ivy.live()
    await page.fill("#name-new", "hall-pir")
    async with page.expect_response(re.compile("/fitting/")):
        await page.evaluate("htmx.trigger(document.getElementById('live'), 'telecare:refetch')")
    await expect(page.locator("#name-new")).to_have_value("hall-pir")
    await page.fill("#place-new", "The hall!")
    found = await ivy.axe("fitting, a sensor")
    await fits(page)
    await page.click("#save-new")
    await expect(page.locator("#notice")).to_contain_text("Type the room or thing")
    async with page.expect_response(re.compile("/fitting/")):
        await page.evaluate("htmx.trigger(document.getElementById('live'), 'telecare:refetch')")
    await expect(page.locator("#place-new")).to_have_value("The hall!")
    await expect(page.locator("#name-new")).to_have_value("hall-pir")
    await page.fill("#place-new", "Hallway")
    await page.click("#save-new")
    await expect(page.locator("#notice")).to_contain_text("The sensor is listed.")
    heard = page.locator("#sensor-hall-pir")
    await expect(heard).to_contain_text("Hallway: movement", timeout=SLOW_MS)
    await expect(heard).to_contain_text("Never heard.")
    await expect(page.locator("#standing")).to_have_count(0)
    await say(broker, "hall-pir", occupancy=True)
    again = page.locator("#sensor-hall-pir:has-text('Last heard')")
    await expect(again).to_be_visible(timeout=2 * SLOW_MS)
    found += await ivy.axe("fitting, the sensor is heard")
    assert found == []
    ivy.forgive("422")


async def test_without_script_every_step_is_taken_and_loading_again_shows_the_rest(
    centre: Centre, desks: Desks
) -> None:
    await centre.add_staff_as("installer", ivy="An Installer")
    hub = await centre.hub("h17", "Flat 12")
    await hub.fares(SensorHealth(sensor="bathroom-pir", kind="motion", place="bathroom"))
    ivy = await desks("ivy", "/fitting/h17", java_script_enabled=False, **PHONE)
    page = ivy.page
    await expect(page.get_by_text("does not update itself")).to_be_visible()
    await page.click("#walk")
    await expect(page.locator("#notice")).to_have_text("The walk test begins")
    await hub.answer("under_way", "Set off each sensor.")
    await hub.hears("bathroom-pir", "motion", "bathroom")
    await expect(page.locator("#tick-bathroom-pir")).to_contain_text("Not heard yet")
    await page.click("#again")
    await expect(page.locator("#tick-bathroom-pir")).to_contain_text("Heard once")
    await page.click("#end")
    await expect(page.locator("#notice")).to_have_text("The walk test ends within a minute")
    await page.click("#test")
    await expect(page.locator("#test-said")).to_contain_text("not asked of the hub yet")
    await page.check("#answered-nobody")
    await page.click("#call")
    await expect(page.locator("#call-said")).to_contain_text("Nobody")
    await page.check("#sure")
    await page.click("#sign")
    await expect(page.locator("#notice")).to_contain_text("Choose why it is signed off so.")
    await expect(page.locator("#sure")).to_be_checked()
    await page.select_option("#why", "stopped")
    await page.click("#sign")
    await expect(page.locator("#notice")).to_have_text("The fitting is signed off")
    await page.click("#certificate")
    await expect(page.locator("h1")).to_have_text("Certificate of fitting: h17")
    ivy.forgive("422")
