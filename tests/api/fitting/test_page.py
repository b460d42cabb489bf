"""Whoever fits a home sees what is done and what to do next, also after the line was down."""

from typing import Any

import httpx
import pytest

from api.services import Services
from api.store.reach import CENTRE
from contract import CommandKind
from tests.api.fitting.visit import SENSORS, Visit, come_in, plain, sign_in, visit
from tests.api.support import SettableClock, add_device, add_user

pytestmark = pytest.mark.network


async def test_each_moment_of_a_hub_coming_online_is_said_with_what_to_do(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    await sign_in(client, services)
    place = await services.claims.add_hub("h17", organisation=1, time_zone="Europe/Madrid")
    shown = plain((await client.get("/fitting/h17")).text)
    assert "The claim code is good until Tue 17 Mar 13:00 CET" in shown
    assert "sudo telecare-gateway claim CODE" in shown
    assert "0 of 6 steps are done. Next: The hub comes online." in shown
    assert place.code not in shown
    clock.move(days=8)
    await come_in(client)
    assert "The claim code has expired." in plain((await client.get("/fitting/h17")).text)
    clock.move(hours=1, minutes=2)
    device = await add_device(services, "h17")
    shown = plain((await client.get(f"/fitting/h17?hub={device.hub}")).text)
    assert "The hub was claimed 14:02 CET and has said nothing yet." in shown
    await Visit(client, services, device).says("health", sensors=fresh(clock))
    shown = plain((await client.get(f"/fitting/h17?hub={device.hub}")).text)
    assert "The hub came online 14:02 CET. Last heard 14:02 CET" in shown
    assert "2 of 6 steps are done. Next: Walk test." in shown


async def test_the_hub_that_is_waited_for_is_shown_and_the_others_are_one_press_away(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    at = await visit(client, services)
    ann = await add_user(services, "ann", role="installer")
    place = await services.places.replace(at.device.hub, ann)
    shown = await at.shown()
    assert "Waits for its hub" in shown
    assert f"Fit {at.device.hub} of this home" in shown
    assert f"/fitting/h17?hub={at.device.hub}" in shown
    clock.move(days=8)
    await come_in(client)
    assert f"Fit {place.hub} of this home" in await at.shown(), "nobody waits for that any more"


async def test_a_home_without_a_hub_leads_to_one(
    client: httpx.AsyncClient, services: Services
) -> None:
    at = await visit(client, services)
    boss = await add_user(services, "boss", role="supervisor")
    await services.places.revoke(at.device.hub, boss)
    shown = await at.shown()
    assert "This home has no hub yet." in shown
    assert 'href="/places"' in shown
    assert (await client.get(f"/fitting/h17?hub={at.device.hub}")).status_code == 404


async def test_each_sensor_that_is_walked_past_is_ticked_and_what_was_missed_is_named(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    at = await visit(client, services)
    answer = await at.press("walk", minutes="30")
    assert answer.headers["location"] == f"/fitting/h17?hub={at.device.hub}"
    (asked,) = await services.commands.of_hub(CENTRE, at.device.hub)
    assert (asked.kind, bytes(asked.body)) == (CommandKind.WALK_TEST, b'{"minutes":30}')
    assert "The walk test is not with the hub yet." in await at.shown()
    await at.answers("under_way", text="Set off each sensor.")
    shown = plain(await at.shown())
    assert "The walk test goes on until 13:30 CET." in shown
    assert "Begin the walk test" not in shown.replace("Begin the walk test. Then", "")
    await at.steps("bathroom-pir")
    await at.steps("bathroom-pir", minute=2)
    await at.steps("front-door", "temperature")  # that it is warm shows nobody at the door
    shown = plain(await at.shown())
    assert "Bathroom: movement Heard 2 times, last 13:02 CET" in shown
    assert "Front door: opened Not heard yet" in shown
    assert "tick-zigbee-bridge" not in await at.shown(), "nobody can walk past a link"
    await at.answers("done", text="The walk test is over. 1 of 2 sensors were heard.")
    shown = plain(await at.shown())
    assert "Some sensors were not heard. Walk past each again." in shown
    assert "1 of 2 sensors were heard." in shown
    await at.press("walk", minutes="5")
    await at.answers("under_way")
    await at.steps("front-door", "opening", minute=9)
    assert "Next: Test alert." in await at.shown(), "each was heard once, in one test or another"
    clock.move(days=8)
    await come_in(client)
    await at.says("health", at=clock().isoformat(), sensors=fresh(clock))
    assert "Next: Walk test." in await at.shown(), "what was so last week says nothing of today"


def fresh(clock: SettableClock) -> list[dict[str, Any]]:
    """The sensors as they are when each was just heard."""
    return [{**one, "last_seen": clock().isoformat()} for one in SENSORS]


async def test_a_walk_test_is_ended_early_and_what_was_heard_counts(
    client: httpx.AsyncClient, services: Services
) -> None:
    at = await visit(client, services)
    await at.press("walk", minutes="60")
    await at.answers("under_way")
    await at.steps("bathroom-pir")
    answer = await at.press("end")
    assert answer.status_code == 303
    newest, _ = await services.commands.of_hub(CENTRE, at.device.hub)
    assert bytes(newest.body) == b'{"minutes":1}'
    await at.answers("under_way")
    shown = await at.shown()
    assert "Heard once" in shown
    assert 'value="end"' not in shown, "it ends by itself within that minute"


async def test_a_button_pressed_again_after_the_line_was_down_begins_nothing_anew(
    client: httpx.AsyncClient, services: Services
) -> None:
    at = await visit(client, services)
    filled = await at.fields("walk")
    for _ in range(2):
        assert (await client.post("/fitting/h17", data=filled)).status_code == 303
    assert len(await services.commands.of_hub(CENTRE, at.device.hub)) == 1


async def test_a_walk_test_that_the_hub_refused_is_told_in_its_own_words(
    client: httpx.AsyncClient, services: Services
) -> None:
    at = await visit(client, services)
    await at.press("walk")
    await at.answers("refused", text="Recording is <paused>; resume it first.")
    shown = await at.shown()
    assert "The walk test did not take place: Refused." in shown
    assert "Recording is &lt;paused&gt;; resume it first." in shown
    assert 'value="walk"' in shown


async def test_what_cannot_be_read_of_a_newer_hub_stops_no_page(
    client: httpx.AsyncClient, services: Services
) -> None:
    at = await visit(client, services, sensors=[{"sensor": "x", "kind": "sonar", "place": "attic"}])
    shown = plain(await at.shown())
    assert "Attic: sonar Not heard yet" in shown


@pytest.mark.parametrize("role", ["operator", "care_professional"])
async def test_who_adds_no_hubs_fits_none_and_sees_no_way_to(
    client: httpx.AsyncClient, services: Services, role: str
) -> None:
    device = await add_device(services, "h17")
    await sign_in(client, services, role)
    assert (await client.get("/fitting/h17")).status_code == 403
    csrf = (await client.get("/v1/session")).json()["csrf"]
    typed = {"csrf_token": csrf, "do": "walk", "hub": device.hub}
    assert (await client.post("/fitting/h17", data=typed)).status_code == 403
    assert "/fitting/" not in (await client.get("/hub/h17")).text


async def test_another_clients_home_is_as_if_it_were_not_there(
    client: httpx.AsyncClient, services: Services
) -> None:
    at = await visit(client, services)
    other = await services.organisations.add("Others")
    theirs = await add_device(services, "h18", organisation=other.organisation)
    for path in ("/fitting/h18", "/fitting/none", f"/fitting/h17?hub={theirs.hub}"):
        assert (await client.get(path)).status_code == 404, path
    typed = {**await at.fields("walk"), "hub": theirs.hub}
    assert (await client.post("/fitting/h17", data=typed)).status_code == 404
    assert await services.commands.of_hub(CENTRE, theirs.hub) == []


async def test_an_installer_comes_from_the_sheet_and_from_the_pages_of_the_home(
    client: httpx.AsyncClient, services: Services
) -> None:
    at = await visit(client, services)
    for path in ("/hub/h17", "/places/h17"):
        assert 'href="/fitting/h17"' in (await client.get(path)).text
    fields = {"csrf_token": (await at.fields("walk"))["csrf_token"], "home": "h17"}
    sheet = await client.post(f"/place/{at.device.hub}/replace", data=fields)
    assert "/fitting/h17?hub=hub-" in sheet.text
