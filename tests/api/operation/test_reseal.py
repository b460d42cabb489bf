"""A key that got out must be replaced: without a word lost, and without any that it still opens."""

import asyncio
import base64
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.audit.verify import verify
from api.operation.kept import KEPT
from api.operation.reseal import Reseal
from api.outbox.service import Wanted
from api.people.sealing import place_of
from api.response.views import PutContact
from api.services import Services
from api.settings import Settings
from api.store.cover import SHUT
from api.store.reach import CENTRE
from api.store.sealed import Seal
from tests.api.channels.browser import Browser
from tests.api.conftest import QUICK
from tests.api.people.conftest import app, desk
from tests.api.people.marked import HOME, Desk, Marks, fill
from tests.api.people.test_erasure import BYTES, copied, traces
from tests.api.people.test_stolen import NAME, plainly
from tests.api.support import PASSWORD, SettableClock, add_device, add_user

__all__ = ["app", "desk"]
pytestmark = pytest.mark.usefixtures("filled")

OLD, NEW = b"k" * 32, b"n" * 32
BOTH = Seal(NEW, older=[OLD])
SECRET = "whsec_" + base64.b64encode(bytes(32)).decode()


@pytest.fixture
async def filled(desk: Desk, services: Services) -> Desk:
    """A centre in which every room has sealed something with the old key."""
    await fill(desk, services, await add_device(services, HOME), Marks())
    hook = {"url": "https://desk.example/", "secret": SECRET}
    await services.outbox.set(1, Wanted(name="hook", channel="webhook", settings=hook))
    browser = {"endpoint": "https://push.example/1", "keys": Browser.new().keys}
    await desk("POST", "/v1/push/subscriptions", browser)
    return desk


