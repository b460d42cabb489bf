"""Staff have a hub do what they mean, in the home's own time, and see what became of it."""

import re

import httpx
import pytest
from playwright.async_api import expect

from api.console.views.hub import WrongError, body_of
from api.services import Services
from tests.api.console.centre import Centre
from tests.api.console.conftest import Desks
from tests.api.downlink.test_commands import result, told
from tests.api.downlink.test_configurations import report
from tests.api.support import NOON, PASSWORD, Device, add_device

pytestmark = pytest.mark.network


async def sign_in(client: httpx.AsyncClient, services: Services, role: str = "operator") -> None:
    await services.staff.add("dana", PASSWORD, name="First Operator", role=role)
    await client.post("/sign-in", data={"username": "dana", "password": PASSWORD, "next": "/"})


async def post(client: httpx.AsyncClient, device: Device, **fields: str) -> httpx.Response:
    shown = (await client.get(f"/hub/{device.home}")).text
    csrf, once = (
        re.findall(f'name="{name}" value="([^"]+)"', shown)[-1] for name in ("csrf_token", "id")
    )
    filled = {"csrf_token": csrf, "id": once, "hub": device.hub, **fields}
    return await client.post(f"/hub/{device.home}", data=filled)


async def body(services: Services, device: Device) -> dict[str, object]:
    (command,) = await services.commands.of_hub(device.hub)
    return {"kind": command.kind, **httpx.Response(200, content=bytes(command.body)).json()}


@pytest.mark.parametrize(
    ("typed", "is_told"),
    [
        ({"kind": "pause", "hours": "4"}, {"kind": "pause", "until": "2026-03-10T16:00:00Z"}),
        (
            {"kind": "away", "until": "2026-03-12"},
            {"kind": "away", "until": "2026-03-12T23:59:59+01:00"},
        ),
        ({"kind": "walk_test", "minutes": "30"}, {"kind": "walk_test", "minutes": 30}),
        ({"kind": "resume"}, {"kind": "resume"}),
    ],
)
async def test_a_form_asks_for_what_it_says(
    client: httpx.AsyncClient,
    services: Services,
    typed: dict[str, str],
    is_told: dict[str, object],
) -> None:
    device = await add_device(services, time_zone="Europe/Madrid")
    await sign_in(client, services)
    answer = await post(client, device, **typed)
    assert (answer.status_code, answer.headers.get("location")) == (303, f"/hub/{device.home}")
    assert await body(services, device) == is_told
    assert "The hub is told" in (await client.get(answer.headers["location"])).text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"kind": "pause", "hours": "5"}, "Choose for how many hours."),
        ({"kind": "pause"}, "Choose for how many hours."),
        ({"kind": "pause", "hours": "168"}, "A pause of over a day is for a supervisor"),
        ({"kind": "away", "until": "tomorrow"}, "Type the last day away"),
        ({"kind": "away", "until": "2026-03-09"}, "must be after now"),
        ({"kind": "walk_test", "minutes": "x"}, "Choose for how many minutes."),
        ({"kind": "relearn", "condition": "uti_risk"}, "Only a supervisor"),
        ({"kind": "dance"}, "is no command"),
    ],
)
async def test_what_cannot_be_told_is_said_with_the_reason(
    client: httpx.AsyncClient, services: Services, typed: dict[str, str], says: str
) -> None:
    device = await add_device(services)
    await sign_in(client, services)
    answer = await post(client, device, **typed)
    assert answer.status_code == 422
    assert "The hub was not told" in answer.text
    assert says in answer.text
    assert await services.commands.of_hub(device.hub) == []


async def test_a_button_pressed_twice_is_one_command(
    client: httpx.AsyncClient, services: Services
) -> None:
    device = await add_device(services)
    await sign_in(client, services)
    for hours in ("1", "2"):
        answer = await post(client, device, kind="pause", hours=hours, id="once")
        assert answer.status_code == 303
    assert len(await services.commands.of_hub(device.hub)) == 1


async def test_nobody_commands_a_hub_of_another_home_or_from_another_site(
    client: httpx.AsyncClient, services: Services
) -> None:
    device, other = await add_device(services), await add_device(services)
    await sign_in(client, services)
    assert (await post(client, device, kind="test", hub=other.hub)).status_code == 404
    assert (await post(client, device, kind="test", csrf_token="guessed")).status_code == 403
    assert (await client.get("/hub/none")).status_code == 404
    for one in (device, other):
        assert await services.commands.of_hub(one.hub) == []


