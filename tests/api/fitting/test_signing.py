"""What was found when a fitting was signed off is kept as it was, and can be printed."""

import asyncio

import asyncpg
import httpx
import pytest

from api.console.text import catalogue
from api.console.views.fitting import open_line
from api.fitting.views import Open, What, Why
from api.refusals import Invalid, NotAllowed, NotFound
from api.services import Services
from api.store.reach import CENTRE
from tests.api.fitting.visit import SENSORS, Visit, come_in, plain, visit
from tests.api.support import SettableClock, add_user

pytestmark = pytest.mark.network

UNTRIED = [What.NO_TEST, What.NO_CALL]


async def walked(at: Visit) -> None:
    """Everything was walked past."""
    await at.press("walk")
    await at.answers("under_way")
    await at.steps("bathroom-pir")
    await at.steps("front-door", "opening", minute=2)
    await at.answers("done", text="The walk test is over.")
    await at.tests()


async def certificate(client: httpx.AsyncClient, number: str = "") -> str:
    answer = await client.get(f"/fitting/h17/certificate{number}")
    assert answer.status_code == 200, answer.text
    return plain(answer.text.partition("<section")[2])


async def test_what_was_passed_is_signed_off_with_one_press_and_can_be_printed(
    client: httpx.AsyncClient, services: Services, connection: asyncpg.Connection
) -> None:
    at = await visit(client, services)
    await walked(at)
    answer = await at.press("sign", sure="yes")
    assert (answer.status_code, answer.headers["location"]) == (
        303, f"/fitting/h17?hub={at.device.hub}",
    )  # fmt: skip
    shown = plain(await at.shown())
    assert "Signed off 13:00 CET by An Installer. Everything was passed." in shown
    assert "Every step is done." in shown
    sheet = await certificate(client)
    assert "Certificate of fitting: h17" in sheet
    assert "Fitted by An Installer" in sheet
    assert "Signed off Tue 10 Mar 2026, 13:00 CET" in sheet
    assert (
        "Front door: opened front-door Tue 10 Mar 2026, 13:00 CET Not told Not told Tue 10" in sheet
    )
    assert "Mar 2026, 13:00 CET Not told 120 of 255 Not to be walked past" in sheet
    assert "Everything was passed." in sheet
    assert "Test alert Tue 10 Mar 2026, 13:00 CET" in sheet
    assert "Test call to a contact Tue 10 Mar 2026, 13:00 CET: The contact who is" in sheet
    assert "Flat 12" not in sheet, "what staff call the home stays at the centre"
    noted = await connection.fetch("select action, detail from audit where action ~ '^fitting'")
    assert ("fitting.sign", f"1 of {at.device.hub}, 0 open") in [tuple(row) for row in noted]
    assert "fitting.certificate" in {row["action"] for row in noted}


async def test_what_is_open_asks_for_a_reason_and_stands_on_the_certificate_with_it(
    client: httpx.AsyncClient, services: Services
) -> None:
    at = await visit(client, services)
    await at.press("walk")
    await at.answers("under_way")
    await at.steps("bathroom-pir")
    await at.tests()
    shown = plain(await at.shown())
    assert "Not passed yet: Front door: opened (front-door) was not heard in a walk test." in shown
    unsure = await at.press("sign", why="broken")
    assert (unsure.status_code, "Tick the box" in unsure.text) == (422, True)
    assert '<option value="broken" selected>' in unsure.text, "what was chosen is still chosen"
    for why in ("", "tired"):
        refused = await at.press("sign", sure="yes", why=why)
        assert (refused.status_code, "Choose why" in refused.text) == (422, True)
    assert (await client.get("/fitting/h17/certificate")).status_code == 404
    await at.press("sign", sure="yes", why="broken")
    assert "by An Installer, with 1 point open." in plain(await at.shown())
    sheet = await certificate(client)
    assert "Signed off with 1 point open." in sheet
    assert "Front door: opened (front-door) was not heard in a walk test." in sheet
    assert "Reason: A part is broken and will be replaced" in sheet


