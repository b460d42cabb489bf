"""Takes the pictures of the console that the documentation shows.

    python -m tests.api.console.screenshots [FOLDER]

Writes small PNG files into `docs/images/` (or FOLDER): each page on an ordinary evening, in light,
and the states that words alone do not convey.
"""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from contract import SensorHealth
from tests.api.console import worlds
from tests.api.console.browser import Desk, chromium, desk
from tests.api.console.centre import Centre
from tests.support.database import Postgres

IMAGES = Path(__file__).parent.parent.parent.parent / "docs" / "images"

LAPTOP = {"width": 1366, "height": 768}
TALL = {"width": 1366, "height": 1120}
WALL = {"width": 1920, "height": 1080}
PHONE = {"width": 390, "height": 844}


async def as_it_is(_: Centre, dana: Desk) -> None:
    """Nothing done."""


async def claimed(_: Centre, dana: Desk) -> None:
    """Dana has the alert."""
    await dana.page.click("#claim")
    await dana.page.wait_for_selector("#notice")


async def some_handled(centre: Centre, _: Desk) -> None:
    """Two alerts have a handler."""
    await centre.act("dana", "claim", 4)
    await centre.act("sam", "claim", 7)


async def too_late(centre: Centre, dana: Desk) -> None:
    """Dana presses the button just after Sam."""
    await dana.page.route("**/alerts/5", lambda route: route.fulfill(status=204))
    await centre.act("sam", "claim", 5)
    await dana.page.unroute("**/alerts/5")
    await dana.page.click("#claim")
    await dana.page.wait_for_selector("#notice")


async def link_lost(centre: Centre, dana: Desk) -> None:
    """The database is not heard any more."""
    centre.live.lost()
    await dana.page.wait_for_selector("html[data-link=lost]")


async def fitting(centre: Centre, ivy: Desk) -> None:
    """Ivy has walked past two of the sensors of a home that she fits."""
    now = datetime.now(UTC)
    fitted = [("bathroom-pir", "motion", "bathroom"), ("door", "opening", "front_door"),
              ("kettle-plug", "appliance", "kettle")]  # fmt: skip
    hub = await centre.hub("flat-12", "Flat 12, Mill Lane")
    await hub.fares(
        *(SensorHealth(sensor=one, kind=kind, place=place, last_seen=now, battery=92.0)
          for one, kind, place in fitted)
    )  # fmt: skip
    await ivy.go("/fitting/flat-12")
    await ivy.live()
    await ivy.page.click("#walk")
    await hub.answer("under_way", "Set off each sensor.")
    for sensor in fitted[:2]:
        await hub.hears(*sensor)
    await ivy.page.wait_for_selector("#tick-door[data-ticked=yes]")
    await ivy.page.evaluate("document.getElementById('walk-step').scrollIntoView()")


class Picture(NamedTuple):
    """One picture: its file's name, the page, what is done first, and how it is looked at."""

    name: str
    path: str
    act: Callable[[Centre, Desk], Awaitable[None]] = as_it_is
    size: dict[str, int] = LAPTOP
    scheme: str = "light"
    whole: bool = False
    who: str = "dana"


PICTURES = (
    # A claim takes a home's other alerts along: what nobody has yet comes first.
    Picture("alert", "/alerts/1", size=TALL),
    Picture("alert-dark", "/alerts/6", size=WALL, scheme="dark"),
    Picture("alert-phone", "/alerts/6", size=PHONE),
    Picture("alert-conflict", "/alerts/5", too_late),
    Picture("alert-claimed", "/alerts/1", claimed),
    Picture("queue", "/queue", some_handled),
    Picture("queue-dark", "/queue", scheme="dark"),
    Picture("queue-phone", "/queue", size=PHONE),
    Picture("home", "/homes/home-1", whole=True),
    Picture("homes", "/homes"),
    Picture("hand-over", "/hand-over", whole=True),
    Picture("wallboard", "/wallboard", size=WALL),
    Picture("shift", "/shift", whole=True, who="sue"),
    Picture("queue-not-live", "/queue", link_lost),
    Picture("fitting-phone", "/homes", fitting, size=PHONE, who="ivy"),
)


async def take(folder: Path) -> None:
    """Takes all pictures."""
    with tempfile.TemporaryDirectory() as data, Postgres(Path(data) / "postgres") as postgres:
        centre = Centre(postgres.create_database())
        await centre.start()
        try:
            await centre.add_staff(**worlds.STAFF)
            await centre.add_staff_as("supervisor", sue="A Supervisor")
            await centre.add_staff_as("installer", ivy="An Installer")
            await worlds.evening(centre)
            await centre.act("sam", "release", 1)  # came to Sam with the home's earlier ones
            async with chromium() as browser:
                async with desk(browser, centre.url, viewport=LAPTOP) as nobody:
                    await nobody.go("/sign-in")
                    await _save(nobody, folder / "sign-in.png")
                for picture in PICTURES:
                    options: dict[str, Any] = {
                        "viewport": picture.size,
                        "color_scheme": picture.scheme,
                        "reduced_motion": "reduce",
                    }
                    async with desk(browser, centre.url, **options) as dana:
                        await dana.sign_in(picture.who, picture.path)
                        if picture.path != "/hand-over":  # which is as it was made
                            await dana.live()
                        await picture.act(centre, dana)
                        await _save(dana, folder / f"{picture.name}.png", whole=picture.whole)
        finally:
            await centre.close()


async def _save(seat: Desk, file: Path, *, whole: bool = False) -> None:
    await seat.page.evaluate("document.fonts.ready")
    await seat.page.wait_for_timeout(150)  # the charts' canvases have been drawn
    image = await seat.page.screenshot(path=file, full_page=whole)
    sys.stdout.write(f"{file.name}: {len(image) // 1024} KB\n")


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES))
