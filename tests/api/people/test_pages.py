"""What staff do about people works on pages, and nobody is offered what they may not."""

import re
from datetime import timedelta

import httpx
import pytest

from api.identity.people import Member
from api.people.identity import Identity
from api.services import Services
from tests.api.support import NOON, PASSWORD, Device, add_alert, add_user

pytestmark = pytest.mark.usefixtures("device")


async def sign_in(client: httpx.AsyncClient, username: str) -> str:
    answer = await client.post("/v1/session", json={"username": username, "password": PASSWORD})
    return str(answer.json()["csrf"])


async def send(client: httpx.AsyncClient, path: str, **typed: str) -> httpx.Response:
    """Posts a form with the token that its page holds."""
    shown = (await client.get(path)).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    assert token
    return await client.post(path, data={"csrf_token": token[1], **typed})


async def test_from_a_name_to_a_consent_on_one_page(
    client: httpx.AsyncClient, services: Services, boss: Member
) -> None:
    await sign_in(client, "boss")
    path = "/people/h1"
    assert "Nobody is on record" in (await client.get(path)).text
    wrong = await send(client, path, do="add", name="Peggy <b>", born="tomorrow")
    assert (wrong.status_code, "Peggy &lt;b&gt;" in wrong.text) == (422, True)
    await send(client, path, do="add", name="Margaret Lee", preferred="Peggy", born="1946-03-11")
    (one,) = (await services.people.reading.of_home("h1", boss)).residents
    health = {"do": "risk", "resident": one.resident, "seen": "0"}
    await send(client, path, **health, dementia="on", medicines="6", sex="female")
    agree = {"do": "agree", "resident": one.resident, "seen": "0", "given_by": "person"}
    day = f"{NOON.date()}"
    ticked = {"condition_possible_fall": "on", "sensor_motion": "on", "purpose_care_team": "on"}
    await send(client, path, **agree, given_on=day, **ticked)
    page = (await client.get(path)).text
    for said in ("Peggy", "6 medicines", "Dementia", "65 to 79", "Care team", "Given"):
        assert said in page
    (one,) = (await services.people.reading.of_home("h1", boss)).residents
    assert one.consents[0].conditions == ["possible_fall"]
    late = await send(client, path, **{**agree, "given_on": day})
    assert (late.status_code, "version 1 now" in late.text) == (422, True)
    await send(client, path, do="withdraw", resident=one.resident, seen="1", reason="No more")
    assert "Taken back" in (await client.get(path)).text
    assert "A consent was taken back" in (await client.get("/people")).text


async def test_who_handles_an_alert_sees_whom_to_ask_for_and_an_installer_does_not(
    client: httpx.AsyncClient, services: Services, device: Device, boss: Member
) -> None:
    peggy = Identity(name="Margaret Lee", preferred="Peggy", address_as="slowly")
    await services.people.residents.add("h1", peggy, boss)
    alert = await add_alert(services, device)
    await add_user(services, "dana")
    await add_user(services, "ivy", role="installer")
    await sign_in(client, "dana")
    page = (await client.get(f"/alerts/{alert}")).text
    assert "<strong>Peggy</strong> (slowly)" in page
    people = (await client.get("/people/h1")).text
    assert 'id="add-new"' not in people, "no form that would be refused"
    assert 'id="erase"' not in people
    assert (await client.get("/erase/h1")).status_code == 403
    await sign_in(client, "ivy")
    assert (await client.get("/people/h1")).status_code == 403
    assert "Peggy" not in (await client.get("/hub/h1")).text


async def test_a_stay_in_hospital_stands_on_the_home_s_page_with_who_set_it(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services, "dana")
    await sign_in(client, "dana")
    path = "/absences/h1"
    until = f"{NOON + timedelta(days=2):%Y-%m-%dT%H:%M}"
    wrong = await send(client, path, do="set", kind="hospital", wish="family", until="soon")
    assert wrong.status_code == 422
    await send(client, path, do="set", kind="hospital", wish="family", until=until)
    home = (await client.get("/homes/h1")).text
    assert "In hospital until" in home
    assert "Set by Dana B, wished by the family." in home
    assert "has not answered yet" in home
    await send(client, path, do="end", absence="1")
    assert "In hospital until" not in (await client.get("/homes/h1")).text


async def test_a_home_is_read_printed_and_erased_on_pages(
    client: httpx.AsyncClient, services: Services, device: Device, boss: Member
) -> None:
    await services.people.residents.add("h1", Identity(name="Margaret Lee"), boss)
    await add_alert(services, device)
    await sign_in(client, "boss")
    record = (await client.get("/record/h1")).text
    for said in ("Margaret Lee", "Toileting pattern changed", "alert report"):
        assert said in record
    refused = await send(client, "/erase/h1", confirm="h1", code="123456")
    assert (refused.status_code, "second factor first" in refused.text) == (422, True)
