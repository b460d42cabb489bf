"""Nobody sees a person's day who has not shown who they are."""

import asyncio
from typing import Any

import asyncpg
import msgspec
import pytest
from argon2 import PasswordHasher

from api.identity.passwords import Passwords
from api.identity.throttle import BEEN_HERE, SIGN_IN_ADDRESS
from api.refusals import Conflict, Invalid, NotSignedIn, TooMany
from api.services import Services
from tests.api.support import PASSWORD, SettableClock, add_user

HERE = "192.0.2.1"


async def test_signing_in_and_out(services: Services) -> None:
    ann = await add_user(services)
    signed_in = await services.staff.sign_in(" ANN ", PASSWORD, HERE)
    assert signed_in.session.user == msgspec.structs.replace(
        ann, session=signed_in.session.user.session
    )
    assert await services.staff.session(signed_in.token) == signed_in.session
    await services.staff.sign_out(signed_in.token)
    assert await services.staff.session(signed_in.token) is None
    await services.staff.sign_out(signed_in.token)


async def test_a_session_ends_by_itself(services: Services, clock: SettableClock) -> None:
    await add_user(services)
    signed_in = await services.staff.sign_in("ann", PASSWORD, HERE)
    clock.move(hours=11, minutes=59)
    assert await services.staff.session(signed_in.token) is not None
    clock.move(minutes=1)
    assert await services.staff.session(signed_in.token) is None


async def test_signing_in_again_changes_the_token_and_ends_the_old_one(
    services: Services,
) -> None:
    await add_user(services)
    first = await services.staff.sign_in("ann", PASSWORD, HERE)
    second = await services.staff.sign_in("ann", PASSWORD, HERE, old_token=first.token)
    assert first.token != second.token
    assert first.session.csrf != second.session.csrf
    assert await services.staff.session(first.token) is None
    assert await services.staff.session(second.token) is not None


async def test_the_database_has_neither_password_nor_token(
    services: Services, connection: asyncpg.Connection
) -> None:
    await add_user(services)
    signed_in = await services.staff.sign_in("ann", PASSWORD, HERE)
    rows = await connection.fetch(
        "select s::text as whole from staff s union all select e::text from session e"
    )
    whole = " ".join(row["whole"] for row in rows)
    assert "$argon2id$" in whole
    assert PASSWORD not in whole
    assert signed_in.token not in whole


@pytest.mark.parametrize(
    ("username", "password"),
    [("ann", "wrong"), ("nobody", PASSWORD), ("", ""), ("ann\0", PASSWORD), ("ann", "x" * 5000)],
)
async def test_wrong_is_wrong_and_which_part_is_not_told(
    services: Services, username: str, password: str
) -> None:
    await add_user(services)
    with pytest.raises(NotSignedIn, match="username and password do not match"):
        await services.staff.sign_in(username, password, HERE)


async def test_after_five_wrong_tries_even_the_right_password_must_wait(
    services: Services, clock: SettableClock
) -> None:
    await add_user(services)
    tries = [services.staff.sign_in("ann", f"wrong {n}", HERE) for n in range(8)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(result, NotSignedIn) for result in results) == 5
    assert sum(isinstance(result, TooMany) for result in results) == 3
    with pytest.raises(TooMany):
        await services.staff.sign_in("ann", PASSWORD, HERE)
    # From elsewhere she still gets in: an attacker cannot lock her out.
    await services.staff.sign_in("ann", PASSWORD, "192.0.2.77")
    clock.move(minutes=15)
    await services.staff.sign_in("ann", PASSWORD, HERE)


async def test_a_whole_office_gets_in_at_the_change_of_shift(
    services: Services, clock: SettableClock
) -> None:
    await add_user(services, "ann")
    await add_user(services, "bob")
    for _ in range(SIGN_IN_ADDRESS.attempts + 10):
        await services.staff.sign_in("ann", PASSWORD, HERE)
    for number in range(SIGN_IN_ADDRESS.attempts):
        with pytest.raises(NotSignedIn):
            await services.staff.sign_in(f"guess{number}", PASSWORD, HERE)
    with pytest.raises(TooMany):
        await services.staff.sign_in("bob", PASSWORD, HERE)  # never here before
    await services.staff.sign_in("ann", PASSWORD, HERE)
    clock.move(days=31)
    assert not await services.throttle.counts(BEEN_HERE, "ann", HERE)


async def test_one_address_cannot_try_one_password_on_everybody(services: Services) -> None:
    results = await asyncio.gather(
        *(services.staff.sign_in(f"user{n}", "Password1!", HERE) for n in range(53)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, TooMany) for result in results) == 3


async def test_a_disabled_account_is_out_at_once(
    services: Services, connection: asyncpg.Connection
) -> None:
    await add_user(services)
    signed_in = await services.staff.sign_in("ann", PASSWORD, HERE)
    await connection.execute("update staff set disabled_at = now()")
    assert await services.staff.session(signed_in.token) is None
    with pytest.raises(NotSignedIn):
        await services.staff.sign_in("ann", PASSWORD, HERE)


async def test_a_hash_of_weaker_days_is_made_anew_at_the_next_sign_in(
    services: Services, connection: asyncpg.Connection
) -> None:
    await add_user(services)
    weak = await Passwords(PasswordHasher(time_cost=1, memory_cost=512)).hash(PASSWORD)
    await connection.execute("update staff set password_hash = $1", weak)
    await services.staff.sign_in("ann", PASSWORD, HERE)
    stored = await connection.fetchval("select password_hash from staff")
    assert stored != weak
    await services.staff.sign_in("ann", PASSWORD, HERE)


@pytest.mark.parametrize(
    ("username", "password", "more"),
    [
        ("", PASSWORD, {}),
        ("a b", PASSWORD, {}),
        ("x" * 65, PASSWORD, {}),
        ("ann", "too short", {}),
        ("ann", "x" * 257, {}),
        ("ann", PASSWORD, {"name": "x" * 81}),
        ("ann", PASSWORD, {"name": "Ann\nB"}),
        ("ann", PASSWORD, {"role": "king"}),
    ],
)
async def test_accounts_are_made_only_as_allowed(
    services: Services, username: str, password: str, more: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        await services.staff.add(username, password, **more)


async def test_a_username_is_taken_once_whatever_its_case(services: Services) -> None:
    await add_user(services)
    with pytest.raises(Conflict, match="already a user ann"):
        await services.staff.add("Ann", PASSWORD)


async def test_what_has_ended_is_forgotten(
    services: Services, clock: SettableClock, connection: asyncpg.Connection
) -> None:
    await add_user(services)
    await services.staff.sign_in("ann", PASSWORD, HERE)
    clock.move(hours=13)
    await services.staff.forget_expired()
    assert await connection.fetchval("select count(*) from session") == 0
    clock.move(days=30)  # so long it is known who has been in from where
    await services.staff.forget_expired()
    assert await connection.fetchval("select count(*) from throttle") == 0
