"""A lost laptop or a leaked token must be shut out at once, and be worth little until then."""

from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.identity.access import PREFIX, TokenRequest
from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.rate import Rate
from api.refusals import Invalid, NotAllowed, NotFound, TooMany
from api.services import Services
from tests.api.support import PASSWORD, SettableClock, add_alert, add_device, add_user

READ = [Permission.READ_ALERTS.value]


async def _token(services: Services, by: Member, scopes: list[str] | None = None) -> str:
    asked = TokenRequest(name="display", scopes=scopes or READ)
    return (await services.access.add_token(asked, by)).token


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_a_token_opens_what_its_scopes_say_and_no_more(
    client: httpx.AsyncClient, services: Services
) -> None:
    alert = await add_alert(services, await add_device(services))
    ann = await add_user(services, role="supervisor")
    headers = _bearer(await _token(services, ann))
    assert (await client.get(f"/v1/alerts/{alert}", headers=headers)).status_code == 200
    for method, path in (("POST", f"/v1/alerts/{alert}/claim"), ("GET", "/v1/homes")):
        answer = await client.request(method, path, headers=headers)
        assert answer.status_code == 403
        assert "has not the scope" in answer.json()["detail"]


async def test_a_program_needs_no_form_token_to_change_what_its_scopes_allow(
    client: httpx.AsyncClient, services: Services, connection: asyncpg.Connection
) -> None:
    alert = await add_alert(services, await add_device(services))
    ann = await add_user(services)
    headers = _bearer(await _token(services, ann, [*READ, Permission.HANDLE_ALERTS]))
    assert (await client.post(f"/v1/alerts/{alert}/claim", headers=headers)).status_code == 200
    found = await connection.fetchval("select actor from audit where action = 'alert.claim'")
    assert found == f"token:1 of staff:{ann.id}"


async def test_a_token_makes_no_token_and_ends_no_session(
    client: httpx.AsyncClient, services: Services
) -> None:
    ann = await add_user(services, role="administrator")
    headers = _bearer(await _token(services, ann, list(Permission)))
    for method, path in (
        ("POST", "/v1/tokens"), ("DELETE", "/v1/tokens/1"), ("DELETE", "/v1/sessions/1"),
        ("DELETE", "/v1/session"),
    ):  # fmt: skip
        assert (await client.request(method, path, headers=headers)).status_code == 403


@pytest.mark.parametrize("how", ["revoked", "expired", "disabled", "mistyped"])
async def test_a_token_that_is_no_longer_good_opens_nothing(
    client: httpx.AsyncClient,
    services: Services,
    clock: SettableClock,
    connection: asyncpg.Connection,
    how: str,
) -> None:
    ann = await add_user(services)
    token = await _token(services, ann)
    assert (await client.get("/v1/alerts", headers=_bearer(token))).status_code == 200
    if how == "revoked":
        await services.access.revoke(1, ann)
    elif how == "expired":
        clock.move(days=90)
    elif how == "disabled":
        await connection.execute("update staff set disabled_at = now()")
    else:
        token = f"{token}x"
    assert (await client.get("/v1/alerts", headers=_bearer(token))).status_code == 401


async def test_a_role_that_was_taken_away_is_taken_from_the_token_as_well(
    client: httpx.AsyncClient, services: Services, connection: asyncpg.Connection
) -> None:
    token = await _token(services, await add_user(services))
    await connection.execute("update staff set role = 'installer'")
    assert (await client.get("/v1/alerts", headers=_bearer(token))).status_code == 403


async def test_the_database_and_the_lists_have_no_token_that_could_be_used(
    services: Services, connection: asyncpg.Connection
) -> None:
    ann = await add_user(services)
    token = await _token(services, ann)
    assert token.startswith(PREFIX)
    rows = await connection.fetch("select t::text from api_token t")
    listed = await services.access.tokens(ann)
    assert token not in f"{rows}{listed}"
    assert token.removeprefix(PREFIX) not in f"{rows}{listed}"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": " "}, "name must have"),
        ({"scopes": []}, "scopes must be"),
        ({"scopes": ["everything"]}, "scopes must be"),
        ({"days": 0}, "days must be"),
        ({"days": 367}, "days must be"),
        ({"scopes": ["configuration:put"]}, "Only a supervisor"),
    ],
)
async def test_a_token_that_would_be_too_much_is_refused(
    services: Services, fields: dict[str, Any], says: str
) -> None:
    ann = await add_user(services)
    with pytest.raises((Invalid, NotAllowed), match=says):
        await services.access.add_token(
            TokenRequest(**{"name": "display", "scopes": READ, **fields}), ann
        )


