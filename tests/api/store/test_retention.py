"""What has had its time goes with all that hangs on it; what is not over stays, however old."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from api.identity.people import Member
from api.services import Services
from api.store import house
from api.store.house import keep_house
from api.store.reach import CENTRE, within
from tests.api.support import Device, SettableClock, add_alert, add_device, add_user

DOCS = (Path(__file__).parents[3] / "docs" / "retention.md").read_text("utf-8")
CALL = {"condition": "help_button", "severity": "urgent"}
AGES = 3653
"""Days; beyond the time of every class."""
LONG_AGO = datetime(2015, 1, 1, tzinfo=UTC)
HANGS_ON = (
    "alert_report", "alert_history", "alert_told", "response_attempt", "key_safe_look", "follow_up",
)  # fmt: skip

_TOLD = """
with d as (
    insert into destination (organisation, name, channel, settings)
    values (1, 'desk', 'webhook', '{}')
    on conflict (organisation, name) do update set enabled = true returning destination
)
insert into outbox (organisation, destination, subject, action, version, body, state, ended_at)
select 1, destination, 'alert/' || $1::bigint, 'raise', 1, '{}', 'sent', $2 from d
"""
_TRIED = """
insert into response_attempt (alert, home, version, key, kind, result, staff, at)
select id, home, 1, 'k', 'call', 'done', $2, $3 from alert where id = $1
"""
_LOOKED = """
insert into key_safe_look (home, alert, staff, at, hide_at, reason, seen_by, seen_at)
select home, id, $2, $3, $3, '', $2, $4 from alert where id = $1
"""
_TASK = """
insert into follow_up (home, alert, due_on, what, added_at, outcome, ended_at)
select home, id, now()::date, '', $2, case when $3::timestamptz is not null then 'done' end, $3
from alert where id = $1
"""
_SILENT = """
insert into silence (hub, heard_at, found_at, over_at, alert)
select b.hub, $2, $2, $3, a.id from alert a join hub b on b.home = a.home where a.id = $1
"""


@dataclass
class Past:
    """A centre ten years ago, with one home and somebody at work."""

    services: Services
    connection: asyncpg.Connection
    clock: SettableClock
    now: datetime
    device: Device
    ann: Member

    @property
    def then(self) -> datetime:
        return self.clock.now

    def come_to(self, days: int) -> None:
        """Makes it so many days ago."""
        self.clock.now = self.now - timedelta(days=days)

    async def resolved(self, seq: int = 1) -> int:
        """An alert that came, was claimed and was resolved."""
        at = self.then.isoformat()
        more = {**CALL, "raised_at": at, "updated_at": at}
        alert = await add_alert(self.services, self.device, seq, **more)
        await self.services.alerts.claim(alert, self.ann)
        await self.services.alerts.resolve(alert, self.ann, "true_concern", note="She had fallen.")
        return alert

    async def reported(self) -> None:
        """Its hub says that the first one is over."""
        at = self.then.isoformat()
        more = {**CALL, "version": 2, "phase": "cleared", "raised_at": at, "updated_at": at}
        body = self.device.alert(2, id=f"{self.device.home}:uti_risk:1", **more)
        await self.services.ingest.store(self.device.batch([body]), self.device.home)

    async def keep(self) -> dict[str, int]:
        return await keep_house(self.services.database)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(datetime.now(UTC) - timedelta(days=AGES))


@pytest.fixture
async def past(services: Services, connection: asyncpg.Connection, clock: SettableClock) -> Past:
    now = clock.now + timedelta(days=AGES)
    device = await add_device(services)
    return Past(services, connection, clock, now, device, await add_user(services))


async def left(past: Past, alert: int) -> dict[str, int]:
    """How many rows there are about an alert, by table."""
    found = {
        name: await past.connection.fetchval(f"select count(*) from {name} where alert = $1", alert)  # noqa: S608 - names of this module
        for name in (*HANGS_ON, "silence")
    }
    there = "select count(*) from alert where id = $1"
    found["alert"] = await past.connection.fetchval(there, alert)
    return {name: rows for name, rows in found.items() if rows}


async def test_an_alert_that_has_had_its_time_goes_with_all_that_hangs_on_it(past: Past) -> None:
    old, by, then = await past.resolved(), past.ann.id, past.then
    await past.connection.execute(_TOLD, old, then)
    await past.connection.execute("delete from outbox")
    await past.connection.execute(_TRIED, old, by, then)
    await past.connection.execute(_LOOKED, old, by, then, then)
    await past.connection.execute(_TASK, old, then, then)
    await past.connection.execute(_SILENT, old, then, then)
    assert set(await left(past, old)) == {*HANGS_ON, "silence", "alert"}
    past.come_to(2900)
    young = await past.resolved(2)
    before = await left(past, young)
    assert (await past.keep())["alert"] == 1
    assert await left(past, old) == {}
    assert await left(past, young) == before
    said = "select detail from audit where action = 'data.let_go' and subject = 'alert'"
    assert await past.connection.fetchval(said) == "1", "and that it went is known"
    assert "alert" not in await past.keep()


Later = Callable[[Past, int], Awaitable[object]]


async def _noted(past: Past, alert: int) -> None:
    await past.services.alerts.note(alert, past.ann, "Her son rang again.")


async def _reported(past: Past, _: int) -> None:
    await past.reported()


async def _task(past: Past, alert: int) -> None:
    await past.connection.execute(_TASK, alert, LONG_AGO, None)


async def _look(past: Past, alert: int) -> None:
    await past.connection.execute(_LOOKED, alert, past.ann.id, LONG_AGO, None)


async def _silence(past: Past, alert: int) -> None:
    await past.connection.execute(_SILENT, alert, LONG_AGO, None)


async def _raised(past: Past, alert: int) -> None:
    """As its row would be had nobody resolved it."""
    await past.connection.execute(
        "update alert set state = 'raised', outcome = null, resolved_at = null, resolved_by = null"
        " where id = $1",
        alert,
    )


@pytest.mark.parametrize("later", [_noted, _reported, _task, _look, _silence, _raised])
async def test_an_alert_that_is_not_over_stays_however_old(past: Past, later: Later) -> None:
    alert = await past.resolved()
    past.come_to(300)
    await later(past, alert)
    before = await left(past, alert)
    assert "alert" not in await past.keep()
    assert await left(past, alert) == before


async def test_a_hub_that_speaks_of_an_alert_that_went_is_heard(past: Past) -> None:
    old = await past.resolved()
    assert (await past.keep())["alert"] == 1
    past.come_to(0)
    await past.reported()
    (shown,) = (await past.services.alerts.queue(CENTRE)).urgent
    assert shown.id != old


async def test_it_goes_in_portions_and_once_whoever_begins(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "PORTION", 2)
    for seq in range(1, 6):
        await past.resolved(seq)
    gone = await asyncio.gather(*(past.keep() for _ in range(4)))
    gone.append(await past.keep())  # they may have stood in each other's way
    assert sum(one.get("alert", 0) for one in gone) == 5
    said = await past.connection.fetch(
        "select detail from audit where action = 'data.let_go' and subject = 'alert'"
        " order by number"
    )
    assert [row["detail"] for row in said] == ["2", "2", "1"]


async def test_nobody_sets_a_time_that_would_take_what_still_runs(past: Past) -> None:
    await past.resolved()
    change = past.connection.execute
    with pytest.raises(asyncpg.CheckViolationError):
        await change("update retention set days = at_least - 1 where class = 'alert'")
    await change("update retention set days = null where class = 'alert'")
    assert "alert" not in await past.keep(), "for ever, where a centre says so"
    asked = {
        "update retention set at_least = 1": CENTRE,
        "select let_go_alert(now(), 1000)": CENTRE,
        "select drop_rows('alert', 'true')": CENTRE,
        "select let_go('alert', 1000)": within([1]),
    }
    for sql, reach in asked.items():
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with past.services.database.transaction(reach) as inside:
                await inside.execute(sql)


_COMMAND = """
insert into command (id, hub, number, kind, body, issued_at, issued_by, expires_at, state)
values ($1, $2, $3, 'test', $4::text::json, $5, $6, $7, $8)
"""


async def test_a_command_stays_while_its_hub_may_still_be_told_or_its_absence_is_kept(
    past: Past,
) -> None:
    connection, device, then, now = past.connection, past.device, past.then, past.now
    by = past.ann.id
    soon = (now + timedelta(days=1)).isoformat()
    for number, (name, body, ends, state) in enumerate([
        ("done", "{}", then, "done"),
        ("never told", "{}", then, "waiting"),
        ("still told", "{}", now + timedelta(days=1), "waiting"),
        ("goes on", f'{{"until": "{soon}"}}', then, "under_way"),
        ("has no end", "{}", then, "under_way"),
        ("of an absence", "{}", then, "done"),
        ("newest", "{}", then, "done"),
    ], 1):  # fmt: skip
        await connection.execute(_COMMAND, name, device.hub, number, body, then, by, ends, state)
    await connection.execute(
        "insert into walk_step select $1, c, $2, 's', 'motion', 'hall', 1, 1, 1"
        " from unnest('{done,newest,nobodys}'::text[]) as c", device.hub, then,
    )  # fmt: skip
    await connection.execute(
        "insert into spell (home, kind, wish, starts_at, until, set_at, set_by)"
        " values ($1, 'holiday', 'family', $2, $3, $2, $4)",
        device.home, then, now, by,
    )  # fmt: skip
    await connection.execute(
        "insert into spell_command select spell, 'of an absence', true from spell"
    )
    assert (await past.keep())["command"] == 2
    rows = await connection.fetch("select id from command order by number")
    kept = ["still told", "goes on", "has no end", "of an absence", "newest"]
    assert [row["id"] for row in rows] == kept
    steps = await connection.fetch("select command from walk_step")
    assert [row["command"] for row in steps] == ["newest"]
    assert await connection.fetchval("select count(*) from spell") == 1
    await connection.execute("update spell set ended_at = $1", then)
    gone = await past.keep()
    assert (gone["absence"], gone["command"]) == (1, 1)


async def test_what_a_hub_runs_with_and_the_newest_configuration_stay(
    past: Past,
) -> None:
    connection, device, then, now = past.connection, past.device, past.then, past.now
    last_year = now - timedelta(days=365)
    for version, made_at in enumerate([then, then, then, then, last_year, now], 1):
        await connection.execute(
            "insert into configuration values ($1, $2, '', '{}', $3)", device.home, version, made_at
        )
        await connection.execute(
            "insert into configuration_report values ($1, $2, '', $3, '', '{}', $4)",
            device.hub, version, "applied" if version <= 2 else "refused", made_at,
        )  # fmt: skip
    assert (await past.keep())["configuration"] == 2
    for table in ("configuration", "configuration_report"):
        rows = await connection.fetch(f"select version from {table} order by version")  # noqa: S608 - names of this test
        # 2 runs, 4 was in force until last year, 6 is the newest.
        assert [row["version"] for row in rows] == [2, 4, 5, 6], table


_OTHERS = {
    "task": """
