"""While the database is away hubs are told to come again, and served as soon as it is back."""

import asyncio
from contextlib import suppress
from pathlib import Path

import asyncpg
import httpx
import pytest

from api.app import create_app
from api.refusals import DatabaseAway
from api.services import Services
from api.settings import Settings
from api.store.database import Database
from api.store.reach import AS_CONNECTED, CENTRE
from api.web import health
from tests.api.support import SettableClock, add_device
from tests.support.database import Postgres
from tests.support.deadening import deadening
from tests.support.dying import dying


async def asked(database: Database) -> None:
    async with database.transaction(AS_CONNECTED) as connection:
        await connection.fetchval("select 1")


async def test_a_server_that_is_not_there_is_away_and_not_a_fault(tmp_path: Path) -> None:
    database = Database(f"postgresql://postgres@/postgres?host={tmp_path}")
    for _ in range(2):
        with pytest.raises(DatabaseAway, match="cannot be reached"):
            await asked(database)
    await database.close()


async def test_the_service_answers_503_while_the_server_is_away_and_goes_on_when_it_is_back(
    tmp_path: Path, clock: SettableClock
) -> None:
    app = create_app(
        Settings(database_url=f"postgresql://postgres@/postgres?host={tmp_path}/data"), clock=clock
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://centre") as client:
        for path in ("/readyz", "/v1/alerts"):
            client.cookies.set("telecare", "any")
            answer = await client.get(path)
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "5"
            assert answer.headers["content-type"] == "application/problem+json"
        assert (await client.get("/healthz")).status_code == 200
        with await asyncio.to_thread(Postgres, tmp_path / "data"):
            answer = await client.get("/readyz")
            assert "still lacks 0001_foundations.sql" in answer.json()["detail"]
            assert answer.status_code == 503
            await app.state.services.database.close()


@pytest.mark.network
async def test_a_link_that_goes_dead_without_a_word_is_given_up_and_another_is_taken(
    tmp_path: Path,
) -> None:
    """A firewall that forgets, a machine that loses power: nobody says that the link is gone."""
    with await asyncio.to_thread(Postgres, tmp_path / "data"):
        async with deadening(str(tmp_path / "data" / ".s.PGSQL.5432")) as link:
            database = Database(link.url, connections=2, patience=1.0)
            await asked(database)
            link.go_dead()
            for _ in range(3):
                with suppress(DatabaseAway):
                    await asyncio.wait_for(asked(database), 20)
            await asyncio.wait_for(asked(database), 5)
            await database.close()


@pytest.mark.network
async def test_a_centre_over_a_dead_link_does_not_say_that_it_is_ready(
    tmp_path: Path, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "SECONDS", 0.5)
    with await asyncio.to_thread(Postgres, tmp_path / "data"):
        async with deadening(str(tmp_path / "data" / ".s.PGSQL.5432")) as link:
            app = create_app(Settings(database_url=link.url, connections=1), clock=clock)
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://centre") as client:
                assert "still lacks" in (await client.get("/readyz")).json()["detail"]
                link.go_dead()
                answer = await client.get("/readyz")
                assert (answer.status_code, answer.json()["detail"]) == (
                    503, "The database has not answered for 0.5 seconds.",
                )  # fmt: skip
            link.end()
            await app.state.services.database.close()


@pytest.mark.network
async def test_a_server_that_dies_amid_its_last_words_is_away_and_not_a_fault_of_ours() -> None:
    async with dying() as server:
        database = Database(server.url)
        with pytest.raises(DatabaseAway):
            await asked(database)
        await database.close()


async def test_connections_that_the_server_ended_are_replaced_without_a_fault(
    services: Services,
) -> None:
    device = await add_device(services)
    async with services.database.transaction(AS_CONNECTED) as connection:
        await connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where pid <> pg_backend_pid() and datname = current_database()"
        )
    for _ in range(12):
        receipt = await services.ingest.store(device.batch([]), device.home)
        assert receipt.contiguous == 0


async def test_a_transaction_cut_off_in_the_middle_stores_nothing(services: Services) -> None:
    device = await add_device(services)

    async def cut_off() -> None:
        async with services.database.transaction(AS_CONNECTED) as connection:
            await connection.execute("update home set label = 'half done'")
            await connection.execute("select pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(DatabaseAway):
        await cut_off()
    assert (await services.homes.one(CENTRE, device.home)).label == ""


async def test_a_mistake_in_a_query_is_not_taken_for_an_absence(services: Services) -> None:
    async with services.database.transaction(CENTRE) as connection:
        with pytest.raises(asyncpg.UndefinedTableError):
            await connection.fetch("select * from nowhere")


async def test_a_server_without_room_or_right_to_write_is_away_and_not_a_fault(
    services: Services,
) -> None:
    """Hubs keep what they have at 503; at 500 staff would be told of a mistake of ours."""

    async def write(state: str) -> None:
        async with services.database.transaction(AS_CONNECTED) as connection:
            await connection.execute(f"do $$ begin raise sqlstate '{state}'; end $$")

    for state in ("53100", "53200", "53300", "58030", "25006"):
        with pytest.raises(DatabaseAway):
            await write(state)
    await asked(services.database)