async def test_use_is_noted_to_the_minute(services: Services, clock: SettableClock) -> None:
    ann = await add_user(services)
    token = await _token(services, ann)
    (fresh,) = await services.access.tokens(ann)
    assert fresh.last_used_at is None
    await services.access.by_token(token)
    first = clock()
    for seconds, seen in ((59, first), (2, None)):
        clock.move(seconds=seconds)
        await services.access.by_token(token)
        (one,) = await services.access.tokens(ann)
        assert one.last_used_at == (seen or clock())


async def test_one_s_own_session_on_a_lost_laptop_can_be_ended(
    app: FastAPI, services: Services
) -> None:
    await add_user(services)
    lost, here = (httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://centre")
                  for _ in range(2))  # fmt: skip
    async with lost, here:
        for one in (lost, here):
            await one.post("/v1/session", json={"username": "ann", "password": PASSWORD})
        csrf = (await here.get("/v1/session")).json()["csrf"]
        listed = (await here.get("/v1/sessions")).json()
        oldest = min(one["id"] for one in listed)
        assert len(listed) == 2
        ended = await here.delete(f"/v1/sessions/{oldest}", headers={"X-CSRF-Token": csrf})
        assert ended.status_code == 204
        assert (await lost.get("/v1/session")).status_code == 401
        assert (await here.get("/v1/session")).status_code == 200


async def test_an_administrator_manages_their_own_organisation_s_staff_and_nobody_else_s(
    services: Services,
) -> None:
    other = (await services.organisations.add("Others")).organisation
    people = {}
    for name, role, whose in (
        ("boss", "administrator", [1]), ("ann", "operator", [1]),
        ("eve", "operator", [other]), ("root", "administrator", None),
    ):  # fmt: skip
        people[name] = await add_user(services, name, role=role, organisations=whose)
        await services.staff.sign_in(name, PASSWORD, "192.0.2.1")
        await _token(services, people[name])
    boss, ann, eve = people["boss"], people["ann"], people["eve"]
    seen = {one.username for one in await services.access.sessions(boss, of_all=True)}
    assert seen == {"boss", "ann"}
    assert {one.username for one in await services.access.tokens(boss, of_all=True)} == seen
    everybody = await services.access.sessions(people["root"], of_all=True)
    assert len(everybody) == 4
    numbers = {one.username: one.id for one in everybody}
    await services.access.end(numbers["ann"], boss)
    for by, whom in ((boss, "eve"), (boss, "root"), (eve, "boss"), (ann, "boss")):
        with pytest.raises(NotFound):
            await services.access.end(numbers[whom], by)
    with pytest.raises(NotAllowed):
        await services.access.sessions(ann, of_all=True)
    tokens = {
        one.username: one.id for one in await services.access.tokens(people["root"], of_all=True)
    }
    await services.access.revoke(tokens["ann"], boss)
    with pytest.raises(NotFound):
        await services.access.revoke(tokens["eve"], boss)


async def test_an_administrator_reads_who_looked_and_only_of_their_organisation(
    client: httpx.AsyncClient, services: Services
) -> None:
    device = await add_device(services)
    other = (await services.organisations.add("Others")).organisation
    boss = await add_user(services, "boss", role="administrator", organisations=[1])
    await services.homes.one(boss.reach, device.home)
    await client.post("/v1/session", json={"username": "boss", "password": PASSWORD})
    entries = (await client.get("/v1/organisations/1/audit")).json()
    assert entries[0]["action"] == "home.read"
    assert entries[0]["subject"] == device.home
    below = await client.get(f"/v1/organisations/1/audit?before={entries[0]['number']}&limit=1")
    assert [one["number"] for one in below.json()] == [entries[1]["number"]]
    assert (await client.get(f"/v1/organisations/{other}/audit")).status_code == 404


def test_who_asks_too_often_waits_and_nobody_else_does(clock: SettableClock) -> None:
    rate = Rate(clock, 3)
    for _ in range(3):
        rate.count("wild")
    with pytest.raises(TooMany) as refused:
        rate.count("wild")
    assert refused.value.retry_after == 60
    rate.count("calm")
    clock.move(seconds=60)
    rate.count("wild")


def test_whose_window_a_clock_that_was_set_back_put_off_does_not_wait_for_hours(
    clock: SettableClock,
) -> None:
    rate = Rate(clock, 1)
    rate.count("calm")
    clock.move(hours=-2)
    rate.count("calm")
