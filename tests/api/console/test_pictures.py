"""The handbook shows the pages as they are, and nobody changes how one looks unawares."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Page
from pytest_socket import enable_socket, socket_allow_hosts

from tests.api.console.browser import chromium, chromium_binary
from tests.api.console.compare import compare
from tests.api.console.pictures import PICTURES, Picture
from tests.api.console.screenshots import IMAGES
from tests.api.console.studio import ALIKE, Studio
from tests.conftest import ROOT, missing
from tests.support.database import Postgres

pytestmark = [
    pytest.mark.network,
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(300),
]

FOUND = ROOT / ".cache" / "pictures"
"""What was seen where a picture does not fit."""
QUICK = {
    "sign-in", "queue", "queue-dark", "queue-phone", "alert", "alert-phone", "home", "wallboard",
    "shift", "hub", "fitting", "reports",
}  # fmt: skip
"""Those that every run takes again; the others with the slow tests."""
NAMED = {picture.name: picture for picture in PICTURES}


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def studio(postgres: Postgres) -> AsyncIterator[Studio]:
    if chromium_binary() is None:
        missing("Chromium", "install the package `chromium`")
    enable_socket()
    socket_allow_hosts(["127.0.0.1", "localhost"], allow_unix_socket=True)
    async with chromium(*ALIKE) as browser, Studio(postgres, browser) as opened:
        yield opened


def committed(picture: Picture) -> Image.Image:
    return Image.open(IMAGES / f"{picture.name}.png").convert("RGB")


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(one, id=one.name, marks=() if one.name in QUICK else pytest.mark.slow)
        for one in PICTURES
    ],
)
async def test_a_page_looks_as_its_picture_shows_it(studio: Studio, picture: Picture) -> None:
    actual, expected = await studio.take(picture), committed(picture)
    verdict = compare(expected, actual)
    if not verdict.same:
        FOUND.mkdir(parents=True, exist_ok=True)
        for what, image in (
            ("expected", expected), ("actual", actual), ("difference", verdict.difference),
        ):  # fmt: skip
            image.save(FOUND / f"{picture.name}-{what}.png")
        left, top = verdict.where
        pytest.fail(
            f"{picture.name} looks otherwise, most of all {left} px from the left and {top} px "
            f"from the top ({verdict.most} changed, {verdict.tinted} tinted). See {FOUND}. Where "
            f"that was meant: make screenshots"
        )


PLANTED = {
    "a button that moved": ("queue", "#claim-16 { transform: translateX(5px) }"),
    "a table that is lost": ("shift", ".kept-hours table { display: none }"),
    "a column that is lost": ("home", ".home-sensors td:last-child { visibility: hidden }"),
    "a sign in a wrong colour": ("queue", ".sign.urgent { color: #1b6540 }"),
    "a panel in a wrong colour": ("alert-dark", ":root { --surface: #22303a }"),
    "letters too pale to read": ("hand-over", ":root { --ink-soft: #a9b4ba }"),
}


@pytest.mark.parametrize("what", PLANTED)
async def test_a_change_that_somebody_would_see_is_told(studio: Studio, what: str) -> None:
    name, style = PLANTED[what]
    verdict = compare(committed(NAMED[name]), await studio.take(NAMED[name], style=style))
    assert not verdict.same, verdict[:3]


async def test_a_page_that_lost_or_gained_a_line_is_told(studio: Studio) -> None:
    picture = NAMED["hand-over"]
    line = "document.querySelector('.lines li')"
    for script in (f"{line}.remove()", f"{line}.after({line}.cloneNode(true))"):
        assert not compare(committed(picture), await studio.take(picture, before=script)).same


@pytest.mark.parametrize("name", ["queue", "wallboard", "fitting"])
async def test_letters_drawn_otherwise_by_another_machine_are_no_change(
    studio: Studio, name: str
) -> None:
    bolder = "* { -webkit-text-stroke: 0.2px }"
    verdict = compare(committed(NAMED[name]), await studio.take(NAMED[name], style=bolder))
    assert verdict.same, verdict[:3]


@pytest.mark.slow
async def test_another_hinting_is_no_change(postgres: Postgres) -> None:
    enable_socket()
    socket_allow_hosts(["127.0.0.1", "localhost"], allow_unix_socket=True)
    other = ("--font-render-hinting=full", "--enable-lcd-text", "--hide-scrollbars")
    async with chromium(*other) as browser, Studio(postgres, browser) as studio:
        for name in ("queue", "alert-dark", "fitting"):
            verdict = compare(committed(NAMED[name]), await studio.take(NAMED[name]))
            assert verdict.same, (name, verdict[:3])


@pytest.mark.parametrize("name", ["queue", "erase", "shift"])
async def test_a_page_needs_no_font_of_the_machine(studio: Studio, name: str) -> None:
    found: set[str] = set()

    async def read(page: Page) -> None:
        found.update(await fonts_of(page))

    await studio.take(NAMED[name], look=read)
    assert found == {"Atkinson Hyperlegible Next"}


async def fonts_of(page: Page) -> set[str]:
    """The families of which the page's letters are."""
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("DOM.enable")
    await devtools.send("CSS.enable")
    root: dict[str, Any] = await devtools.send("DOM.getDocument", {"depth": -1})
    body = await devtools.send(
        "DOM.querySelectorAll", {"nodeId": root["root"]["nodeId"], "selector": "body *"}
    )
    families = set()
    for node in body["nodeIds"]:
        used = await devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node})
        families |= {font["familyName"] for font in used["fonts"]}
    return families