async def test_a_certificate_stays_as_it_was_signed_whatever_comes_later(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    at = await visit(client, services)
    await at.press("sign", sure="yes", why="stopped")
    before = await certificate(client, "?number=1")
    await walked(at)
    clock.move(hours=1)
    await at.says("health", at=clock().isoformat(), software="1.3", sensors=SENSORS[:1])
    await at.press("sign", sure="yes")
    assert await certificate(client, "?number=1") == before
    assert "Software 1.3" in await certificate(client), "the newest, where none is named"
    shown = await at.shown()
    assert "/fitting/h17/certificate?number=2" in shown
    assert "/fitting/h17/certificate?number=1" in shown
    clock.move(days=8)
    await come_in(client)
    again = await at.shown()
    assert "Every step is done." not in again, "a later visit is a fitting of its own"
    assert "/fitting/h17/certificate?number=2" in again


async def test_a_sign_off_whose_answer_was_lost_is_kept_once(
    client: httpx.AsyncClient, services: Services, connection: asyncpg.Connection
) -> None:
    at = await visit(client, services)
    filled = {**await at.fields("sign"), "sure": "yes", "why": "stopped"}
    for _ in range(2):
        assert (await client.post("/fitting/h17", data=filled)).status_code == 303
    at_once = [client.post("/fitting/h17", data={**filled, "id": "twice"}) for _ in range(4)]
    assert {one.status_code for one in await asyncio.gather(*at_once)} == {303}
    assert await connection.fetchval("select count(*) from fitting") == 2
    signed = "select count(*) from audit where action = 'fitting.sign'"
    assert await connection.fetchval(signed) == 2
    for key in ("", "a b", "x" * 129):
        answer = await client.post("/fitting/h17", data={**filled, "id": key})
        assert answer.status_code == 422, key


async def test_a_sign_off_sent_again_is_not_judged_by_what_is_open_since(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    at = await visit(client, services)
    await walked(at)
    filled = {**await at.fields("sign"), "sure": "yes"}
    for _ in range(2):
        assert (await client.post("/fitting/h17", data=filled)).status_code == 303
        clock.move(minutes=16)  # the hub falls silent
    assert (await client.post("/fitting/h17", data={**filled, "id": "new"})).status_code == 422


async def test_a_place_that_no_hub_has_claimed_cannot_be_signed_off(
    client: httpx.AsyncClient, services: Services
) -> None:
    at = await visit(client, services)
    ivy = await add_user(services, "ian", role="installer")
    place = await services.places.replace(at.device.hub, ivy)
    shown = plain(await at.shown())
    assert "Once a hub has claimed its place, the fitting can be signed off." in shown
    with pytest.raises(Invalid, match="nothing to sign off"):
        await services.fittings.sign(ivy, "h17", place.hub, key="k", why="no_line")
    await services.fittings.sign(ivy, "h17", at.device.hub, key="k", why="no_line")


async def test_a_hub_that_names_no_sensor_or_says_nothing_is_not_passed(
    client: httpx.AsyncClient, services: Services
) -> None:
    at = await visit(client, services, sensors=[])
    assert "The hub has named no sensor that can be walked past." in await at.shown()
    ian = await add_user(services, "ian", role="installer")
    assert [one.what for one in (await services.fittings.of(ian, "h17")).open] == [
        What.NO_SENSORS,
        *UNTRIED,
    ]
    async with services.database.transaction(CENTRE) as connection:
        await connection.execute("update hub set last_seen_at = null, health = null")
    found = [one.what for one in (await services.fittings.of(ian, "h17")).open]
    assert found == [What.OFFLINE, What.NO_SENSORS, *UNTRIED]


async def test_who_may_not_fit_can_neither_sign_nor_read_what_was_signed(
    services: Services, client: httpx.AsyncClient
) -> None:
    at = await visit(client, services)
    await at.press("sign", sure="yes", why="stopped")
    dana = await add_user(services, "dana", role="operator")
    with pytest.raises(NotAllowed):
        await services.fittings.sign(dana, "h17", at.device.hub, key="k2", why="stopped")
    with pytest.raises(NotAllowed):
        await services.fittings.certificate(dana, "h17")
    other = await services.organisations.add("Others")
    eve = await add_user(services, "eve", role="installer", organisations=[other.organisation])
    for act in (
        services.fittings.certificate(eve, "h17", 1),
        services.fittings.sign(eve, "h17", at.device.hub, key="k3", why="stopped"),
        services.fittings.of(eve, "h17"),
    ):
        with pytest.raises(NotFound):
            await act


def test_what_a_newer_version_found_open_is_shown_by_its_own_word() -> None:
    text = catalogue("en")
    said = open_line(Open(what="no_mains", sensor="<x>"), {}, text)
    assert said == "no mains &lt;x&gt;"
    assert all(text.has(f"fitting.why.{one}") for one in Why)
