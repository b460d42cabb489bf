"""One client's homes are no other client's business, whatever a query forgets to ask."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import asyncpg
import pytest

from api.alerts.duties import Duty
from api.identity.people import Member
from api.refusals import Conflict, NotFound
from api.services import Services
from api.store.reach import CENTRE, Reach, of_home, within
from tests.api.people.support import settle_in
from tests.api.support import PASSWORD, Device, add_alert, add_device, add_user

OPEN = {"migration", "staff", "duty"}
"""What is also nobody's: which migrations there were, what staff are called, common duties."""
_TOLD = """
with d as (
    insert into destination (organisation, name, channel, settings)
    values ($1, 'desk', 'webhook', '{}') returning destination
)
insert into outbox (organisation, destination, subject, action, version, body, state, ended_at)
select $1, destination, 'alert/' || $2::bigint, 'raise', 1, '{}', 'sent', now() from d
"""


class Client(NamedTuple):
    """An organisation with a home, in which everything has happened that leaves a trace."""

    number: int
    device: Device
    alert: int
    operator: Member

    @property
    def reach(self) -> Reach:
        return within([self.number])


@pytest.fixture
async def clients(services: Services) -> tuple[Client, Client]:
    other = await services.organisations.add("Riverside Homes")
    return await lived(services, 1), await lived(services, other.organisation)


async def lived(services: Services, number: int) -> Client:
    device = await add_device(services, f"home-of-{number}", organisation=number)
    keeper = await add_user(services, f"sue{number}", role="supervisor", organisations=[number])
    alert = await add_alert(services, device, 1)
    assessment = {
        "v": 1, "home": device.home, "at": "2026-03-10T12:00:00Z", "condition": "uti_risk",
        "state": "normal", "score": 0.1,
    }  # fmt: skip
    records = [
        device.event(2),
        device.health(3),
        {"seq": 4, "kind": "assessment", "body": assessment},
        {"seq": 5, "kind": "news", "body": {"any": number}},
        {"seq": 6, "kind": "event", "body": {"nonsense": number}},
    ]
    await services.ingest.store(device.batch(records), device.home)
    await services.alerts.claim(alert, keeper)
    await services.configurations.put(device.home, b'{"people": 2}', keeper, seen=0)
    await services.budgets.put_all(keeper, number, {"uti_risk": number / 4})
    await services.fittings.sign(keeper, device.home, device.hub, key="k", why="stopped")
    await services.fittings.called(keeper, device.home, key="k", answered="other")
    await settle_in(services, device.home, keeper)
    for within_s in (60, 90):
        await services.duties.put(keeper, number, [Duty(
            priority="urgent", kind="seconds", within_s=within_s, share=0.9, escalates=True,
        )])  # fmt: skip
    async with services.database.transaction(CENTRE) as connection:
        await connection.execute(_TOLD, number, alert)
        await connection.execute("delete from outbox where organisation = $1", number)
    return Client(number, device, alert, keeper)


@pytest.fixture
async def readable(connection: asyncpg.Connection) -> list[str]:
    """Whatever table or view the role of an organisation may read."""
    rows = await connection.fetch(
        "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = 'public' and c.relkind in ('r', 'v', 'p')"
        " and has_table_privilege('telecare_organisation', c.oid, 'select')"
        " order by 1"
    )
    return [row["relname"] for row in rows if row["relname"] not in OPEN]


async def rows_of(services: Services, reach: Reach, table: str) -> set[str]:
    async with services.database.transaction(reach) as connection:
        found = await connection.fetch(f"select t::text as row from {table} t")  # noqa: S608 - names from the catalogue
    return {row["row"] for row in found}


async def test_no_table_shows_one_client_a_row_of_another(
    services: Services, clients: tuple[Client, Client], readable: list[str]
) -> None:
    assert {"home", "hub", "alert", "event", "health", "hourly_counts"} <= set(readable)
    filled = set()
    for table in readable:
        ours, theirs = [await rows_of(services, client.reach, table) for client in clients]
        everything = await rows_of(services, CENTRE, table)
        assert not ours & theirs, table
        if table != "audit":  # what concerns nobody in particular is the centre's own
            assert ours | theirs == everything, f"{table}: nothing of anybody's is hidden from all"
        if ours and theirs:
            filled.add(table)
        assert await rows_of(services, within([]), table) == set(), table
        both = within(client.number for client in clients)
        assert await rows_of(services, both, table) == ours | theirs, table
    empty = {"command", "configuration_report", "silence", "walk_step"}
    # What is kept for responding is looked at with rows in it in tests/api/response.
    empty |= {
        "response_plan",
        "response_attempt",
        "contact",
        "key_safe",
        "key_safe_look",
        "follow_up",
    }
    empty |= {"cohort_contact", "reablement", "export_job", "export_part"}
    assert set(readable) - empty <= filled, "each was looked at with rows in it"


