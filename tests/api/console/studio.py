"""Takes pictures of the console in a world that is the same each time."""

import io
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Self

from PIL import Image
from playwright.async_api import Browser, Page

from tests.api.console import winter
from tests.api.console.browser import Desk, desk
from tests.api.console.centre import Centre
from tests.api.console.chances import drawn_from
from tests.api.console.pictures import Picture
from tests.api.support import SettableClock
from tests.support.database import Postgres

ALIKE = (
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
)
"""What makes one Chromium draw as another does: no hinting or sub-pixels of the machine's own."""


PUBLIC = "https://centre.example"
"""Where links lead that a page shows: the port is another in each run."""


class Studio:
    """The winter's evening, and a browser that looks at it."""

    def __init__(self, postgres: Postgres, browser: Browser) -> None:
        self._postgres = postgres
        self._browser = browser
        self._clock = SettableClock()
        self._url = ""
        self._tokens: dict[str, str] = {}
        self._stack = AsyncExitStack()
        self._shared: Centre | None = None

    async def __aenter__(self) -> Self:
        folder = self._stack.enter_context(tempfile.TemporaryDirectory())
        self._key = f"{winter.key_file(Path(folder))}"
        self._url = self._postgres.create_database()
        first = Centre(self._url, self._clock, secret_key_file=self._key)
        self._tokens = await winter.winter(first, self._clock)
        await first.close()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    @asynccontextmanager
    async def _open(self, name: str) -> AsyncIterator[Centre]:
        """The centre over a copy of the world."""
        async with self._postgres.copy_of(self._url) as url:
            centre = Centre(url, self._clock, secret_key_file=self._key, public_url=PUBLIC)
            with drawn_from(name):
                await centre.start()
                try:
                    yield centre
                finally:
                    await centre.close()

    async def take(
        self,
        picture: Picture,
        *,
        style: str = "",
        before: str = "",
        look: Callable[[Page], Awaitable[None]] | None = None,
    ) -> Image.Image:
        """The picture as it is now.

        Args:
            picture: Which.
            style: Rules that are added to the page's, to see whether they are noticed.
            before: A script that changes the page, for the same.
            look: What else is looked at in the page.
        """

        async def changed(page: Page) -> None:
            if style:
                await page.evaluate(_ADOPT, style)
            if before:
                await page.evaluate(before)
            if look:
                await look(page)

        if picture.alone:
            async with self._open(picture.name) as centre:
                return await self._look(centre, picture, changed)
        if self._shared is None:
            self._shared = await self._stack.enter_async_context(self._open("shared"))
        return await self._look(self._shared, picture, changed)

    async def _look(
        self, centre: Centre, picture: Picture, changed: Callable[[Page], Awaitable[None]]
    ) -> Image.Image:
        options: dict[str, Any] = {
            "viewport": picture.size,
            "color_scheme": picture.scheme,
            "reduced_motion": "reduce",
        }
        async with desk(self._browser, centre.url, **options) as seat:
            if picture.who:
                token = self._tokens[picture.who]
                await seat.context.add_cookies(
                    [{"name": "telecare", "value": token, "url": centre.url}]
                )
            await seat.page.clock.set_fixed_time(winter.NOW)
            answer = await seat.page.goto(f"{centre.url}{picture.path}")
            assert answer is not None
            assert answer.status == picture.status, picture.path
            seat.page.set_default_timeout(20_000)
            await _live(seat)
            await picture.act(centre, seat)
            if centre.live.listening:
                await _live(seat)
            await changed(seat.page)
            return await _drawn(seat, whole=picture.whole)


# The pages' policy forbids styles in their text, and rightly.
_ADOPT = """rules => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = [sheet];
}"""


async def _live(seat: Desk) -> None:
    """Waits until the page is as live as it will be."""
    if await seat.page.evaluate(
        "Boolean(document.body.dataset.live && document.getElementById('live'))"
    ):
        await seat.live()


async def _drawn(seat: Desk, *, whole: bool) -> Image.Image:
    await seat.page.evaluate("document.fonts.ready")
    # The charts' canvases are drawn, and whatever moved has come to rest.
    await seat.page.evaluate(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    taken = await seat.page.screenshot(full_page=whole, animations="disabled", caret="hide")
    return Image.open(io.BytesIO(taken)).convert("RGB")
