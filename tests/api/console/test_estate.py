"""Whoever looks after hubs finds those that want looking at before a family calls."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.async_api import expect

from api.estate.troubles import Health, Machine, Sensor, Trouble, troubles
from api.services import Services
from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks
from tests.api.support import NOON, PASSWORD, Device, SettableClock, add_device, add_user

pytestmark = pytest.mark.network

FINE: dict[str, Any] = {
    "software": "1.4.0",
    "disk_free_bytes": 9_000_000_000,
    "clock_ahead_s": 0.02,
    "broker_connected": True,
    "sensors": [{"sensor": "hall", "last_seen": NOON.isoformat(), "battery": 80, "online": True}],
    "machine": {"temperature_c": 48, "under_voltage": False, "clock_synchronised": True},
}


async def beats(services: Services, device: Device, at: datetime, **more: Any) -> None:
    told = {**FINE, "at": at.isoformat(), **more}
    await services.ingest.store(device.batch([device.health(1, **told)]), device.home)


async def sign_in(client: httpx.AsyncClient, username: str) -> None:
    await client.post("/sign-in", data={"username": username, "password": PASSWORD, "next": ""})


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"broker_connected": False}, "cannot hear its sensors"),
        ({"disk_free_bytes": 90_000_000}, "disk is nearly full"),
        ({"machine": {"under_voltage": True}}, "power supply gives too little"),
        ({"machine": {"clock_synchronised": False}}, "clock is off"),
        ({"clock_ahead_s": -75.0}, "clock is off"),
        ({"machine": {"temperature_c": 83.5}}, "too hot"),
        ({"queued": 40, "oldest_queued_at": (NOON - timedelta(hours=2)).isoformat()}, "40 wait"),
        ({"sensors": [{"sensor": "hall"}, *FINE["sensors"]]}, "1 of 2"),
        ({"sensors": [{**FINE["sensors"][0], "battery": 15}]}, "1 of 1"),
        ({"sensors": [{**FINE["sensors"][0], "stuck": True}]}, "1 of 1"),
    ],
)
async def test_an_ailing_hub_stands_first_and_says_what_ails_it(
    client: httpx.AsyncClient, services: Services, clock: SettableClock, told: Any, said: str
) -> None:
    await add_user(services, "ann", role="installer", organisations=[1])
    well = await add_device(services, "h1", label="Flat 1")
    ill = await add_device(services, "h2", label="Flat 2")
    await beats(services, well, clock())
    await beats(services, ill, clock(), **told)
    await sign_in(client, "ann")
    wanting = (await client.get("/estate")).text
    assert said in wanting
    assert "Flat 2" in wanting
    assert "Flat 1" not in wanting
    everything = (await client.get("/estate?show=all")).text
    assert everything.index("Flat 2") < everything.index("Flat 1")
    assert "Flat 1" not in (await client.get("/estate?show=all&home=flat%202")).text


async def test_where_all_is_well_the_page_says_so_and_counts_the_software(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    await add_user(services, "ann", role="supervisor", organisations=[1])
    for home, software in (("h1", "1.4.0"), ("h2", "1.4.0"), ("h3", "1.3.9")):
        await beats(services, await add_device(services, home), clock(), software=software)
    await sign_in(client, "ann")
    shown = (await client.get("/estate")).text
    assert "no hub wants looking at" in shown
    assert shown.index("1.4.0") < shown.index("1.3.9")


async def test_a_silent_hub_is_said_to_be_silent_and_nothing_that_it_told_long_ago(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    await add_user(services, "ann", role="supervisor", organisations=[1])
    await services.watch.look()
    await beats(services, await add_device(services, "h1"), clock(), broker_connected=False)
    for _ in range(60):
        clock.move(seconds=30)
        await services.watch.look()
    await sign_in(client, "ann")
    shown = (await client.get("/estate?show=silent")).text
    assert "Nothing is heard of it" in shown
    assert "cannot hear its sensors" not in shown


async def test_a_place_that_no_hub_has_claimed_is_not_forgotten(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    await add_user(services, "ann", role="installer", organisations=[1])
    await services.claims.add_hub("h1", organisation=1)
    await sign_in(client, "ann")
    assert "its claim code is good until" in (await client.get("/estate")).text
    clock.move(days=30)
    await sign_in(client, "ann")
    assert "its claim code is over" in (await client.get("/estate")).text


async def test_nobody_finds_the_hubs_of_others(
    client: httpx.AsyncClient, services: Services
) -> None:
    other = (await services.organisations.add("Others")).organisation
    await add_user(services, "ann", role="installer", organisations=[1])
    await add_user(services, "bob", role="operator", organisations=[1])
    await services.claims.add_hub("theirs", organisation=other)
    await sign_in(client, "ann")
    assert "theirs" not in (await client.get("/estate?show=all")).text
    await sign_in(client, "bob")
    refused = await client.get("/estate")
    assert refused.status_code == httpx.codes.FORBIDDEN
    assert "/estate" not in (await client.get("/queue")).text


async def test_a_large_estate_says_how_many_are_not_shown(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.console.views.estate.AT_ONCE", 12)  # 200 take long to add
    await add_user(services, "ann", role="installer", organisations=[1])
    for number in range(12 + 3):
        await services.claims.add_hub(f"h{number}", organisation=1)
    await sign_in(client, "ann")
    shown = (await client.get("/estate")).text
    assert "3 more are not shown" in shown
    assert sum(f">h{number}<" in shown for number in range(12 + 3)) == 12


@pytest.mark.asyncio(loop_scope="package")
async def test_the_page_is_read_by_everybody_on_every_screen_and_follows_what_is_heard(
    centre: Centre, desks: Desks
) -> None:
    await centre.add_staff_as("installer", ivo="First Installer")
    weak = {"machine": {"under_voltage": True}, "clock_ahead_s": -75.0}
    for number in range(1, 6):
        hub = await centre.hub(f"home-{number}", f"Flat {number}")
        await hub.beat(**{**FINE, **weak} if number == 3 else FINE)
    ivo = await desks("ivo", "/estate")
    page = ivo.page
    await ivo.live()
    await expect(page.locator("tbody").first).to_contain_text("power supply gives too little")
    await expect(page.locator("#scroll-hubs tbody tr")).to_have_count(1)
    await page.click("#show-all")
    await expect(page.locator("#scroll-hubs tbody tr")).to_have_count(5)
    assert await ivo.axe("all hubs") == []
    await page.fill("#find", "flat 4")
    await page.click("#find-do")
    await expect(page.locator("#scroll-hubs tbody tr")).to_have_count(1)
    await page.set_viewport_size({"width": 320, "height": 640})
    await ivo.go("/estate?show=all")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@given(
    told=st.builds(
        Health,
        disk_free_bytes=st.none() | st.integers(0, 10**12),
        clock_ahead_s=st.none() | st.floats(-1e9, 1e9),
        broker_connected=st.none() | st.booleans(),
        sensors=st.lists(st.builds(Sensor, battery=st.none() | st.floats(0, 100)), max_size=3),
        machine=st.none() | st.builds(Machine, temperature_c=st.none() | st.floats(-40, 150)),
    ),
    silent=st.booleans(),
    refuses=st.booleans(),
)
def test_of_a_silent_hub_that_alone_is_said_and_of_others_what_is_worst_first(
    *, told: Health, silent: bool, refuses: bool
) -> None:
    found = troubles(told, silent=silent, refuses=refuses)
    order = list(Trouble)
    assert found == sorted(found, key=order.index)
    assert (Trouble.SILENT in found) == silent
    assert not silent or found == [Trouble.SILENT]
    assert silent or (Trouble.REFUSES in found) == refuses
