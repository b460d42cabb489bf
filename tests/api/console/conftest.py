"""A centre with staff, and a browser that complains aloud."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any, Protocol

import pytest_asyncio
from playwright.async_api import Browser, expect

from api.console.assets.build import AXE, VENDOR
from tests.api.console.browser import Desk, chromium, chromium_binary, desk
from tests.api.console.centre import Centre
from tests.api.console.worlds import STAFF
from tests.conftest import missing

# How long a page takes says how busy the machine is. What has to be in time, its test says.
expect.set_options(timeout=20_000)


class Desks(Protocol):
    """Seats one more operator; `username` of None only opens the browser."""

    async def __call__(
        self, username: str | None = "dana", path: str = "/queue", **options: Any
    ) -> Desk: ...


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests of the console; each operator has their own cookies in it."""
    if chromium_binary() is None:
        missing("Chromium", "install the package `chromium`")
    if not (AXE.is_file() and VENDOR.is_dir()):
        missing("The console's assets", "run `python -m api.console.assets.build`")
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="package")
async def centre(migrated_url: str) -> AsyncIterator[Centre]:
    """A running centre with two operators and nothing else."""
    running = Centre(migrated_url)
    await running.start()
    await running.add_staff(**STAFF)
    yield running
    await running.close()


@pytest_asyncio.fixture(loop_scope="package")
async def desks(browser: Browser, centre: Centre) -> AsyncIterator[Desks]:
    """Seats operators, and in the end fails where a browser complained of anything."""
    seated: list[Desk] = []
    async with AsyncExitStack() as stack:

        async def seat(username: str | None = "dana", path: str = "/queue", **options: Any) -> Desk:
            opening: AbstractAsyncContextManager[Desk] = desk(browser, centre.url, **options)
            new = await stack.enter_async_context(opening)
            seated.append(new)
            if username is not None:
                await new.sign_in(username, path)
            return new

        yield seat
    complaints = [said for one in seated for said in one.complaints]
    assert not complaints, "the browser complained:\n" + "\n".join(complaints)
