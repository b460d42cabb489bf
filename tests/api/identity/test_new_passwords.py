"""A password that was lost, or that somebody saw, is made anew and known to one person alone."""

import asyncpg
import httpx
import pytest

from api.identity.new_passwords import PasswordChange, PasswordChoice
from api.identity.people import Member
from api.identity.service import SignedIn
from api.identity.staff_views import NewStaff
from api.refusals import Conflict, Invalid, NotFound, NotSignedIn, TooMany
from api.services import Services
from tests.api.support import PASSWORD, SettableClock, add_user

HERE = "192.0.2.1"
NEW = "a quite different phrase"


async def sign_in(services: Services, password: str = PASSWORD) -> SignedIn:
    return await services.staff.sign_in("ann", password, HERE)


async def change(
    services: Services, by: Member, present: str = PASSWORD, new: str = NEW
) -> SignedIn:
    asked = PasswordChange(present=present, password=new)
    return await services.new_passwords.change(asked, by, HERE)


async def invited(services: Services, username: str = "ann") -> str:
    asked = NewStaff(username=username, name="Ann B", role="operator", organisations=[1])
    return (await services.administration.add(asked, None)).link.partition("#")[2]


async def choose(services: Services, secret: str, password: str = NEW) -> None:
    asked = PasswordChoice(invitation=secret, password=password)
    await services.new_passwords.choose(asked, HERE)


async def test_a_new_password_ends_every_other_session_and_renews_this_one(
    services: Services, connection: asyncpg.Connection
) -> None:
    await add_user(services)
    other, here = await sign_in(services), await sign_in(services)
    after = await change(services, here.session.user)
    assert after.session.user.session == here.session.user.session
    assert (after.token, after.session.csrf) != (here.token, here.session.csrf)
    assert after.session.expires_at == here.session.expires_at
    for ended in (other, here):
        assert await services.staff.session(ended.token) is None
    assert await services.staff.session(after.token) is not None
    with pytest.raises(NotSignedIn):
        await sign_in(services)
    await sign_in(services, NEW)
    noted = await connection.fetchval("select actor from audit where action = 'password.change'")
    assert noted == "staff:1"


async def test_it_needs_the_present_one_a_new_one_and_a_fresh_session(
    services: Services, clock: SettableClock, connection: asyncpg.Connection
) -> None:
    await add_user(services)
    user = (await sign_in(services)).session.user
    for present, new, said in (
        ("a wrong guess", NEW, "not right"),
        (PASSWORD, "short", "from 12 to 256"),
        (PASSWORD, PASSWORD, "not the present one"),
    ):
        with pytest.raises(Invalid, match=said):
            await change(services, user, present, new)
    assert await connection.fetchval("select count(*) from audit where action = 'password.refused'")
    clock.move(minutes=16)
    with pytest.raises(Conflict, match="a while since you signed in"):
        await change(services, user)
    await sign_in(services)  # nothing has changed


async def test_whoever_finds_a_desk_open_cannot_guess_the_password_there(
    services: Services,
) -> None:
    await add_user(services)
    user = (await sign_in(services)).session.user
    for _ in range(5):
        with pytest.raises(Invalid):
            await change(services, user, "a wrong guess")
    with pytest.raises(TooMany):
        await change(services, user)
    with pytest.raises(TooMany):  # tries here and at the sign-in are counted together
        await sign_in(services)


async def test_who_comes_in_by_the_provider_has_no_password_to_change(
    services: Services, connection: asyncpg.Connection
) -> None:
    await add_user(services)
    user = (await sign_in(services)).session.user
    await connection.execute("insert into staff_identity values ('https://id', 'a', 1, now())")
    with pytest.raises(Conflict, match="your organisation's sign-in"):
        await change(services, user)


async def test_who_was_invited_chooses_a_password_that_nobody_else_has_seen(
    services: Services, connection: asyncpg.Connection
) -> None:
    secret = await invited(services)
    assert len(secret) >= 43  # 256 bits
    with pytest.raises(NotSignedIn):
        await sign_in(services, "nobody has this password")
    with pytest.raises(Invalid, match="from 12 to 256"):
        await choose(services, secret, "short")
    await choose(services, secret)
    assert (await sign_in(services, NEW)).session.user.username == "ann"
    noted = await connection.fetchval("select actor from audit where action = 'password.choose'")
    assert noted == "staff:1"


