"""Whoever looked into a person's home must not be able to take that out of the record again."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from api.audit.chain import Entry, seal
from api.audit.verify import read_heads, verify, write_heads
from api.services import Services
from api.store.reach import within
from tests.api.support import Device, add_alert, add_device, add_user

Tamper = Callable[[asyncpg.Connection], Awaitable[object]]

_INSERT = "insert into audit values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"


async def _some(services: Services) -> Device:
    """Twelve entries or so, of which those of organisation 1 are about one home."""
    device = await add_device(services)
    alert = await add_alert(services, device)
    ann = await add_user(services)
    await services.alerts.claim(alert, ann)
    for _ in range(3):
        await services.homes.one(ann.reach, device.home)
    return device


async def as_owner(connection: asyncpg.Connection, tamper: Tamper) -> None:
    """As somebody who owns the tables: the trigger holds such a person up for one statement."""
    await connection.execute("alter table audit disable trigger append_only")
    await tamper(connection)
    await connection.execute("alter table audit enable trigger append_only")


async def entry_of(connection: asyncpg.Connection, number: int) -> Entry:
    row = await connection.fetchrow("select * from audit where chain = 1 and number = $1", number)
    assert row is not None
    return Entry(*(row[name] for name in Entry._fields))


async def test_what_was_written_is_found_whole(services: Services) -> None:
    await _some(services)
    verdict = await verify(services.database)
    assert verdict.faults == []
    assert {head.chain for head in verdict.heads} >= {1}
    assert all(head.entries for head in verdict.heads)


async def _change(connection: asyncpg.Connection) -> None:
    await connection.execute("update audit set actor = 'staff:99' where chain = 1 and number = 3")


async def _rewrite(connection: asyncpg.Connection) -> None:
    """Changes an entry and gives it the hash that goes with it."""
    entry = (await entry_of(connection, 3))._replace(actor="staff:99")
    await connection.execute(
        "update audit set actor = $1, hash = $2 where chain = 1 and number = 3",
        entry.actor,
        seal(entry),
    )


async def _remove(connection: asyncpg.Connection) -> None:
    await connection.execute("delete from audit where chain = 1 and number = 3")


async def _remove_last(connection: asyncpg.Connection) -> None:
    await connection.execute(
        "delete from audit where chain = 1 and number = "
        "(select entries from audit_chain where chain = 1)"
    )


async def _put_in(connection: asyncpg.Connection) -> None:
    """Moves what follows on by one, and puts an entry between that follows the one before it."""
    entry = await entry_of(connection, 3)
    await connection.execute("update audit set number = -number where chain = 1 and number >= 3")
    await connection.execute("update audit set number = 1 - number where chain = 1 and number < 0")
    false = entry._replace(actor="staff:99")
    await connection.execute(_INSERT, *false._replace(hash=seal(false)))
    await connection.execute("update audit_chain set entries = entries + 1 where chain = 1")


async def _put_behind(connection: asyncpg.Connection) -> None:
    last = int(await connection.fetchval("select entries from audit_chain where chain = 1") or 0)
    entry = await entry_of(connection, last)
    false = entry._replace(number=last + 1, previous=entry.hash)
    await connection.execute(_INSERT, *false._replace(hash=seal(false)))


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (_change, "chain 1, entry 3: changed"),
        (_rewrite, "chain 1, entry 4: does not follow"),
        (_remove, "chain 1, entry 3: missing"),
        (_remove_last, "chain 1, entry {last} to {last}: missing"),
        (_put_in, "chain 1, entry 4: does not follow"),
        (_put_behind, "chain 1, entry {next} to {next}: put in behind the end"),
    ],
)
async def test_an_entry_that_the_database_s_owner_tampered_with_is_named(
    services: Services, connection: asyncpg.Connection, tamper: Tamper, named: str
) -> None:
    await _some(services)
    last = int(await connection.fetchval("select entries from audit_chain where chain = 1") or 0)
    await as_owner(connection, tamper)
    faults = (await verify(services.database)).faults
    assert faults
    assert faults[0].startswith(named.format(last=last, next=last + 1))


async def test_a_chain_that_was_cut_short_with_its_head_is_shown_by_an_earlier_look(
    services: Services, connection: asyncpg.Connection
) -> None:
    await _some(services)
    known = read_heads(write_heads((await verify(services.database)).heads))
    assert (await verify(services.database, known)).faults == []
    await as_owner(connection, _remove_last)
    await connection.execute(
        "update audit_chain set entries = entries - 1, hash = "
        "(select hash from audit where chain = 1 order by number desc limit 1) where chain = 1"
    )
    assert (await verify(services.database)).faults == []
    (fault,) = (await verify(services.database, known)).faults
    assert fault.startswith(f"chain 1, entry {known[1].entries}: not the one that was there")


@pytest.mark.parametrize("change", ["update audit set actor = ''", "delete from audit"])
async def test_the_centre_itself_can_change_no_entry(
    services: Services, connection: asyncpg.Connection, change: str
) -> None:
    await _some(services)
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await connection.execute(change)
    for role in ("telecare_centre", "telecare_organisation"):
        async with connection.transaction():
            await connection.execute(f"set local role {role}")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with connection.transaction():
                    await connection.execute(change)
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with connection.transaction():
                    await connection.execute("insert into audit select * from audit")


async def test_every_look_and_deed_says_who_in_which_session_and_of_which_organisation(
    services: Services, connection: asyncpg.Connection
) -> None:
    device = await _some(services)
    ann = (await services.staff.sign_in("ann", "correct horse battery staple", "192.0.2.1")).session
    await services.homes.days(ann.user.reach, device.home)
    rows = await connection.fetch("select * from audit order by at, chain, number")
    said = [(row["chain"], row["actor"], row["action"], row["subject"]) for row in rows]
    me = f"staff:{ann.user.id}"
    assert (1, me, "home.read", device.home) in said
    assert (1, f"hub:{device.hub}", "hub.claim", device.hub) in said
    assert any(one[:3] == (1, me, "alert.claim") for one in said)
    (days,) = [row for row in rows if row["action"] == "home.days"]
    assert days["session"] == f"{ann.user.session}" != ""
    text = " ".join(map(str, rows))
    for personal in ("ann", "Ann B", "192.0.2.1"):
        assert personal not in text.replace("organisation", "")


async def test_what_is_not_stored_is_not_noted_and_the_other_way_round(
    services: Services, connection: asyncpg.Connection
) -> None:
    device = await _some(services)
    before = await connection.fetchval("select count(*) from audit")
    with pytest.raises(Exception, match="no home"):
        await services.homes.one(within([2]), device.home)
    assert await connection.fetchval("select count(*) from audit") == before


async def test_many_at_once_make_one_chain_without_gap(services: Services) -> None:
    device = await add_device(services)
    ann = await add_user(services)
    await asyncio.gather(*(services.homes.one(ann.reach, device.home) for _ in range(40)))
    verdict = await verify(services.database)
    assert verdict.faults == []
    assert max(head.entries for head in verdict.heads) >= 40
