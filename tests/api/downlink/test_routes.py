"""The downlink over HTTP: who may ask, and how soon a hub hears of what is new."""

import asyncio
import contextlib

import httpx
import pytest

from api.downlink.commands import IssueRequest
from api.downlink.waiting import MOST, Waiting
from api.live.fanout import Fanout
from api.live.listener import Listener
from api.services import Services
from contract import Downlink, decode
from tests.api.support import PASSWORD, SettableClock, add_device, add_user

PATIENCE = 20.0


async def signed_in(client: httpx.AsyncClient, username: str) -> dict[str, str]:
    answer = await client.post("/v1/session", json={"username": username, "password": PASSWORD})
    return {"X-CSRF-Token": answer.json()["csrf"]}


async def test_staff_set_and_command_and_the_hub_asks(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    device = await add_device(services)
    await add_user(services, "sue", role="supervisor")
    csrf = await signed_in(client, "sue")
    where = f"/v1/homes/{device.home}/configuration"
    blind = await client.put(where, json={"people": 2}, headers=csrf)
    assert (blind.status_code, "seen" in blind.text) == (422, True)
    put = await client.put(f"{where}?seen=0", json={"people": 2}, headers=csrf)
    assert (put.status_code, put.json()["version"]) == (200, 1)
    stale = await client.put(f"{where}?seen=0", json={"people": 3}, headers=csrf)
    assert (stale.status_code, stale.json()["edition"]) == (409, 1)
    assert (await client.get(where)).json()["content"] == {"people": 2}
    commands = f"/v1/hubs/{device.hub}/commands"
    issued = await client.post(commands, json={"kind": "test", "id": "t1"}, headers=csrf)
    assert (issued.status_code, issued.json()["state"]) == (201, "waiting")
    assert [one["id"] for one in (await client.get(commands)).json()] == ["t1"]
    assert (await client.get(f"{commands}/t1")).json()["command"]["id"] == "t1"
    token = {"Authorization": f"Bearer {device.token(clock.now)}"}
    told = await client.get(f"/v1/hubs/{device.hub}/downlink", headers=token)
    downlink = decode(told.content, Downlink)
    assert downlink.at == clock.now
    assert downlink.configuration is not None
    assert bytes(downlink.configuration.content) == b'{"people":2}'
    assert [one.kind for one in downlink.commands] == ["test"]


async def test_nobody_else_asks_or_commands(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    mine, other = await add_device(services), await add_device(services)
    token = {"Authorization": f"Bearer {mine.token(clock.now)}"}
    for path, headers, status in (
        (f"/v1/hubs/{other.hub}/downlink", token, 403),
        (f"/v1/hubs/{other.hub}/downlink", {}, 401),
        (f"/v1/hubs/{mine.hub}/downlink?wait=51", token, 422),
        (f"/v1/hubs/{mine.hub}/downlink?commands=-1", token, 422),
        (f"/v1/hubs/{mine.hub}/commands", token, 401),
        (f"/v1/homes/{mine.home}/configuration", token, 401),
    ):
        assert (await client.get(path, headers=headers)).status_code == status, path
    await add_user(services)
    await signed_in(client, "ann")
    without = await client.post(f"/v1/hubs/{mine.hub}/commands", json={"kind": "test"})
    assert without.status_code == 403


async def test_a_hub_that_waits_hears_at_once_and_only_what_is_its_own(
    services: Services,
) -> None:
    device, other = await add_device(services), await add_device(services)
    ann = await add_user(services)
    listener = asyncio.create_task(Listener(services.database.url, services.live).run())
    try:
        while not services.live.listening:  # noqa: ASYNC110 - it has no event for it
            await asyncio.sleep(0.01)
        asking = [
            asyncio.create_task(
                services.asking.answer(
                    one.hub, one.home, configuration=0, commands=0, wait=PATIENCE
                )
            )
            for one in (device, other)
        ]
        await asyncio.sleep(0.2)
        await services.commands.issue(device.hub, IssueRequest(kind="test"), ann)
        found = await asyncio.wait_for(asking[0], PATIENCE / 2)
        assert [one.kind for one in found.commands] == ["test"]
        assert not asking[1].done()
        services.live.close()
        assert (await asyncio.wait_for(asking[1], PATIENCE / 2)).commands == []
        assert len(services.live.waiting) == 0
    finally:
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)


async def test_who_waits_in_vain_is_answered_in_the_end(services: Services) -> None:
    device = await add_device(services)
    found = await services.asking.answer(
        device.hub, device.home, configuration=0, commands=0, wait=0.01
    )
    assert (found.configuration, found.commands) == (None, [])


@pytest.mark.parametrize("lost", ["heard", "close"])
def test_word_that_may_have_been_missed_wakes_everybody(lost: str) -> None:
    fanout = Fanout()
    with fanout.waiting.of("hub-1") as one, fanout.waiting.of("hub-2") as two:
        getattr(fanout, lost)()
        assert one.is_set()
        assert two.is_set()


def test_two_who_wait_for_one_hub_both_hear() -> None:
    waiting = Waiting()
    with waiting.of("hub-1") as one, waiting.of("hub-1") as two, waiting.of("hub-2") as other:
        waiting.tell("hub-1")
        assert [one.is_set(), two.is_set(), other.is_set()] == [True, True, False]
    assert len(waiting) == 0


def test_a_stolen_key_holds_no_more_than_a_few_questions_open() -> None:
    waiting = Waiting()
    with contextlib.ExitStack() as stack:
        other = stack.enter_context(waiting.of("hub-2"))
        news = [stack.enter_context(waiting.of("hub-1")) for _ in range(MOST + 2)]
        assert [one.is_set() for one in news] == [True, True] + [False] * MOST
        assert not other.is_set()
        waiting.tell("hub-1")
        assert all(one.is_set() for one in news)
    assert len(waiting) == 0


async def test_the_oldest_of_too_many_questions_is_answered_at_once(services: Services) -> None:
    device = await add_device(services)

    async def ask() -> None:
        await services.asking.answer(
            device.hub, device.home, configuration=0, commands=0, wait=PATIENCE
        )

    first = asyncio.create_task(ask())
    await asyncio.sleep(0.1)
    others = [asyncio.create_task(ask()) for _ in range(MOST)]
    await asyncio.wait_for(first, PATIENCE / 2)
    assert not any(one.done() for one in others)
    services.live.close()
    await asyncio.gather(*others)
