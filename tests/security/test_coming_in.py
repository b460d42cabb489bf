"""Who guesses, or leads somebody astray at the door, gets nowhere."""

import asyncio
import threading
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import Request

from api.console.routes.sign_in import AT_FIRST, inside
from api.identity.passwords import AT_ONCE, Passwords
from api.refusals import NotFound, NotSignedIn
from api.services import Services
from api.web.address import address
from tests.api.support import PASSWORD, add_user


def seen(host: str) -> str:
    return address(cast("Request", SimpleNamespace(client=SimpleNamespace(host=host))))


def test_one_line_of_ipv6_is_not_as_many_guessers_as_it_has_addresses() -> None:
    assert seen("2001:db8:1:2::1") == seen("2001:db8:1:2:ffff::9") != seen("2001:db8:1:3::1")
    assert seen("::ffff:192.0.2.1") == seen("192.0.2.1") != seen("192.0.2.2")
    assert seen("fe80::1%eth0") == seen("fe80::1")
    assert seen("testclient") == "testclient"


async def test_the_time_that_a_wrong_password_takes_does_not_tell_whose_name_there_is() -> None:
    asked: list[str] = []

    class Counted(PasswordHasher):
        def verify(self, hash: Any, password: Any) -> Any:  # noqa: A002 - the library's name
            asked.append(f"{hash}".rpartition("$")[0].rpartition("$")[0])
            return super().verify(hash, password)

    passwords = Passwords(Counted(time_cost=1, memory_cost=1024))
    stored = await passwords.hash("a password that is right")
    assert not await passwords.matches(stored, "wrong")
    assert not await passwords.matches(None, "wrong")
    assert len(asked) == 2
    assert asked[0] == asked[1]  # the same work, at the same cost


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)",
     "\t//evil.example", "/\t/evil.example", "/\r\nSet-Cookie: a=b", "", "evil.example",
     "\\\\evil.example", " //evil.example"],
)  # fmt: skip
def test_no_address_after_signing_in_leads_out_of_the_console(path: str) -> None:
    assert inside(path) == AT_FIRST


async def test_an_odd_page_to_go_on_to_is_no_fault_and_adds_no_header(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services)
    typed = {"username": "ann", "password": PASSWORD, "next": "/homes/\u20ac %0d%0aX-Evil: 1"}
    answer = await client.post("/sign-in", data=typed)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/homes/%E2%82%AC")
    assert "x-evil" not in answer.headers


async def test_a_session_that_somebody_planted_is_not_the_one_that_is_opened(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services)
    client.cookies.set("telecare", "planted-by-somebody-else")
    await client.post("/sign-in", data={"username": "ann", "password": PASSWORD})
    assert await services.staff.session("planted-by-somebody-else") is None
    kept = [one.value for one in client.cookies.jar if one.name == "telecare"]
    assert any(value and value != "planted-by-somebody-else" for value in kept)


async def test_a_crowd_at_the_door_does_not_take_the_memory_of_a_hash_for_each() -> None:
    lock, counts = threading.Lock(), {"now": 0, "most": 0}

    class Watched(PasswordHasher):
        def verify(self, hash: Any, password: Any) -> Any:  # noqa: A002 - the library's name
            with lock:
                counts["now"] += 1
                counts["most"] = max(counts.values())
            try:
                return super().verify(hash, password)
            finally:
                with lock:
                    counts["now"] -= 1

    passwords = Passwords(Watched(time_cost=1, memory_cost=1024))
    stored = await passwords.hash("right")
    assert all(await asyncio.gather(*(passwords.matches(stored, "right") for _ in range(40))))
    assert 0 < counts["most"] <= AT_ONCE


async def test_each_try_at_the_door_is_noted_whether_it_was_let_in_or_not(
    services: Services, connection: asyncpg.Connection
) -> None:
    ann = await add_user(services)
    with pytest.raises(NotSignedIn):
        await services.staff.sign_in("ann", "wrong", "192.0.2.1")
    signed_in = await services.staff.sign_in("ann", PASSWORD, "192.0.2.1")
    await services.staff.sign_out(signed_in.token)
    rows = await connection.fetch("select action, actor from audit where action like 'session.%'")
    said = {(row["action"], row["actor"]) for row in rows}
    me = f"staff:{ann.id}"
    assert {("session.refused", "nobody"), ("session.open", me), ("session.end", me)} == said


async def test_nobody_fetches_the_export_that_a_colleague_asked_for(services: Services) -> None:
    ann = await add_user(services, role="supervisor", organisations=[1])
    bo = await add_user(services, "bo", role="supervisor", organisations=[1])
    job = await services.bulk.ask(ann, [], since=None, identified=False, request="/")
    assert await services.bulk.manifest(ann, job, "/") is None  # being made
    for refused in (services.bulk.manifest(bo, job, "/"), services.bulk.cancel(bo, job)):
        with pytest.raises(NotFound):
            await refused
