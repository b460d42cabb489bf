"""What may befall two replicas and their database, and how soon all are served again."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from api.clock import utc_now
from tests.api.failover.actors import Actor
from tests.api.failover.world import World

_CUT = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
"""
_HELD = "select key::text from outbox where state = 'waiting' and lease_until is not null"
_BY_CLOCK = "select max(at) as at from alert_history where action in ('lapse', 'escalate')"
FULL_S = 5.0
KEEPALIVE_S = 30.0
"""After so long the server ends a link that is silent: `_SERVER` of :mod:`api.store.database`."""


@dataclass(frozen=True)
class Recovery:
    """Seconds from the moment when the blow was over until all of a kind were served again."""

    blow: str
    lasted: float
    hubs: float
    operators: float
    consoles: float
    timers: float
    notified: float


async def sessions_ended(one: World) -> None:
    """Every session of the database is ended, as by an administrator or a proxy."""
    await one.fetch(_CUT)


async def database_restarted(one: World) -> None:
    """An update of the database."""
    await asyncio.to_thread(one.database.restart)


async def database_killed(one: World) -> None:
    """The database's machine loses power for three seconds."""
    await asyncio.to_thread(one.database.kill)
    await asyncio.sleep(3)
    await asyncio.to_thread(one.database.start)


async def disk_full(one: World) -> None:
    """No room is left where the database writes; later there is."""
    assert one.disk is not None
    one.disk.fill()
    await asyncio.sleep(FULL_S)
    one.disk.free()
    await asyncio.to_thread(one.database.start)  # where it had ended for want of room


async def replica_killed(one: World) -> None:
    """A replica is killed, and its supervisor starts another two seconds later."""
    one.replicas[0].kill()
    one.excused |= {row["key"] for row in await one.fetch(_HELD)}
    await asyncio.sleep(2)
    await asyncio.to_thread(one.replicas[0].start)


async def links_gone_silent(one: World) -> None:
    """A switch forgets the links to the database: they stay open, and swallow what is sent.

    New ones are served. Of the old ones the server's keepalives tell it in time; the socket of this
    machine, which it has here, has none.
    """
    one.link.go_dead()
    asyncio.get_running_loop().call_later(KEEPALIVE_S, one.link.bury)


async def both_at_once(one: World) -> None:
    """Sessions are ended as a replica is killed: what the bounded share of the test suffers."""
    await sessions_ended(one)
    await replica_killed(one)


Blow = Callable[[World], Awaitable[None]]
BLOWS: tuple[Blow, ...] = (
    sessions_ended, database_restarted, database_killed, disk_full, replica_killed,
    links_gone_silent,
)  # fmt: skip


async def strike(one: World, blow: Blow) -> Recovery:
    """One blow, and how long each kind of work takes to be well again."""
    began = monotonic()
    await blow(one)
    over, wall = monotonic(), utc_now()

    async def served(actors: Sequence[Actor]) -> float:
        return await one.until(lambda: all(who.served > over for who in actors), blow.__name__)

    async def timers() -> float:
        while not ((await one.fetch(_BY_CLOCK))[0]["at"] or wall) > wall:
            assert monotonic() - over < 60, "nothing is done by the clock"
            await asyncio.sleep(0.1)
        return monotonic() - over

    hubs, operators, consoles, clock, notified = await asyncio.gather(
        served(one.hubs),
        served(one.operators),
        one.until(lambda: all(who.confirmed > over for who in one.consoles), "consoles"),
        timers(),
        one.until(lambda: one.told_at > wall, "somebody is notified"),
    )
    return Recovery(blow.__name__, over - began, hubs, operators, consoles, clock, notified)
