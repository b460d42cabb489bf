"""An upgrade keeps all that is there, and the version before works on until it is finished."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from api.alerts.rows import entry
from api.alerts.sql import SQL
from api.store.cover import Cover
from api.store.database import UNUSABLE
from api.store.drift import drift
from api.store.migrate import Migration, migrate, pending, shipped
from api.store.queries import parse
from tests.api.store.old_replica import HOME, OUTCOME, OldReplica

EARLIER = Path(__file__).parent / "earlier"
STATES = ["0004", "0005", "0008", "0012", "0020", "0068", "0081"]
"""Of these the first and the last are tried at each run."""
POSTS = {"0008": ["0099_organisations.post.sql"]}
POSTS["0012"] = POSTS["0020"] = POSTS["0068"] = [*POSTS["0008"], "0101_alert_states.post.sql"]
POSTS["0081"] = [*POSTS["0068"], "0102_contacts.post.sql"]
# What a version counts anew or describes, and what a later one has put another way.
MADE_ANEW = {"migration", "schema_made", "hourly_counts", "daily_counts"}
_TABLES = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
    or n.nspname = 'public' and c.relkind = 'v' and c.relname in ('event', 'assessment', 'health')
order by 1
"""


def shipped_by(state: str) -> list[Migration]:
    """The migrations that there were when `state` was the newest."""
    posts = POSTS.get(state, [])
    return [
        one for one in shipped() if one.name in posts or (not one.late and one.name < f"{state}~")
    ]


def filling(state: str) -> str:
    parts = (EARLIER / "filled.sql").read_text().split("-- since: ")[1:]
    sql = "\n".join(part[4:] for part in parts if part[:4] <= state)
    if state < "0008":
        return sql
    # From then on each home is given its organisation by name.
    return sql.replace("into home (", "into home (organisation, ").replace(
        "('h1', 'F", "(1, 'h1', 'F"
    )


async def rows(connection: asyncpg.Connection) -> dict[str, list[str]]:
    """Every row of every table, as JSON."""
    tables = [row["relname"] for row in await connection.fetch(_TABLES)]
    return {
        name: [
            row["row"]
            for row in await connection.fetch(f"select to_jsonb(t)::text as row from {name} t")  # noqa: S608 - from the catalogue
        ]
        for name in tables
        if name not in MADE_ANEW
    }


_LOST = """
select count(*) from unnest($1::text[]) as was (row)
where not exists (select from {} t where to_jsonb(t) @> was.row::jsonb)
"""


_TOLD = """
select max(state) as state, array_agg(action order by id) as actions
from outbox where subject = $1 group by destination order by destination
"""
_DESTINATIONS = "select purpose from destination order by destination"


async def lives_on(connection: asyncpg.Connection, old: OldReplica) -> None:
    """A call for help through an old replica, until a new one shows what became of it."""
    entries = await connection.fetchval("select count(*) from audit")
    await old.reach()
    await old.takes_in_batch("r10", first=3001)
    alert = await connection.fetchval("select id from alert where ref = 'r10'")
    await old.claims(alert)
    await old.notes(alert)
    await old.resolves(alert)
    # It is pressed again before that replica is replaced.
    await old.takes_in_batch("r10", first=3101, version=2)

    await connection.execute("reset role")
    shown = await connection.fetchrow(SQL.one, alert)
    assert (shown["state"], shown["username"], shown["outcome"]) == ("resolved", "ann", OUTCOME)
    steps = await connection.fetch(SQL.history, alert)
    assert [(step["action"], step["after"]) for step in steps] == [
        ("claim", "claimed"), ("note", "claimed"), ("resolve", "resolved"),
    ]  # fmt: skip
    assert entry(steps[1], Cover(None)).note == "She is well."
    said = await connection.fetch(SQL.said_more, HOME)
    assert [row["ref"] for row in said] == ["r10"], "a new replica calls somebody again"
    for table, records in (("event", 2), ("assessment", 2), ("alert_report", 2), ("health", 2)):
        kept = await connection.fetchval(
            f"select count(*) from {table} where journal = 1 and seq > 3000"  # noqa: S608 - ours
        )
        assert kept == records, table
    # Whoever hears of alerts is told each step; nothing goes to a family not agreed to.
    told = await connection.fetch(_TOLD, f"alert/{alert}")
    assert all(row["actions"] == ["raise", "claim", "note", "resolve", "report"] for row in told)
    assert [row["state"] for row in told] == [
        "left_out" if row["purpose"] else "waiting" for row in await connection.fetch(_DESTINATIONS)
    ]
    noted = await connection.fetchval("select count(*) from audit") - entries
    assert noted == (3 if "audit_note" in old.queries else 0)


@pytest.fixture
async def empty(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.mark.parametrize(
    "state",
    [
        STATES[0],
        *(pytest.param(one, marks=pytest.mark.slow) for one in STATES[1:-1]),
        STATES[-1],
    ],
)
async def test_an_upgrade_keeps_every_row_and_the_version_before_can_still_ask_all_it_asks(
    empty: asyncpg.Connection, state: str
) -> None:
    await migrate(empty, shipped_by(state))
    await empty.execute(filling(state))
    before = await rows(empty)
    assert [name for name, there in before.items() if not there] == []
    counted = await empty.fetchval("select sum(n)::int from hourly_counts")

    # The first new replica starts. Old ones still run, and new ones.
    await migrate(empty)
    assert await pending(empty) == []
    old = parse((EARLIER / f"{state}.sql").read_text())
    assert len(old) > 50
    for name, sql in old.items():
        try:
            await empty.prepare(sql)
        except UNUSABLE as error:
            pytest.fail(f"{state}: {name} fails on the newer schema: {error}")
    assert await pending(empty, shipped_by(state)) == [], "an old replica may start anew"
    replica = OldReplica(empty, state, old)
    tried = empty.transaction()
    await tried.start()
    await lives_on(empty, replica)
    await tried.rollback()
    await replica.takes_in_event(2001)
    await replica.takes_in_alert("r9")
    assert await empty.fetchval("select state from alert where ref = 'r9'") == "raised"

    # The last old one has gone.
    await migrate(empty, finish=True)
    assert await pending(empty, finish=True) == []
    assert await drift(empty) == []
    for name, there in before.items():
        lost = await empty.fetchval(_LOST.format(name), there)
        assert lost == 0, f"{lost} rows of {name} are lost or changed"
    assert await empty.fetchval("select sum(n)::int from hourly_counts") == counted + 1 == 991
    assert await empty.fetchval("select sum(n)::int from daily_counts") == 991
