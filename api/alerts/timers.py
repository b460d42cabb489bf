"""What becomes of alerts by the clock: claims run out, time comes, duties are broken.

Each turn is one transaction over rows that nobody else holds (`skip locked`), and each row's own
columns say whether its time has come. So any number of replicas may take turns at once, a restart
forgets nothing, and nothing is done twice.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any

from api.alerts.acting import Acting, Locked
from api.alerts.anew import brief, first_news
from api.alerts.lifecycle import Action
from api.alerts.orphans import ended
from api.alerts.own import report_own
from api.alerts.rows import place_of_alert
from api.alerts.sql import SQL
from api.alerts.standing import Deed
from api.audit.note import ALERT, note
from api.clock import Clock
from api.store.apart import Apart, Kind
from api.store.cover import Cover, kept_in
from api.store.database import Connection, Database
from api.store.reach import CENTRE
from contract import Alert, ContractError, decode

_Deeds = Callable[[Mapping[str, Any]], Deed]


class Timers:
    """The centre's own hand on alerts.

    Args:
        database: Where they are.
        clock: The centre's.
        acting: Makes the steps.
        apart: Makes each by itself.
        cover: Opens the reason of what is shelved.
    """

    def __init__(
        self, database: Database, clock: Clock, acting: Acting, apart: Apart, cover: Cover
    ) -> None:
        self._database = database
        self._clock = clock
        self._acting = acting
        self._apart = apart
        self._cover = cover

    async def look(self) -> None:
        """One turn of everything, each in a transaction of its own."""
        await self.lapse()
        await self.bring_back()
        await self.settle()
        await self.escalate()
        await self.end()

    async def lapse(self) -> int:
        """Puts alerts whose lease ran out back into the queue; how many there were."""
        return await self._turn(SQL.lapsed, _simply(Action.LAPSE), always=True)

    async def bring_back(self) -> int:
        """Gives suspended alerts back to their holders and raises shelved ones anew."""
        return await self._turn(SQL.returning, _simply(Action.RETURN))

    async def escalate(self) -> int:
        """Calls the next level for what nobody has looked at within its duty."""
        return await self._turn(SQL.unanswered, _overdue)

    async def end(self) -> int:
        """Ends what hubs that were let go had told of equipment; how much that was."""

        async def over(row: Mapping[str, Any]) -> None:
            told = decode(row["body"], Alert)
            told = ended(told, row["revoked_at"], row["revoked_why"], row["time_zone"])
            await report_own(connection, row["id"], told)

        async with self._database.transaction(CENTRE) as connection:
            found = await connection.fetch(SQL.orphaned)
            return len(
                await self._apart.each(connection, found, over, Kind.ALERT, itemgetter("id"))
            )

    async def settle(self, home: str | None = None) -> int:
        """Gives raised alerts to who has the home's others, and shelves those of a shelved kind."""
        async with self._database.transaction(CENTRE) as connection:
            return await self.arrived(connection, home)

    async def arrived(self, connection: Connection, home: str | None) -> int:
        """The same within a transaction that has just stored a home's alerts."""
        now = self._clock()
        shelved = 0
        if await connection.fetchval(SQL.whole):
            found = await connection.fetch(SQL.nuisances, now, home)
            shelved = len(await self._each(connection, found, self._shelved))
        if home is not None:
            await self._raise_anew(connection, home)
        joining = await connection.fetch(SQL.joining, now, home)
        return shelved + len(await self._each(connection, joining, _joined))

    async def left(self, connection: Connection, home: str) -> int:
        """Takes back what is open of a home that its last hub has left, within that transaction.

        An urgent alert stays: only a person can say that nobody is waiting for help there.
        """
        found = await connection.fetch(SQL.left_behind, home)
        return len(await self._each(connection, found, _left))

    async def _raise_anew(self, connection: Connection, home: str) -> None:
        """Puts back what was resolved, where its hub has just said something new of it."""

        async def listen(row: Any) -> None:
            known = _readable(row["known"])
            new = first_news(known, (decode(body, Alert) for body in row["said"]))
            if not new:
                await connection.execute(SQL.nothing_new, row["id"])
                return
            deed = Deed(action=Action.RETURN, by=None, note=brief(new))
            if await self._acting.by_clock(connection, Locked.of(row), deed) is not False:
                await connection.execute(SQL.again, row["id"])

        found = await connection.fetch(SQL.said_more, home)
        await self._apart.each(connection, found, listen, Kind.ALERT, itemgetter("id"))

    async def _turn(self, query: str, deeds: _Deeds, *, always: bool = False) -> int:
        now: datetime = self._clock()
        async with self._database.transaction(CENTRE) as connection:
            if not always and not await connection.fetchval(SQL.whole):
                return 0  # an older replica still runs, and would not know the state
            found = await connection.fetch(query, now)
            done = await self._each(connection, found, deeds)
            # Organisation by organisation, for that is how the audit log is locked.
            for row in sorted(done, key=itemgetter("organisation", "id")):
                await note(connection, now, f"alert.{deeds(row).action}", ALERT, row["id"])
            return len(done)

    async def _each(self, connection: Connection, found: list[Any], deeds: _Deeds) -> list[Any]:
        """Steps each by itself, so that one which cannot be made holds up nobody else's."""
        return await self._apart.each(
            connection,
            found,
            lambda row: self._acting.by_clock(connection, Locked.of(row), deeds(row)),
            Kind.ALERT,
            itemgetter("id"),
        )

    def _shelved(self, row: Mapping[str, Any]) -> Deed:
        why = kept_in(row["to_reason"], row["to_words"])
        return Deed(
            action=Action.SHELVE,
            by=None,
            to=row["to_by"],
            until=row["to_until"],
            note=self._cover.shown(why, place_of_alert(row["to_like"])),
        )


def _simply(action: Action) -> _Deeds:
    return lambda _: Deed(action=action, by=None)


def _readable(body: str | None) -> Alert | None:
    """A stored report; None where it cannot be read, so that whatever comes after it is news."""
    try:
        return decode(body, Alert) if body else None
    except ContractError:
        return None


def _left(_: Mapping[str, Any]) -> Deed:
    return Deed(action=Action.WITHDRAW, by=None, note="The home's last hub was let go.")


def _overdue(row: Mapping[str, Any]) -> Deed:
    within = f"Nobody looked at it within {row['within_s']:g} seconds."
    return Deed(action=Action.ESCALATE, by=None, note=within, level=row["to_level"])


def _joined(row: Mapping[str, Any]) -> Deed:
    return Deed(action=Action.ASSIGN, by=None, to=row["to_holder"], until=row["to_until"])
