"""Who is less at the directory than they were is less here, also in what they had open."""

import asyncpg
import httpx
import pytest

from api.identity.passkeys import NewPasskey, PasskeySignIn
from api.refusals import Conflict, NotFound, NotSignedIn
from api.services import Services
from tests.api.identity.authenticator import Authenticator
from tests.api.oidc.provider import RealProvider
from tests.api.oidc.test_provider import CENTRE, app, client, come, provider
from tests.api.support import PASSWORD, add_alert, add_device, add_user

__all__ = ["app", "client", "provider"]
pytestmark = pytest.mark.network

OLGA = {"preferred_username": "olga", "name": "Olga O"}


async def left(services: Services, token: str) -> str | None:
    """As what a browser that was open before goes on."""
    session = await services.staff.session(token)
    return session.user.role if session else None


async def test_a_desk_left_open_as_administrator_ends_when_its_owner_comes_in_as_less(
    client: httpx.AsyncClient,
    services: Services,
    provider: RealProvider,
    connection: asyncpg.Connection,
) -> None:
    provider.change(u_1={**OLGA, "groups": ["bosses"]})
    try:
        await come(client, "u-1")
        desk = client.cookies["telecare"]
        client.cookies.clear()
        await come(client, "u-1")
        assert await left(services, desk) == "administrator"  # another window of the same person
        client.cookies.clear()
        provider.change(u_1={**OLGA, "groups": ["ops", "acme"]})
        await come(client, "u-1")
        assert await left(services, client.cookies["telecare"]) == "operator"
        assert await left(services, desk) is None
        client.cookies.clear()
        provider.change(u_1={**OLGA, "groups": ["bosses"]})
        await come(client, "u-1")  # who is given more is not thrown out elsewhere
        assert await connection.fetchval("select count(*) from session") == 2
    finally:
        provider.change(u_1={**OLGA, "groups": ["ops", "acme"]})
    said = await connection.fetch("select detail from audit where action = 'staff.role'")
    assert [row["detail"] for row in said] == [
        "administrator to operator, organisations 1 2 to 2",
        "operator to administrator, organisations 2 to 1 2",
    ]


@pytest.mark.parametrize("groups", [[], ["ops"], ["bosses"]], ids=str)
async def test_no_alert_stays_with_somebody_whose_groups_took_them_from_it(
    client: httpx.AsyncClient,
    services: Services,
    provider: RealProvider,
    connection: asyncpg.Connection,
    groups: list[str],
) -> None:
    try:
        await come(client, "u-1")
        user = await services.staff.session(client.cookies["telecare"])
        assert user is not None
        home = await add_device(services)
        await connection.execute("update home set organisation = 2 where home = $1", home.home)
        alert = await add_alert(services, home)
        await services.alerts.claim(alert, user.user)
        provider.change(u_1={**OLGA, "groups": groups})
        await come(client, "u-1")
    finally:
        provider.change(u_1={**OLGA, "groups": ["ops", "acme"]})
    kept = groups == ["bosses"]
    found = await connection.fetchrow("select state, holder from alert where id = $1", alert)
    assert found is not None
    assert tuple(found) == (("claimed", user.user.id) if kept else ("raised", None))
    noted = await connection.fetchval("select count(*) from audit where action = 'alert.release'")
    assert noted == (0 if kept else 1)


async def test_a_passkey_of_before_lets_nobody_past_their_directory(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services, "vera")
    member = (await services.staff.sign_in("vera", PASSWORD, "192.0.2.1")).session.user
    device = Authenticator(CENTRE)
    asked = await services.passkeys.begin(member, CENTRE)
    made = NewPasskey(name="telephone", credential=device.make(asked.public_key))
    await services.passkeys.add(made, member, CENTRE)

    async def show() -> None:
        options = (await services.passkeys.begin_sign_in(CENTRE, "192.0.2.1")).public_key
        shown = PasskeySignIn(credential=device.show(options))
        await services.passkeys.sign_in(shown, CENTRE, "192.0.2.1")

    await show()
    federation = services.federation
    assert federation is not None
    await federation.link("vera", "u-1")
    with pytest.raises(NotSignedIn):
        await show()
    await come(client, "u-1")
    session = await services.staff.session(client.cookies["telecare"])
    assert session is not None
    with pytest.raises(Conflict, match="come in by the provider"):
        await services.passkeys.begin(session.user, CENTRE)


async def test_a_desk_left_open_by_password_ends_when_its_owner_comes_in_by_the_directory_alone(
    services: Services, connection: asyncpg.Connection
) -> None:
    await add_user(services, "vera")
    await add_user(services, "paul")
    desks = [(await services.staff.sign_in("vera", PASSWORD, "192.0.2.1")).token for _ in range(2)]
    colleague = (await services.staff.sign_in("paul", PASSWORD, "192.0.2.1")).token
    federation = services.federation
    assert federation is not None
    with pytest.raises(NotFound):
        await federation.link("nobody", "u-1")
    assert [await left(services, desk) for desk in desks] == ["operator", "operator"]
    await federation.link("vera", "u-1")
    assert [await left(services, desk) for desk in desks] == [None, None]
    assert await left(services, colleague) == "operator"
    said = await connection.fetchval("select detail from audit where action = 'staff.link'")
    assert said == "2 sessions ended"


async def test_who_comes_in_by_the_directory_is_told_where_passkeys_are_set_and_offered_none_here(
    client: httpx.AsyncClient, services: Services
) -> None:
    await come(client, "u-1")
    shown = (await client.get("/account")).text
    assert 'id="passkeys-elsewhere"' in shown
    assert "make-passkey" not in shown
    await add_user(services, "vera")
    client.cookies.clear()
    await client.post("/v1/session", json={"username": "vera", "password": PASSWORD})
    shown = (await client.get("/account")).text
    assert 'id="make-passkey"' in shown
    assert "passkeys-elsewhere" not in shown
