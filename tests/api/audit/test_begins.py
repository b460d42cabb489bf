"""The audit log loses its oldest part to its age, and to nobody else without that being named."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import asyncpg
import httpx
import pytest

from api.audit import verify as verifying
from api.audit.chain import Head, seal
from api.audit.verify import read_heads, verify, write_heads
from api.identity.people import Member
from api.services import Services
from api.store import house
from api.store.house import keep_house
from api.store.reach import CENTRE
from tests.api.audit.test_chain import as_owner, entry_of
from tests.api.support import PASSWORD, Device, SettableClock, add_device, add_user

AGES = 3653
"""Days; beyond the time of every class."""
YEARS = 1000
"""Days; beyond the time of the audit log where a centre has it as short as it may."""


@dataclass
class Log:
    """A log with a chain of which a part is ten years old, one of three years, one of today.

    Attributes:
        old: Entries of chain 1 that have had their time.
        middle: The same where the time is short.
        heads: What a look said when the oldest were all there was.
    """

    services: Services
    connection: asyncpg.Connection
    device: Device
    ann: Member
    old: int = 0
    middle: int = 0
    heads: dict[int, Head] = field(default_factory=dict)

    async def look(self, times: int) -> None:
        """Each is an entry."""
        for _ in range(times):
            await self.services.homes.one(self.ann.reach, self.device.home)

    async def keep(self) -> int:
        return (await keep_house(self.services.database)).get("audit", 0)

    async def faults(self, known: dict[int, Head] | None = None) -> list[str]:
        return (await verify(self.services.database, known)).faults


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(datetime.now(UTC) - timedelta(days=AGES))


@pytest.fixture
async def log(services: Services, connection: asyncpg.Connection, clock: SettableClock) -> Log:
    made = Log(services, connection, await add_device(services), await add_user(services))
    await made.look(6)
    made.heads = read_heads(write_heads((await verify(services.database)).heads))
    made.old = made.heads[1].entries
    clock.move(days=AGES - YEARS)
    await made.look(3)
    made.middle = made.old + 3
    clock.move(days=YEARS)
    await made.look(4)
    return made


async def test_what_has_had_its_time_goes_and_the_rest_is_found_whole(
    log: Log, clock: SettableClock
) -> None:
    before = read_heads(write_heads((await verify(log.services.database)).heads))
    assert await log.keep() >= log.old
    verdict = await verify(log.services.database)
    assert verdict.faults == []
    (begin,) = [one for one in verdict.begins if one.chain == 1]
    assert (begin.number, begin.at) == (log.old + 1, clock.now - timedelta(days=YEARS))
    assert verdict.entries == await log.connection.fetchval("select count(*) from audit")
    assert await log.faults(before) == []
    assert await log.faults(log.heads) == [], "also by the head that it begins after"
    await log.look(3)
    assert await log.faults() == []
    assert await log.keep() == 0


async def test_what_goes_later_goes_from_where_it_began(log: Log) -> None:
    await log.keep()
    await log.connection.execute("update retention set days = 366 where class = 'audit'")
    assert await log.keep() == log.middle - log.old
    verdict = await verify(log.services.database)
    assert verdict.faults == []
    assert {one.chain: one.number for one in verdict.begins}[1] == log.middle + 1


async def test_portions_and_many_replicas_leave_one_whole_chain(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "PORTION", 3)
    monkeypatch.setattr(verifying, "AT_ONCE", 1)
    looks = asyncio.gather(*(log.faults() for _ in range(4)))
    await asyncio.gather(*(keep_house(log.services.database) for _ in range(3)), log.look(5))
    assert await looks == [[]] * 4, "also to whoever looks meanwhile"
    await keep_house(log.services.database)
    verdict = await verify(log.services.database)
    assert verdict.faults == []
    assert {one.chain: one.number for one in verdict.begins}[1] == log.old + 1


Tamper = Callable[[Log], Awaitable[object]]


async def _change(log: Log) -> None:
    await log.connection.execute(
        "update audit set actor = 'staff:99' where chain = 1 and number = $1", log.old + 2
    )


async def _cut_off(log: Log) -> None:
    """More than had its time, with the beginning moved behind it."""
    gone = await entry_of(log.connection, log.old + 1)
    await log.connection.execute("delete from audit where chain = 1 and number = $1", gone.number)
    await log.connection.execute(
        "update audit_chain set begins = $1, anchor = $2 where chain = 1", gone.number, gone.hash
    )


async def _rewrite_first(log: Log) -> None:
    first = (await entry_of(log.connection, log.old + 1))._replace(previous=b"x" * 32)
    await log.connection.execute(
        "update audit set previous = $1, hash = $2 where chain = 1 and number = $3",
        first.previous, seal(first), first.number,
    )  # fmt: skip


async def _move_back(log: Log) -> None:
    await log.connection.execute("update audit_chain set begins = 0, anchor = '' where chain = 1")


async def _put_before(log: Log) -> None:
    first = await entry_of(log.connection, log.old + 1)
    await log.connection.execute(
        "insert into audit values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        *first._replace(number=2),
    )


async def _remove_first(log: Log) -> None:
    await log.connection.execute("delete from audit where chain = 1 and number = $1", log.old + 1)


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (_change, "entry {second}: changed after it was written"),
        (_cut_off, "entry 1 to {first}: missing, and no entry says"),
        (_rewrite_first, "entry {first}: does not follow"),
        (_move_back, "entry 1 to {old}: missing"),
        (_put_before, "entry 2: put in before where the chain begins"),
        (_remove_first, "entry {first}: missing"),
    ],
)
async def test_whoever_tampers_with_what_is_left_is_named(
    log: Log, tamper: Tamper, named: str
) -> None:
    await log.keep()
    assert await log.faults() == []
    await as_owner(log.connection, lambda _: tamper(log))
    faults = await log.faults()
    assert faults
    said = named.format(old=log.old, first=log.old + 1, second=log.old + 2)
    assert any(fault.startswith(f"chain 1, {said}") for fault in faults), faults


async def test_an_old_entry_that_somebody_removed_keeps_the_others_as_witnesses(log: Log) -> None:
    remove = "delete from audit where chain = 1 and number = 3"
    await as_owner(log.connection, lambda connection: connection.execute(remove))
    await log.keep()
    assert await log.connection.fetchval("select begins from audit_chain where chain = 1") == 0
    assert (await log.faults())[0] == "chain 1, entry 3: missing"


async def test_a_head_from_before_it_begins_is_for_somebody_to_judge(log: Log) -> None:
    third = await entry_of(log.connection, 3)
    await log.keep()
    (fault,) = await log.faults({1: Head(1, 3, third.hash)})
    assert fault.startswith("chain 1, entry 3: let go since an earlier look")


async def test_who_has_got_into_the_centre_has_nothing_of_this_year_let_go(log: Log) -> None:
    await log.connection.execute("update retention set days = 366 where class = 'audit'")
    await log.keep()
    there = await log.connection.fetchval("select count(*) from audit where chain = 1")
    for asked, error in (
        ("update retention set days = 1 where class = 'audit'", asyncpg.CheckViolationError),
        ("update audit_chain set begins = 99", asyncpg.InsufficientPrivilegeError),
        ("select let_go_audit(now(), 1000)", asyncpg.InsufficientPrivilegeError),
        ("set telecare.letting_go = 'on'; delete from audit", asyncpg.InsufficientPrivilegeError),
    ):
        with pytest.raises(error):
            async with log.services.database.transaction(CENTRE) as inside:
                await inside.execute(asked)
    async with log.services.database.transaction(CENTRE) as inside:
        assert await inside.fetchval("select let_go('audit', 1000)") == 0
    assert await log.connection.fetchval("select count(*) from audit where chain = 1") == there


@pytest.mark.network
async def test_the_page_says_from_when_on_it_is_kept(
    log: Log, client: httpx.AsyncClient, clock: SettableClock
) -> None:
    await log.keep()
    await add_user(log.services, "boss", role="administrator")
    await client.post("/sign-in", data={"username": "boss", "password": PASSWORD, "next": "/"})
    csrf = (await client.get("/v1/session")).json()["csrf"]
    since = clock.now - timedelta(days=YEARS)
    page = await client.post("/audit/verify", data={"csrf_token": csrf, "organisation": "1"})
    assert f"kept from entry {log.old + 1} of {since:%Y-%m-%d} on" in page.text
    assert "entries are as they were written" in page.text