async def test_a_table_that_somebody_adds_is_shut_until_it_is_opened(
    connection: asyncpg.Connection, services: Services
) -> None:
    del services  # only to have the database migrated
    rows = await connection.fetch(
        "select relname from pg_class where relnamespace = 'public'::regnamespace"
        " and relkind in ('r', 'p') and not relrowsecurity"
    )
    assert {row["relname"] for row in rows} == {"migration", "schema_made"}
    rows = await connection.fetch(
        "select relname from pg_class where relnamespace = 'series'::regnamespace"
        " and has_any_column_privilege('telecare_organisation', oid, 'select, insert, update')"
    )
    assert rows == []


async def test_a_client_s_staff_find_nothing_of_another_client(
    services: Services, clients: tuple[Client, Client]
) -> None:
    ours, theirs = clients
    home, hub, by = theirs.device.home, theirs.device.hub, ours.operator
    asked: list[Callable[[], Awaitable[Any]]] = [
        lambda: services.alerts.one(by.reach, theirs.alert),
        lambda: services.alerts.claim(theirs.alert, by),
        lambda: services.alerts.note(theirs.alert, by, "mine now"),
        lambda: services.homes.one(by.reach, home),
        lambda: services.homes.days(by.reach, home),
        lambda: services.homes.activity(by.reach, home),
        lambda: services.homes.relabel(by.reach, home, "mine now"),
        lambda: services.configurations.of(by.reach, home),
        lambda: services.configurations.put(home, b"{}", by, seen=1),
    ]
    for ask in asked:
        with pytest.raises(NotFound):
            await ask()
    assert [one.home for one in await services.homes.all(by.reach)] == [ours.device.home]
    assert {one.id for one in (await services.alerts.queue(by.reach)).advisory} == {ours.alert}
    assert await services.alerts.of_home(by.reach, home) == []
    assert await services.commands.of_hub(by.reach, hub) == []


async def test_a_hub_cannot_write_into_another_client_s_home(
    services: Services, clients: tuple[Client, Client]
) -> None:
    ours, theirs = clients
    async with services.database.transaction(of_home(ours.device.home)) as connection:
        with pytest.raises(asyncpg.WithCheckOptionViolationError):
            async with connection.transaction():
                await connection.execute(
                    "insert into event"
                    " (home, at, sensor, kind, place, value, quality, journal, seq, body)"
                    " values ($1, now(), 's', 'motion', 'hall', 1, 'ok', 1, 99, '{}')",
                    theirs.device.home,
                )
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with connection.transaction():
                await connection.execute(
                    "insert into sensor (home, sensor, kind, place, last_at)"
                    " values ($1, 's', 'motion', 'hall', now())",
                    theirs.device.home,
                )
        rewrite = "update alert set text = '' where home = $1"
        assert await connection.execute(rewrite, theirs.device.home) == "UPDATE 0"


async def test_staff_of_the_centre_see_every_client_also_those_to_come(
    services: Services, clients: tuple[Client, Client]
) -> None:
    ann = await add_user(services, "ann")
    assert ann.organisations == tuple(client.number for client in clients)
    session = (await services.staff.sign_in("ann", PASSWORD, "192.0.2.1")).token
    later = await services.organisations.add("Hillside Homes")
    found = await services.staff.session(session)
    assert found is not None
    assert later.organisation in found.user.organisations


async def test_a_home_that_changes_hands_takes_its_alerts_along(
    services: Services, clients: tuple[Client, Client], connection: asyncpg.Connection
) -> None:
    ours, theirs = clients
    await connection.execute(
        "update home set organisation = $1 where home = $2", ours.number, theirs.device.home
    )
    waiting = (await services.alerts.queue(ours.reach)).advisory
    assert {one.id for one in waiting} == {ours.alert, theirs.alert}
    assert (await services.alerts.queue(theirs.reach)).advisory == []


async def test_a_home_is_not_taken_over_by_adding_a_hub_to_it(
    services: Services, clients: tuple[Client, Client]
) -> None:
    ours, theirs = clients
    with pytest.raises(Conflict, match="another organisation"):
        await services.claims.add_hub(theirs.device.home, organisation=ours.number)