@pytest.mark.parametrize("how", ["used", "replaced", "run out", "let go", "mistyped"])
async def test_a_link_that_was_stolen_too_late_opens_nothing(
    services: Services, clock: SettableClock, how: str
) -> None:
    secret = await invited(services)
    if how == "used":
        await choose(services, secret, PASSWORD)
    elif how == "replaced":
        await services.administration.invite(1, None)
    elif how == "run out":
        clock.move(hours=72)
    elif how == "let go":
        await services.administration.disable(1, None)
        await services.administration.enable(1, None)
    else:
        secret = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    with pytest.raises(NotFound, match="Ask for a new one"):
        await choose(services, secret)
    with pytest.raises(NotSignedIn):
        await sign_in(services, NEW)


async def test_a_forgotten_password_opens_nothing_from_the_new_link_on(
    services: Services,
) -> None:
    await add_user(services)
    open_one = await sign_in(services)
    secret = (await services.administration.invite(1, None)).link.partition("#")[2]
    assert await services.staff.session(open_one.token) is None
    with pytest.raises(NotSignedIn):
        await sign_in(services)
    await choose(services, secret)
    await sign_in(services, NEW)


async def test_a_stolen_link_does_not_get_past_a_second_factor(
    services: Services, connection: asyncpg.Connection
) -> None:
    await add_user(services)
    await connection.execute(
        "insert into passkey (staff, credential, public_key, sign_count, name, synced, added_at) "
        "values (1, 'c', 'k', 0, 'Phone', false, now())"
    )
    secret = (await services.administration.invite(1, None)).link.partition("#")[2]
    await choose(services, secret)
    with pytest.raises(NotSignedIn, match="passkey"):
        await sign_in(services, NEW)


async def test_one_s_own_new_password_makes_a_link_that_waits_worthless(
    services: Services, connection: asyncpg.Connection
) -> None:
    await add_user(services)
    user = (await sign_in(services)).session.user
    secret = "x" * 43
    await connection.execute(
        "insert into invitation values (1, sha256($1), '2026-03-13T12:00Z')", secret.encode()
    )
    await change(services, user)
    with pytest.raises(NotFound):
        await choose(services, secret, "yet another phrase")


async def test_the_database_and_the_audit_log_have_no_link_that_could_be_used(
    services: Services, connection: asyncpg.Connection
) -> None:
    secret = await invited(services)
    tables = await connection.fetch(
        "select table_name from information_schema.tables where table_schema = 'public'"
    )
    for row in tables:
        rows = await connection.fetch(f'select t::text from "{row["table_name"]}" t')  # noqa: S608 - from the catalogue
        assert all(secret not in one["t"] for one in rows), row["table_name"]


async def test_over_http_the_old_cookie_is_out_and_a_link_works_once(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services)
    who = await client.post("/v1/session", json={"username": "ann", "password": PASSWORD})
    old = dict(client.cookies)
    body = {"present": PASSWORD, "password": NEW}
    assert (await client.put("/v1/password", json=body)).status_code == 403  # no CSRF token
    csrf = {"x-csrf-token": who.json()["csrf"]}
    changed = await client.put("/v1/password", json=body, headers=csrf)
    assert changed.status_code == 200
    assert changed.json()["csrf"] != csrf["x-csrf-token"]
    assert (await client.get("/v1/session")).json()["csrf"] == changed.json()["csrf"]
    client.cookies.clear()
    name, value = old.popitem()
    gone = await client.get("/v1/session", headers={"cookie": f"{name}={value}"})
    assert gone.status_code == 401
    secret = (await services.administration.invite(1, None)).link.partition("#")[2]
    chosen = {"invitation": secret, "password": PASSWORD}
    elsewhere = {"sec-fetch-site": "cross-site"}
    refused = await client.post("/v1/invitation", json=chosen, headers=elsewhere)
    assert refused.status_code == 403
    assert (await client.post("/v1/invitation", json=chosen)).status_code == 204
    assert (await client.post("/v1/invitation", json=chosen)).status_code == 404
