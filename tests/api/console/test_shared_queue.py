"""Consoles that read the queue at once share it, within what each may see; each is noted."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.console.pages import drawn
from api.identity.people import Member
from api.services import Services
from tests.api.support import PASSWORD, add_alert, add_device, add_user, agree

pytestmark = pytest.mark.network

Sit = Callable[[str], Awaitable[httpx.AsyncClient]]
LIVE = {"hx-request": "true"}


@pytest.fixture
async def sit(app: FastAPI) -> AsyncIterator[Sit]:
    """Signs somebody in."""
    async with AsyncExitStack() as stack:

        async def seat(username: str) -> httpx.AsyncClient:
            transport = httpx.ASGITransport(app)
            opened = httpx.AsyncClient(transport=transport, base_url="http://centre")
            desk = await stack.enter_async_context(opened)
            answer = await desk.post(
                "/v1/session", json={"username": username, "password": PASSWORD}
            )
            desk.headers["X-CSRF-Token"] = answer.json()["csrf"]
            return desk

        yield seat


async def queue(desk: httpx.AsyncClient) -> str:
    answer = await desk.get("/queue", headers=LIVE)
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.text


async def test_each_of_many_who_look_at_once_is_noted_by_themselves(
    services: Services, sit: Sit, connection: asyncpg.Connection
) -> None:
    await add_alert(services, await add_device(services))
    names = [f"op{n}" for n in range(6)]
    staff = [await add_user(services, name) for name in names]
    desks = [await sit(name) for name in names]
    await asyncio.gather(*(queue(desk) for desk in desks for _ in range(3)))
    noted = await connection.fetch(
        "select actor, count(*) as n, count(distinct correlation) as of, "
        "bool_and(session <> '') as seated, min(chain) as chain "
        "from audit where action = 'queue.read' group by actor"
    )
    assert {tuple(row) for row in noted} == {(one.actor, 3, 3, True, 1) for one in staff}


async def test_who_claims_sees_it_as_theirs_and_all_others_as_somebodys(
    services: Services, sit: Sit
) -> None:
    alert = await add_alert(services, await add_device(services))
    for name in ("ann", "bob", "cat"):
        await add_user(services, name)
    ann, bob, cat = [await sit(name) for name in ("ann", "bob", "cat")]
    others = [asyncio.create_task(queue(desk)) for desk in (bob, cat) for _ in range(10)]
    await asyncio.sleep(0.005)  # some of these are being read
    assert (await ann.post(f"/v1/alerts/{alert}/claim", json={})).is_success
    mine, *theirs = await asyncio.gather(queue(ann), queue(bob), queue(cat))
    await asyncio.gather(*others)
    assert f'id="claim-{alert}"' not in mine
    assert 'class="handler mine"' in mine
    assert "1 is yours" in mine
    for page in theirs:
        assert f'id="claim-{alert}"' not in page
        assert 'class="handler"' in page
        assert "Ann B" in page
        assert "yours" not in page


async def test_each_has_their_own_key_to_act_with(services: Services, sit: Sit) -> None:
    await add_alert(services, await add_device(services))
    for name in ("ann", "bob"):
        await add_user(services, name)
    desks = [await sit(name) for name in ("ann", "bob")]
    pages = await asyncio.gather(*(queue(desk) for desk in desks))
    keys = [desk.headers["X-CSRF-Token"] for desk in desks]
    for page, own, other in zip(pages, keys, reversed(keys), strict=True):
        assert own in page
        assert other not in page


async def test_two_organisations_never_see_each_others(services: Services, sit: Sit) -> None:
    await services.organisations.add("North")
    for number, home in ((1, "ours"), (2, "theirs")):
        device = await add_device(services, home, label=f"Flat {home}", organisation=number)
        await add_alert(services, device)
    await add_user(services, "ann", organisations=[1])
    await add_user(services, "bob", organisations=[2])
    await add_user(services, "both", organisations=[2, 1])
    ann, bob, both = [await sit(name) for name in ("ann", "bob", "both")]
    for _ in range(3):
        pages = await asyncio.gather(*(queue(one) for one in (ann, bob, both) * 5))
        for n, page in enumerate(pages):
            seen = {home for home in ("ours", "theirs") if f"Flat {home}" in page}
            assert seen == ({"ours"}, {"theirs"}, {"ours", "theirs"})[n % 3]


async def test_who_sees_by_consent_alone_has_no_part_in_what_operators_read(
    services: Services, sit: Sit
) -> None:
    boss: Member = await add_user(services, "boss", role="administrator")
    for home in ("yes", "no"):
        await add_alert(services, await add_device(services, home, label=f"Flat {home}"))
    await agree(services, boss, "yes")
    await add_user(services, "nurse", role="care_professional", organisations=[1])
    desks = [await sit("boss"), await sit("nurse")]
    for _ in range(3):
        pages = await asyncio.gather(*(queue(one) for one in desks * 5))
        assert all("Flat no" in page for page in pages[::2])
        assert not any("Flat no" in page for page in pages[1::2])
        assert all("Flat yes" in page for page in pages)


async def test_a_queue_that_could_not_be_read_is_read_anew(
    services: Services, sit: Sit, connection: asyncpg.Connection
) -> None:
    await add_alert(services, await add_device(services, label="Flat 1"))
    await add_user(services, "ann")
    ann = await sit("ann")
    await connection.execute("revoke select on alert from telecare_organisation")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await queue(ann)
    assert not await connection.fetch("select from audit where action = 'queue.read'")
    await connection.execute("grant select on alert to telecare_organisation")
    assert "Flat 1" in await queue(ann)


async def test_a_card_is_drawn_once_however_many_see_it(services: Services, sit: Sit) -> None:
    for _ in range(3):
        await add_alert(services, await add_device(services))
    await add_user(services, "ann")
    await add_user(services, "bob")
    desks = [await sit("ann"), await sit("bob")]
    drawn.cache_clear()
    first = await queue(desks[0])
    before = drawn.cache_info().misses
    assert before == first.count('id="alert-') == 3
    await asyncio.gather(*(queue(desk) for desk in desks * 5))
    assert drawn.cache_info().misses == before