async def test_staff_read_that_nobody_is_watched_or_may_not_be(
    client: httpx.AsyncClient, services: Services
) -> None:
    device = await add_device(services, time_zone="Europe/Madrid")
    await sign_in(client, services)
    await post(client, device, kind="pause", hours="4", id="a")
    for where in ("hub", "homes"):
        assert "Nobody is watched" not in (await client.get(f"/{where}/{device.home}")).text
    await told(services, device)
    for where in ("hub", "homes"):
        shown = (await client.get(f"/{where}/{device.home}")).text
        assert re.search("Recording may be paused until <time [^>]*>17:00 CET</time>", shown)
    begun = result(device, 1, "a", "under_way")
    await services.ingest.store(device.batch([begun]), device.home)
    shown = (await client.get(f"/hub/{device.home}")).text
    assert re.search("Recording is paused until <time [^>]*>17:00 CET</time>. Nobody", shown)
    for number in range(30):
        await post(client, device, kind="resume", id=f"r{number}")
    assert "Nobody is watched" in (await client.get(f"/hub/{device.home}")).text
    over = result(device, 2, "a", "done", text="Recording goes on.")
    await services.ingest.store(device.batch([over]), device.home)
    shown = (await client.get(f"/hub/{device.home}")).text
    assert "Nobody is watched" not in shown
    assert "Nobody is watched" not in (await client.get(f"/homes/{device.home}")).text


async def test_an_installer_sees_which_sensors_a_walk_test_has_set_off(
    client: httpx.AsyncClient, services: Services
) -> None:
    device = await add_device(services)
    await sign_in(client, services)
    await post(client, device, kind="walk_test", minutes="15", id="w")
    assert "No sensor yet." in (await client.get(f"/hub/{device.home}")).text
    steps = [
        {
            "seq": seq,
            "kind": "walk_step",
            "body": {
                "v": 1, "hub": device.hub, "home": device.home, "command": "w",
                "event": device.event(seq, sensor=sensor, quality="walk_test")["body"],
            },
        }
        for seq, sensor in ((1, "pir"), (2, "second-pir"), (3, "pir"))
    ]  # fmt: skip
    await services.ingest.store(device.batch(steps), device.home)
    shown = (await client.get(f"/hub/{device.home}")).text
    assert re.findall(r'plain-weight">([a-z-]+)</span></th><td class="number">(\d)', shown) == [
        ("pir", "2"), ("second-pir", "1"),
    ]  # fmt: skip


async def test_staff_read_why_a_hub_does_not_run_with_what_they_set(
    client: httpx.AsyncClient, services: Services
) -> None:
    device = await add_device(services)
    await sign_in(client, services, role="supervisor")
    assert "It runs with its own file." in (await client.get(f"/hub/{device.home}")).text
    sue = (await services.staff.sign_in("dana", PASSWORD, "192.0.2.1")).session.user
    await services.configurations.put(device.home, b'{"people":2}', sue, seen=0)
    assert "It has not taken version 1 yet." in (await client.get(f"/hub/{device.home}")).text
    refused = report(device, 1, 1, "refused", reason="rules[0].by: <no> such time")
    await services.ingest.store(device.batch([refused]), device.home)
    shown = (await client.get(f"/hub/{device.home}")).text
    assert "It refused version 1, and runs on as before." in shown
    assert "rules[0].by: &lt;no&gt; such time" in shown
    again = await post(client, device, kind="again", seen="1")
    assert again.status_code == 303
    assert (await services.configurations.of(device.home)).version == 2
    await post(client, device, kind="again", seen="1")  # pressed twice
    assert (await services.configurations.of(device.home)).version == 2
    applied = report(device, 2, 2, "applied")
    await services.ingest.store(device.batch([applied]), device.home)
    shown = (await client.get(f"/hub/{device.home}")).text
    assert "It runs with version 2, the newest." in shown
    assert "Tell it again" not in shown


def test_an_absence_ends_with_the_home_s_own_day() -> None:
    typed = {"kind": "away", "until": "2026-03-29"}  # the day on which summer time begins
    assert body_of(typed, "Europe/London", NOON) == {"until": "2026-03-29T23:59:59+01:00"}
    with pytest.raises(WrongError, match="until"):
        body_of({"kind": "away"}, "Europe/London", NOON)


@pytest.mark.asyncio(loop_scope="package")
async def test_an_operator_tries_a_hub_out_with_the_keyboard_and_sees_its_answer(
    centre: Centre, desks: Desks
) -> None:
    hub = await centre.hub("h1", "12 Ashgrove Court")
    dana = await desks("dana", "/homes/h1")
    page = dana.page
    await page.get_by_role("link", name="Settings and commands").press("Enter")
    await expect(page.locator("h1")).to_have_text("Hub of 12 Ashgrove Court")
    await dana.live()
    assert await dana.axe("hub, nothing told") == []
    await page.get_by_role("button", name="Raise a test alert").press("Enter")
    await expect(page.locator("#notice")).to_be_focused()
    await expect(page.locator("#live tbody")).to_contain_text("Not with the hub yet")
    await dana.live()
    await hub.answer("done", "A test alert was raised.")
    await expect(page.locator("#live tbody")).to_contain_text("A test alert was raised.")
    await page.get_by_label("For how long").select_option("2 hours")
    await page.get_by_role("button", name="Pause recording").click()
    await expect(page.locator("#live tbody tr").first).to_contain_text("Pause until")
    await dana.live()
    await hub.answer("under_way", "Recording is paused.")
    await expect(page.locator(".hub-unwatched")).to_contain_text("Nobody is watched.")
    assert await dana.axe("hub, paused") == []
    await page.set_viewport_size({"width": 320, "height": 700})
    wide: int = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 320
