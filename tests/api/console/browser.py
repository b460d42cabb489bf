"""The system's Chromium, watched: whatever it complains of fails the test."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

from api.console.assets.build import AXE
from tests.api.console.centre import PASSWORD

_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium_binary() -> str | None:
    """Where Chromium is, or None where it is not installed."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


@asynccontextmanager
async def chromium(*arguments: str) -> AsyncIterator[Browser]:
    """A running Chromium; `arguments` besides those that it is always given."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_binary(),
            args=[*_ARGUMENTS, *arguments],
            env={**os.environ, "LANGUAGE": "en_US"},  # how it writes an empty date, say
        )
        try:
            yield browser
        finally:
            await browser.close()


class Desk:
    """One operator's browser.

    Attributes:
        complaints: What the browser's console said of errors and broken policy and the test did
            not forgive.
    """

    def __init__(self, context: BrowserContext, page: Page, url: str) -> None:
        self.context = context
        self.page = page
        self.url = url
        self._heard: list[str] = []
        self._forgiven: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._heard.append(f"page error: {error}"))

    @property
    def complaints(self) -> list[str]:
        return [said for said in self._heard if not any(word in said for word in self._forgiven)]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._heard.append(f"{message.type}: {message.text}")

    def forgive(self, *words: str) -> None:
        """Passes over complaints that the test itself provokes, such as of a server that is away.

        Also over those still to come: a page goes on asking such a server until it is closed.
        """
        self._forgiven += words

    async def go(self, path: str) -> None:
        """Opens a page of the console."""
        await self.page.goto(f"{self.url}{path}")

    async def sign_in(self, username: str, path: str = "/queue") -> None:
        """Signs in and comes to `path`."""
        await self.go(f"/sign-in?next={path}")
        await self.page.fill("#username", username)
        await self.page.fill("#password", PASSWORD)
        await self.page.click("#sign-in")
        await self.page.wait_for_url(f"{self.url}{path}")

    async def live(self) -> None:
        """Waits until the page says that it is live."""
        await self.page.wait_for_selector("html[data-link=live]", state="attached")

    async def axe(self, state: str) -> list[str]:
        """What axe finds wrong with the page in light and in dark, one line each."""
        await self.page.evaluate(AXE.read_text("utf-8"))
        found = []
        for scheme in _SCHEMES:
            await self.page.emulate_media(color_scheme=scheme)
            wrong: dict[str, Any] = await self.page.evaluate(
                "axe.run(document, {resultTypes: ['violations']})"
            )
            found += [
                f"{state}, {scheme}: {each['id']}: {[node['target'] for node in each['nodes']]}"
                for each in wrong["violations"]
            ]
        return found


@asynccontextmanager
async def desk(browser: Browser, url: str, **options: Any) -> AsyncIterator[Desk]:
    """A browser of its own, with its own cookies, in a centre in London."""
    settings: dict[str, Any] = {
        "viewport": {"width": 1366, "height": 768},
        "locale": "en-GB",
        "timezone_id": "Europe/London",
    }
    context = await browser.new_context(**{**settings, **options})
    try:
        yield Desk(context, await context.new_page(), url)
    finally:
        await context.close()