@pytest.fixture
async def after(
    migrated_url: str, clock: SettableClock, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """The same centre, once nobody has the old key any more."""
    app = _app(migrated_url, clock, tmp_path / "new", NEW)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://centre") as client:
        yield client
    await app.state.services.database.close()


def _app(url: str, clock: SettableClock, file: Path, *keys: bytes) -> FastAPI:
    file.write_text("\n".join(base64.b64encode(key).decode() for key in keys))
    settings = Settings(database_url=url, secret_key_file=str(file))
    return create_app(settings, clock=clock, passwords=QUICK)


def reseal(services: Services, seal: Seal = BOTH) -> Reseal:
    return Reseal(services.database, services.clock, seal)


async def run(services: Services, **more: int) -> int:
    return sum([done.sealed async for done in reseal(services).run(**more)])


async def begins(connection: asyncpg.Connection, mark: bytes) -> list[str]:
    """Every column of the database in which something begins so."""
    found = []
    for row in await connection.fetch(BYTES):
        sql = f'select "{row["col"]}" as it from "{row["room"]}"."{row["name"]}"'  # noqa: S608 - names of the catalogue
        values = [one["it"] or b"" for one in await connection.fetch(sql)]
        found += [f"{row['name']}.{row['col']}"] * any(one.startswith(mark) for one in values)
    return sorted(found)


async def said(client: httpx.AsyncClient, path: str) -> object:
    answer = await client.get(path)
    assert answer.is_success, answer.text
    return answer.json()


async def test_everything_opens_with_the_new_key_alone_and_nothing_with_the_old_one(
    filled: Desk, services: Services, connection: asyncpg.Connection, after: httpx.AsyncClient
) -> None:
    shown = [f"/v1/homes/{HOME}{path}" for path in ("/people", "/contacts", "/plans")]
    shown += ["/v1/alerts/1", "/v1/alerts/2", "/v1/cohorts/5"]
    before = [await said(filled.client, path) for path in shown]
    key = await said(filled.client, "/v1/push/key")
    held = await begins(connection, Seal(OLD).mark)
    assert held == sorted(kept.name for kept in KEPT), "each column there is, and no other one"
    left = await reseal(services).left()
    assert set(left) == set(held)
    assert await run(services, batch=3) == sum(left.values())
    assert await reseal(services).left() == {}
    assert await begins(connection, Seal(OLD).mark) == []
    assert await begins(connection, Seal(NEW).mark) == held
    given = {"username": "boss", "password": PASSWORD, "code": filled.shows}
    assert (await after.post("/v1/session", json=given)).is_success
    assert [await said(after, path) for path in shown] == before
    assert await said(after, "/v1/push/key") == key


async def test_a_run_that_was_cut_short_is_gone_on_with_and_seals_nothing_twice(
    services: Services, connection: asyncpg.Connection
) -> None:
    whole = sum((await reseal(services).left()).values())
    steps = reseal(services).run(batch=2)
    first = [await anext(steps) for _ in range(5)]
    await steps.aclose()  # type: ignore[attr-defined]  # it is a generator
    done = sum(step.sealed for step in first)
    assert 0 < done < whole
    rows = await connection.fetch("select secret from second_factor")
    assert await run(services) == whole - done
    assert await connection.fetch("select secret from second_factor") == rows


async def test_what_opens_with_no_key_is_left_as_it_is_and_told(
    services: Services, connection: asyncpg.Connection
) -> None:
    lost = Seal(b"x" * 32).close(b"{}", "elsewhere")
    await connection.execute("update contact set body = $1 where not person", lost)
    await run(services, batch=1)
    assert await reseal(services).left() == {"contact.body": 1}
    assert await connection.fetchval("select body from contact where not person") == lost


async def test_words_that_lay_open_for_want_of_a_key_are_sealed_as_well(
    services: Services, connection: asyncpg.Connection
) -> None:
    await connection.execute("update follow_up set what = $1", b"\0Ring her on Monday")
    await run(services)
    rows = await connection.fetch("select what from follow_up")
    opened = {BOTH.open(row["what"], f"follow-up/{HOME}") for row in rows}
    assert opened == {b"Ring her on Monday"}


async def test_notes_that_an_earlier_version_left_plain_are_sealed_and_read_as_before(
    filled: Desk, services: Services, connection: asyncpg.Connection, after: httpx.AsyncClient
) -> None:
    alert = await connection.fetchval("select id from alert where state = 'shelved'")
    await plainly(connection, alert)
    await connection.execute("update alert set words = null where id = $1", alert)
    assert traces([NAME], await copied(connection)) != []
    await run(services, batch=2)
    assert traces([NAME], await copied(connection)) == []
    given = {"username": "boss", "password": PASSWORD, "code": filled.shows}
    assert (await after.post("/v1/session", json=given)).is_success
    found = (await after.get(f"/v1/alerts/{alert}")).json()
    assert found["alert"]["shelf"]["reason"] == f"{NAME} calls"
    assert found["history"][-1]["note"] == f"{NAME} rang"
    assert f"{NAME} was called" in (await after.get("/v1/cohorts/1")).text


async def test_each_batch_is_in_the_audit_log_and_the_log_stays_whole(
    services: Services, connection: asyncpg.Connection
) -> None:
    await run(services)
    rows = await connection.fetch(
        "select subject, detail from audit where action = 'centre.reseal' order by number"
    )
    assert {row["subject"] for row in rows} == {kept.name for kept in KEPT}
    assert all(BOTH.mark.hex() in row["detail"] for row in rows)
    assert (await verify(services.database)).faults == []


async def test_two_at_once_and_staff_who_write_meanwhile_lose_nothing(
    services: Services, migrated_url: str, clock: SettableClock, tmp_path: Path
) -> None:
    ada = await add_user(services, "ada", role="administrator")
    replica: Services = _app(migrated_url, clock, tmp_path / "both", NEW, OLD).state.services
    contacts = replica.response.contacts

    async def write() -> None:
        for number in range(8):
            (one, *_) = await contacts.of_home(ada, HOME)
            again = PutContact(name=f"Written {number}", version=one.version, person=one.person)
            await contacts.put(ada, HOME, one.contact, again)
            await replica.alerts.note(1, ada, f"Noted {number}")

    await asyncio.gather(run(services, batch=2), run(services, batch=3), write())
    names = [one.name for one in await contacts.of_home(ada, HOME)]
    assert "Written 7" in names
    assert len(names) == 2
    notes = [one.note for one in (await replica.alerts.one(CENTRE, 1)).history]
    assert notes[-8:] == [f"Noted {number}" for number in range(8)]
    assert SHUT not in notes
    assert await reseal(services).left() == {}
    await replica.database.close()


@pytest.mark.parametrize("as_owner", [True, False])
@pytest.mark.parametrize(
    "change", ["update consent set sealed = 'x'", "update alert_history set words = 'x'"]
)
async def test_nobody_else_changes_a_consent_or_a_note_by_the_back_door(
    services: Services, connection: asyncpg.Connection, as_owner: bool, change: str
) -> None:
    if as_owner:
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await connection.execute(change)
        return
    async with services.database.transaction(CENTRE) as one:
        await one.execute("select set_config('telecare.resealing', 'on', true)")
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.RaiseError)):
            await one.execute(change)


async def test_the_command_says_what_is_left_and_seals_it(
    services: Services, migrated_url: str, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    _app(migrated_url, SettableClock(), keys, NEW, OLD)

    async def command(*more: str) -> tuple[int | None, str]:
        environment = {
            **os.environ, "DATABASE_URL": migrated_url, "TELECARE_SECRET_KEY_FILE": str(keys)
        }  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "api", "reseal", *more, env=environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        out, _ = await process.communicate()
        return process.returncode, out.decode()

    status, told = await command("--check")
    assert status == 1
    assert "resident.sealed: 2 not sealed with the newest key" in told
    status, told = await command()
    assert status == 0, told
    assert "all is sealed with the newest key" in told
    assert (await command("--check"))[0] == 0
    async with services.database.transaction(CENTRE) as connection:
        row = await connection.fetchrow("select resident, sealed from resident limit 1")
    assert Seal(NEW).open(row["sealed"], place_of(f"{row['resident']}"))
