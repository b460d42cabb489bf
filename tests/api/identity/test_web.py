"""A page on another site must not act as the operator who has the centre open beside it."""

import httpx
import pytest
from fastapi import FastAPI

from api.services import Services
from api.store.reach import CENTRE
from tests.api.support import PASSWORD, add_alert, add_device, add_user

CREDENTIALS = {"username": "ann", "password": PASSWORD}


async def sign_in(client: httpx.AsyncClient) -> str:
    answer = await client.post("/v1/session", json=CREDENTIALS)
    assert answer.status_code == 201
    return str(answer.json()["csrf"])


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services)
    answer = await client.post("/v1/session", json=CREDENTIALS)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("telecare=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "Max-Age=43200" in cookie.split("; ")


async def test_under_tls_the_cookie_is_held_to_this_host_and_to_tls(
    app: FastAPI, services: Services
) -> None:
    await add_user(services)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://centre") as client:
        answer = await client.post("/v1/session", json=CREDENTIALS)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-telecare=")
        assert "Secure" in cookie.split("; ")
        assert "Domain" not in cookie
        assert (await client.get("/v1/session")).status_code == 200
        assert answer.headers["strict-transport-security"]


async def test_signing_out_ends_the_session_and_the_cookie(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services)
    csrf = await sign_in(client)
    assert (await client.get("/v1/session")).json()["user"]["username"] == "ann"
    kept = dict(client.cookies)
    answer = await client.delete("/v1/session", headers={"X-CSRF-Token": csrf})
    assert answer.status_code == 204
    assert (await client.get("/v1/session")).status_code == 401
    client.cookies.update(kept)
    assert (await client.get("/v1/session")).status_code == 401


@pytest.mark.parametrize("sent", [None, "", "x", "ä", "\x00"])
async def test_a_change_without_the_session_s_token_is_refused(
    client: httpx.AsyncClient, services: Services, sent: str | None
) -> None:
    await add_user(services)
    alert = await add_alert(services, await add_device(services))
    await sign_in(client)
    form = {} if sent is None else {"csrf_token": sent}
    for answer in (
        await client.post(f"/v1/alerts/{alert}/claim", data=form),
        await client.post(f"/v1/alerts/{alert}/claim", json={}),
    ):
        assert answer.status_code == 403
    assert (await services.alerts.one(CENTRE, alert)).alert.claim is None


async def test_the_token_comes_in_a_form_field_or_a_header(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services)
    alert = await add_alert(services, await add_device(services))
    csrf = await sign_in(client)
    by_form = await client.post(f"/v1/alerts/{alert}/claim", data={"csrf_token": csrf})
    by_header = await client.post(
        f"/v1/alerts/{alert}/release", json={"version": 2}, headers={"X-CSRF-Token": csrf}
    )
    assert (by_form.status_code, by_header.status_code) == (200, 200)


async def test_another_session_s_token_does_not_do(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services)
    alert = await add_alert(services, await add_device(services))
    other = await services.staff.sign_in("ann", PASSWORD, "192.0.2.9")
    await sign_in(client)
    answer = await client.post(
        f"/v1/alerts/{alert}/claim", headers={"X-CSRF-Token": other.session.csrf}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "none"}, 201),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://centre"}, 201),
        ({"Origin": "http://elsewhere"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 201),
    ],
)
async def test_another_site_cannot_sign_somebody_in_as_somebody_else(
    client: httpx.AsyncClient, services: Services, headers: dict[str, str], status: int
) -> None:
    await add_user(services)
    answer = await client.post("/v1/session", json=CREDENTIALS, headers=headers)
    assert answer.status_code == status


async def test_too_many_tries_say_how_long_to_wait(
    client: httpx.AsyncClient,
) -> None:
    for _ in range(5):
        answer = await client.post("/v1/session", json={**CREDENTIALS, "password": "no"})
        assert answer.status_code == 401
    answer = await client.post("/v1/session", json=CREDENTIALS)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "900"


@pytest.mark.parametrize(
    "path", ["/v1/session", "/v1/alerts", "/v1/alerts/1", "/v1/homes", "/v1/homes/h1",
             "/v1/homes/h1/days", "/v1/live"],
)  # fmt: skip
async def test_nothing_is_shown_to_nobody(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 401
    client.cookies.set("telecare", "made up")
    assert (await client.get(path)).status_code == 401
