"""What a centre has promised for each priority, and when an alert's time is up."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Annotated, Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from api.alerts.sql import SQL
from api.audit.note import ORGANISATION, note
from api.clock import Clock
from api.identity.people import Member
from api.identity.permissions import Permission
from api.refusals import Conflict, Invalid, NotFound
from api.store.database import Connection, Database
from api.store.reach import Reach, for_all

_SATURDAY = 5
_DAY = timedelta(days=1)

Seconds = Annotated[float, msgspec.Meta(gt=0, le=7 * 24 * 3600)]
Share = Annotated[float, msgspec.Meta(gt=0, le=1)]


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """One promise.

    Attributes:
        priority: Of the alerts it is about.
        level: Who is called once it is broken: 1 a supervisor, 2 who is on call above.
        kind: `seconds` counts `within_s`; `same_day` ends with the home's local day, and
            `next_working_day` with the next of Monday to Friday after it. Public holidays are
            not known here.
        within_s: Seconds, of kind `seconds` alone.
        share: Which part of the alerts is to be in time, above 0, at most 1.
        escalates: Whether an alert that nobody looked at in time is escalated by itself; of kind
            `seconds` alone.
    """

    priority: Literal["urgent", "advisory", "technical"]
    level: Literal[1, 2] = 1
    kind: Literal["seconds", "same_day", "next_working_day"]
    within_s: Seconds | None = None
    share: Share
    escalates: bool = False


class DutiesDetail(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation's duties.

    Attributes:
        own: False while they are those of everybody.
        version: Another one for other duties; whoever puts new ones says which they looked at.
    """

    organisation: int
    own: bool
    duties: list[Duty]
    version: str


class PutDuties(msgspec.Struct, frozen=True, kw_only=True):
    """All of an organisation's duties; none makes them those of everybody again.

    Attributes:
        version: Of the duties that were looked at; where somebody has put others since, these are
            not put. "" puts them whatever there is.
    """

    version: str = ""
    duties: Annotated[list[Duty], msgspec.Meta(max_length=6)]


class Promised(NamedTuple):
    """The duties that held from `since` until `until`, each None where no other came before."""

    since: datetime | None
    until: datetime | None
    duties: Sequence[Duty]


def due(duty: Duty, since: datetime, time_zone: str) -> datetime:
    """When an alert's time is up that came in at `since`.

    Args:
        duty: Which promise.
        since: When the centre received it, with its offset.
        time_zone: The home's, as an IANA name.
    """
    if duty.within_s is not None:
        return since + timedelta(seconds=duty.within_s)
    zone = ZoneInfo(time_zone)
    day = since.astimezone(zone).date()
    if duty.kind == "next_working_day":
        day += _DAY
        while day.weekday() >= _SATURDAY:
            day += _DAY
    return datetime.combine(day + _DAY, time(), zone)


class Duties:
    """The duties of each organisation.

    Args:
        database: Where they are.
        clock: Dates the audit log.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, reach: Reach, organisation: int) -> DutiesDetail:
        """An organisation's own, or those of everybody where it has none.

        Raises:
            NotFound: There is no such organisation within reach.
        """
        async with self._database.transaction(reach) as connection:
            if not await connection.fetchval(SQL.within_reach, organisation):
                raise NotFound(f"There is no organisation {organisation}.")
            return await _of(connection, organisation)

    async def through(
        self, reach: Reach, organisation: int, begins: datetime, ends: datetime
    ) -> list[Promised]:
        """What held from `begins` until `ends`, the earliest first.

        Raises:
            NotFound: There is no such organisation within reach.
        """
        newest = (await self.of(reach, organisation)).duties
        async with self._database.transaction(reach) as connection:
            rows = await connection.fetch(SQL.past_duties, organisation, begins)
        found, since = list[Promised](), None
        for row in rows:
            before = msgspec.json.decode(row["duties"], type=list[Duty])
            found.append(Promised(since, row["until"], before))
            since = row["until"]
        found.append(Promised(since, None, newest))
        return [one for one in found if one.since is None or one.since < ends]

    async def put(
        self, by: Member, organisation: int, duties: Sequence[Duty], *, version: str = ""
    ) -> DutiesDetail:
        """Gives an organisation duties of its own. Of two at once the second sees the first's.

        Raises:
            Forbidden: The role does not allow it.
            NotFound: They do not look after it.
            Invalid: Two are the same, one says what its kind cannot, or no urgent one escalates.
            Conflict: Somebody has put others since `version`.
        """
        by.demand(Permission.SET_DUTIES)
        _check(duties)
        if organisation not in by.organisations:
            raise NotFound(f"There is no organisation {organisation}.")
        # The tables of promises are written as the centre; whose they are was settled above.
        async with self._database.transaction(for_all()) as connection:
            await connection.execute(SQL.lock_organisation, organisation)
            before = await _of(connection, organisation)
            if version not in {"", before.version}:
                raise Conflict("Somebody has set other duties meanwhile. Look at them again.")
            await connection.execute(SQL.drop_duties, organisation)
            for one in duties:
                await connection.execute(
                    SQL.add_duty, organisation, one.priority, one.level, one.kind, one.within_s,
                    one.share, one.escalates,
                )  # fmt: skip
            after, now = await _of(connection, organisation), self._clock()
            if after.duties != before.duties:
                past = msgspec.json.encode(before.duties).decode()
                await connection.execute(SQL.keep_past, organisation, now, past)
            await note(
                connection, now, "duties.put", ORGANISATION, organisation,
                detail=after.version, actor=by.actor,
            )  # fmt: skip
            return after


async def _of(connection: Connection, organisation: int) -> DutiesDetail:
    found = await connection.fetch(SQL.duties, organisation)
    duties = [_duty(row) for row in found]
    return DutiesDetail(
        organisation=organisation,
        own=any(row["organisation"] is not None for row in found),
        duties=duties,
        version=sha256(msgspec.json.encode(duties)).hexdigest()[:16],
    )


def _duty(row: dict[str, object]) -> Duty:
    return msgspec.convert({name: row[name] for name in Duty.__struct_fields__}, Duty)


def _check(duties: Sequence[Duty]) -> None:
    if len({(one.priority, one.level) for one in duties}) < len(duties):
        raise Invalid("Each priority has at most one duty of each level.")
    for one in duties:
        if (one.kind == "seconds") != (one.within_s is not None):
            raise Invalid("within_s goes with the kind seconds, and with no other.")
        if one.escalates and one.kind != "seconds":
            raise Invalid("Only a duty of the kind seconds can escalate by itself.")
    if duties and not any(one.escalates and one.priority == "urgent" for one in duties):
        raise Invalid(
            "One of the urgent duties must escalate: else nobody is called where nobody looks."
        )
