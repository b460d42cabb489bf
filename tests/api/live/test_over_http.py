"""From a hub's batch to an operator's open page, through a real server and two real processes."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from api.clock import utc_now
from api.identity.access import TokenRequest
from api.identity.permissions import Permission, Role
from api.identity.staff_views import StaffChange
from api.people.consent import Purpose
from api.services import Services
from api.store.reach import CENTRE
from tests.api.server import CentreProcess
from tests.api.support import PASSWORD, add_device, add_user, agree

pytestmark = pytest.mark.network

PATIENCE = 30


async def events(lines: AsyncIterator[str]) -> AsyncIterator[tuple[str, str]]:
    name = ""
    async for line in lines:
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, value


async def test_an_alert_reaches_a_page_that_another_process_serves(
    services: Services, migrated_url: str, tmp_path: Path
) -> None:
    device = await add_device(services)
    await add_user(services)
    credentials = {"username": "ann", "password": PASSWORD}
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    page, intake = (CentreProcess(tmp_path / name, migrated_url) for name in ("one", "other"))
    with page, intake:
        async with httpx.AsyncClient(base_url=page.url, timeout=PATIENCE) as client:
            assert (await client.post("/v1/session", json=credentials)).status_code == 201
            async with client.stream("GET", "/v1/live") as answer:
                assert answer.headers["content-type"].startswith("text/event-stream")
                told = events(answer.aiter_lines())
                assert await anext(told) == ("resync", "{}")
                sent = await client.post(
                    f"{intake.url}/v1/hubs/{device.hub}/batches",
                    content=device.batch_json([device.alert(1), device.health(2)]),
                    headers={"Authorization": f"Bearer {device.token(utc_now())}"},
                )
                assert sent.status_code == 200
                first = await asyncio.wait_for(anext(told), PATIENCE)
                alert = (await services.alerts.queue(CENTRE)).advisory[0].id
                assert first == ("alert", f'{{"alert":{alert},"version":1}}')
                assert await anext(told) == ("hub", f'{{"hub":"{device.hub}"}}')
                # An open page does not hold up the end of the service; it comes back by itself.
                assert await asyncio.to_thread(page.stop) == 0
                assert [event async for event in told] == []


async def test_an_open_page_ends_at_once_where_its_reader_may_do_less_or_is_let_go(
    services: Services, migrated_url: str, tmp_path: Path
) -> None:
    ann = (await add_user(services)).id
    await add_user(services, "boss", role="administrator")
    staff = services.administration

    async def lower() -> None:
        was = await staff.one(ann, None)
        less = StaffChange(version=was.version, name="Ann", role="installer", everywhere=True)
        await staff.change(ann, less, None)

    async def gone() -> None:
        await staff.disable(ann, None)

    credentials = {"username": "ann", "password": PASSWORD}
    page = CentreProcess(tmp_path, migrated_url)
    with page:
        async with httpx.AsyncClient(base_url=page.url, timeout=PATIENCE) as client:
            for happens in (lower, gone):
                assert (await client.post("/v1/session", json=credentials)).status_code == 201
                async with client.stream("GET", "/v1/live") as answer:
                    told = events(answer.aiter_lines())
                    assert await anext(told) == ("resync", "{}")
                    await happens()
                    # It ends before it beats, at which it would have been asked in any case.
                    assert [event async for event in told] == []
            assert (await client.post("/v1/session", json=credentials)).status_code == 401


async def test_a_stream_names_no_alert_and_no_home_to_who_may_not_see_it(
    services: Services, migrated_url: str, tmp_path: Path
) -> None:
    """By every role, and a program of an operator's without the scope for alerts."""
    device, agreed = await add_device(services), await add_device(services, "h-agreed")
    boss = await add_user(services, "boss", role="administrator")
    await agree(services, boss, agreed.home, Purpose.CARE_TEAM)
    for role in Role:
        await add_user(services, f"the-{role}".replace("_", "-"), role=role)
    ann = await add_user(services)
    asked = TokenRequest(name="display", scopes=[Permission.READ_HOMES.value])
    token = (await services.access.add_token(asked, ann)).token
    # The clock of what they sign in to is the machine's.
    async with services.database.transaction(CENTRE) as connection:
        await connection.execute("update api_token set expires_at = now() + interval '1 day'")

    with CentreProcess(tmp_path, migrated_url) as centre:

        async def heard(role: str) -> set[str]:
            """What is told until the first beat, before which everything happens."""
            found: set[str] = set()
            async with httpx.AsyncClient(base_url=centre.url, timeout=PATIENCE) as client:
                if role == "program":
                    client.headers["Authorization"] = f"Bearer {token}"
                else:
                    asked = {"username": f"the-{role}".replace("_", "-"), "password": PASSWORD}
                    assert (await client.post("/v1/session", json=asked)).status_code == 201
                async with client.stream("GET", "/v1/live") as answer:
                    told = events(answer.aiter_lines())
                    assert await anext(told) == ("resync", "{}")
                    begun.release()
                    while True:
                        name, data = await anext(told)
                        found.add(data if name in {"alert", "hub"} else name)
                        if name == "beat":
                            return found

        begun = asyncio.Semaphore(0)
        roles = [*Role, "program"]
        async with asyncio.timeout(4 * PATIENCE), asyncio.TaskGroup() as group:
            tasks = {role: group.create_task(heard(role)) for role in roles}
            for _ in roles:
                await begun.acquire()
            records = [device.alert(1), device.health(2)]
            await services.ingest.store(device.batch(records), device.home)
    alert = (await services.alerts.queue(CENTRE)).advisory[0].id
    of_alert, of_hub = f'{{"alert":{alert},"version":1}}', f'{{"hub":"{device.hub}"}}'
    for role, task in tasks.items():
        expected = {"beat", "resync" if role == Role.CARE_PROFESSIONAL else of_hub}
        if role in {Role.OPERATOR, Role.SUPERVISOR, Role.ADMINISTRATOR}:
            expected |= {of_alert}
        assert task.result() == expected, role