insert into follow_up (home, due_on, what, added_at, outcome, ended_at)
values ($1, now()::date, '', $2, case when $3 then 'done' end, case when $3 then $2 end)
""",
    "absence": """
insert into spell (home, kind, wish, starts_at, until, set_at, set_by, ended_at)
select $1, 'pause', 'staff', $2, now(), $2, id, case when $3 then $2 end from staff
""",
    "call": """
insert into cohort_contact (cohort, home, at, by, outcome, note, why, until)
select (select min(cohort) from cohort), $1, $2, id, 'contacted', '', '{}',
    case when $3 then $2 else now() end
from staff
""",
    "programme": """
insert into reablement (home, starts, weeks, begun_by, begun_at, ended_at)
select $1, $2::date, 6, id, $2, case when $3 then $2 end from staff
""",
    "silence": """
insert into silence (hub, heard_at, found_at, over_at)
select hub, $2 + interval '1 hour' * $3::integer, $2, case when $3 then $2 end
from hub where home = $1
""",
}


@pytest.mark.parametrize("kind", list(_OTHERS))
async def test_of_each_other_class_what_is_over_goes_and_what_is_not_stays(
    past: Past, kind: str
) -> None:
    insert = _OTHERS[kind]
    table = insert.split()[2]
    for over in (True, False):
        sql = insert.replace("$2", "$2::timestamptz").replace("$3", "$3::boolean")
        await past.connection.execute(sql, past.device.home, past.then, over)
    assert (await past.keep())[kind] == 1
    assert await past.connection.fetchval(f"select count(*) from {table}") == 1  # noqa: S608 - names of this test
    assert kind not in await past.keep()


async def test_what_could_not_be_read_waits_for_its_time(past: Past) -> None:
    async def send(first: int) -> None:
        odd = {"seq": first, "kind": "odd", "body": {}}
        unfit = {"seq": first + 1, "kind": "event", "body": {}}
        await past.services.ingest.store(past.device.batch([odd, unfit]), past.device.home)

    await send(1)
    past.come_to(0)
    await send(3)
    assert (await past.keep())["aside"] == 2
    for table in ("other_record", "refused_record"):
        assert await past.connection.fetchval(f"select count(*) from {table}") == 1  # noqa: S608 - names of this test


async def test_the_page_says_of_every_table_how_long_it_is_kept(
    connection: asyncpg.Connection,
) -> None:
    rows = re.findall(r"^\| (`.+?) \|(.*)\|$", DOCS, re.MULTILINE)
    classes = [
        (first.strip("`"), *(part.strip() for part in rest.split("|")[:3]))
        for first, rest in rows
        if rest.count("|") > 1
    ]
    found = await connection.fetch("select class, days, at_least from retention")
    assert {(name, days, least) for name, _, days, least in classes} == {
        (row["class"], f"{row['days']}", f"{row['at_least']}") for row in found
    }
    told = [tables for _, tables, *_ in classes]
    told += [first for first, rest in rows if rest.count("|") <= 1]
    named = re.findall(r"`(\w+)`", " ".join(told))
    tables = await connection.fetch(
        "select relname from pg_class where relkind in ('r', 'p') and not relispartition"
        " and relnamespace in ('public'::regnamespace, 'series'::regnamespace)"
    )
    assert sorted(named) == sorted({row["relname"] for row in tables})
